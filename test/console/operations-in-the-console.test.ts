import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { sealAll } from '../../workers/audit-sealer.ts'
import { faultsOf } from '../support/axe.ts'
import { type Consoles, withConsoles } from '../support/console.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

describe('operations in the console', () => {
  let w: World
  let consoles: Consoles
  withConsoles((opened) => ({ w, consoles } = opened))

  async function failedJob(): Promise<string> {
    const { user } = await w.as('admin')
    const id = randomUUID()
    // Due for some seconds, as the world's clock has it: no queue is behind for long.
    const dueAt = new Date(w.clock.now().getTime() - 10_000)
    const failedAt = w.clock.now()
    const about = { name: 'support.watch', payload: { ticketId: randomUUID() }, requestId: 'test' }
    const why = 'The disk of the storage is full'
    await w.owner('jobs').insert({
      id,
      orgId: user.orgId,
      ...about,
      dueAt,
      shippedAt: new Date(0),
      failedAt,
      failedReason: why,
      failureJudgedAt: failedAt,
    })
    return id
  }
  const isDone = async (id: string): Promise<boolean> => !(await w.owner('jobs').where({ id }).first('id'))

  for (const size of ['wide', 'phone'] as const) {
    it(`what failed is seen with its reason, tried again and done, ${size}`, async () => {
      const [one, ...others] = [await failedJob(), await failedJob(), await failedJob()]
      const page = await consoles.open('admin', '/operations', { size })
      const failures = page.getByRole('list', { name: 'What failed' })
      await failures.getByText('The disk of the storage is full').first().waitFor()
      expect(await failures.getByRole('listitem').count()).to.equal(3)
      await page.getByRole('heading', { name: 'Requests a second' }).waitFor()
      await page.locator('.chart canvas').first().waitFor()
      expect(await faultsOf(page)).to.deep.equal([])
      const { scrollWidth, clientWidth }: { scrollWidth: number; clientWidth: number } = await page.evaluate(
        '({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })',
      )
      expect(scrollWidth).to.be.at.most(clientWidth)
      await failures.getByRole('button', { name: 'Try again: support.watch' }).last().click()
      await page.getByText('It is tried again within seconds.').waitFor()
      await page.getByRole('button', { name: 'Try all 2 again' }).click()
      await page.getByText('Nothing failed').waitFor()
      for (const id of [one, ...others]) await until('it is done', () => isDone(id ?? ''), 120_000)
      await page.close()
      expect(consoles.troubles).to.deep.equal([])
    })
  }

  it('says where there is no page: for nobody, below a thing, and for somebody of another role', async () => {
    const page = await consoles.open('employee', '/nonsense')
    for (const path of ['/nonsense', '/bookings/one/two', '/operations']) {
      await page.goto(w.url + path, { waitUntil: 'domcontentloaded' })
      await page.locator('.page-head').getByText('There is no such page').waitFor()
    }
    await page.close()
    // A browser itself notes that nothing was there.
    expect(consoles.troubles.splice(0).filter((trouble) => !trouble.includes('404'))).to.deep.equal([])
  })

  it('the audit is verified by a button, which says what was found', async () => {
    await sealAll(w.runtime)
    const page = await consoles.open('admin', '/audit')
    await page.getByRole('button', { name: 'Verify the chain' }).click()
    const said = page.locator('bellhop-audit-verify [role="status"] p').first()
    await said.waitFor()
    expect(await said.innerText()).to.match(/^All \d+ rows are as they were sealed\./)
    await page.close()
    expect(consoles.troubles).to.deep.equal([])
  })

  it('what others do comes by itself: a key among the keys, a word of it at the audit', async () => {
    const [keys, audit] = [await consoles.open('admin', '/programs'), await consoles.open('admin', '/audit')]
    await keys.getByRole('button', { name: 'Make a key' }).waitFor()
    await audit.locator('ul.lines li').first().waitFor()
    await (await w.as('admin')).post('/api-keys', { name: 'Cổng thanh toán', scopes: ['bookings:read'] })
    await sealAll(w.runtime)
    await keys.locator('main li', { hasText: 'Cổng thanh toán' }).waitFor()
    await audit.getByRole('button', { name: /more since then/ }).click()
    await audit.getByText('made an API key').first().waitFor()
    await audit.getByRole('button', { name: /more since then/ }).waitFor({ state: 'detached' })
    await Promise.all([keys.close(), audit.close()])
    expect(consoles.troubles).to.deep.equal([])
  })
})
