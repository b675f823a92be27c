import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { faultsOf } from '../support/axe.ts'
import type { Name } from '../support/people.ts'
import { SIZES, type Consoles, withConsoles } from '../support/console.ts'
import { askAndRoute } from '../support/story.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

describe('every page of the console can be used by everybody', function () {
  let w: World
  let consoles: Consoles
  let [bookingId, approvalId, roomId] = ['', '', '']
  const pages: readonly [who: Name, name: string, path?: () => string][] = [
    ['manager', '/'],
    ['manager', '/bookings'],
    ['manager', '/bookings/new'],
    ['manager', '/bookings/:id', () => `/bookings/${bookingId}`],
    ['manager', '/approvals?status=all'],
    ['manager', '/approvals/:id', () => `/approvals/${approvalId}`],
    ['manager', '/chat'],
    ['manager', '/chat/:id', () => `/chat/${roomId}`],
    ['admin', '/'],
    ['admin', '/bookings/grid?day=2031-03-12'],
    ['admin', '/bookings/grid?day=2031-03-12&view=week'],
    ['admin', '/desk'],
    ['admin', '/tickets'],
    ['admin', '/people'],
    ['admin', '/organisation'],
    ['admin', '/organisation?view=resources'],
    ['admin', '/organisation?view=hours'],
    ['admin', '/organisation?view=policies'],
    ['admin', '/organisation?view=faqs'],
    ['admin', '/organisation?view=issuers'],
    ['admin', '/programs'],
    ['admin', '/programs?view=webhooks'],
    ['admin', '/audit'],
    ['admin', '/operations'],
  ]
  withConsoles((opened) => ({ w, consoles } = opened))
  before(async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const { booking, approval } = await askAndRoute(w)
    const { body: room } = await manager.post('/chat/conversations/with-user', { userId: employee.user.id })
    await manager.post(`/chat/rooms/${room.id}/messages`, { content: 'Chào chị' })
    ;[bookingId, approvalId, roomId] = [booking.id, approval.id, room.id]
  })

  const what = 'with any reader of screens, in any contrast, without being wider than the screen'
  it(`${what}: signing in`, async () => {
    const page = await consoles.open('nobody')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await mustSuitEverybody(page)
    await page.close()
  })

  for (const [who, name, path = () => name] of pages)
    it(`${what}: ${name} of the ${who}`, async () => {
      const page = await consoles.open(who, path())
      await page.locator('main :is(h1, h2):visible').first().waitFor()
      await page.locator('.skeleton').first().waitFor({ state: 'detached' })
      await mustSuitEverybody(page)
      await page.close()
      expect(consoles.troubles).to.deep.equal([])
    })

  it('with the keyboard alone, and is told where one is', async () => {
    const page = await consoles.open('manager')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).to.equal('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await page.locator(':focus').getAttribute('id')).to.equal('content')
    await page.getByRole('link', { name: 'Approvals' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Approvals' }).waitFor()
    expect(await page.title()).to.equal('Approvals · Bellhop')
    expect(consoles.troubles).to.deep.equal([])
    await page.close()
  })

  it(`${what}: where there is no page`, async () => {
    const page = await consoles.open('manager', '/nowhere-to-go')
    await page.locator('main :is(h1, h2):visible').first().waitFor()
    await mustSuitEverybody(page)
    await page.close()
  })
})

/** Light and dark, wide and as on a phone: what is drawn follows both while it is open, and no colour is looked at on its way. */
async function mustSuitEverybody(page: Page): Promise<void> {
  for (const size of ['wide', 'phone'] as const)
    for (const theme of ['light', 'dark'] as const) {
      const look = `${theme}, ${size}`
      await page.setViewportSize(SIZES[size])
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      expect(await faultsOf(page, theme === 'light' ? 'everything' : 'colours'), look).to.deep.equal([])
      await until(`${look}: no wider than the screen`, () =>
        page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'),
      )
    }
}
