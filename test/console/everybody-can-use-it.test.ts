import { expect } from 'chai'
import { faultsOf } from '../support/axe.ts'
import { type Consoles, withConsoles } from '../support/console.ts'
import { askAndRoute } from '../support/story.ts'
import type { World } from '../support/world.ts'

describe('every page of the console can be used by everybody', function () {
  let w: World
  let consoles: Consoles
  let paths: readonly string[]
  const ofTheHouse = [
    '/',
    '/bookings/grid?day=2031-03-12',
    '/bookings/grid?day=2031-03-12&view=week',
    '/desk',
    '/tickets',
    '/people',
    '/organisation',
    '/organisation?view=resources',
    '/organisation?view=hours',
    '/organisation?view=policies',
    '/organisation?view=faqs',
    '/organisation?view=issuers',
    '/programs',
    '/programs?view=webhooks',
    '/audit',
    '/operations',
  ]
  withConsoles((opened) => ({ w, consoles } = opened))
  before(async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const { booking, approval } = await askAndRoute(w)
    const { body: room } = await manager.post('/chat/conversations/with-user', { userId: employee.user.id })
    await manager.post(`/chat/rooms/${room.id}/messages`, { content: 'Chào chị' })
    paths = [
      '/',
      '/bookings',
      '/bookings/new',
      `/bookings/${booking.id}`,
      '/approvals?status=all',
      `/approvals/${approval.id}`,
      '/chat',
      `/chat/${room.id}`,
      '/nowhere-to-go',
    ]
  })

  for (const theme of ['light', 'dark'] as const)
    for (const size of ['wide', 'phone'] as const) {
      it(`${theme}, ${size}: with any reader of screens, in any contrast`, async () => {
        const page = await consoles.open('nobody', '/', { theme, size })
        await page.getByRole('heading', { name: 'Sign in' }).waitFor()
        expect(await faultsOf(page)).to.deep.equal([])
        await page.close()
        const signedIn = await consoles.open('manager', '/', { theme, size })
        for (const path of paths) {
          if (path !== '/nowhere-to-go') await signedIn.goto(w.url + path, { waitUntil: 'domcontentloaded' })
          await signedIn.locator('main :is(h1, h2):visible').first().waitFor()
          await signedIn.locator('.skeleton').first().waitFor({ state: 'detached' })
          expect(await faultsOf(signedIn), path).to.deep.equal([])
        }
        await signedIn.close()
      })
    }

  for (const theme of ['light', 'dark'] as const)
    for (const size of ['wide', 'phone'] as const)
      it(`${theme}, ${size}: the pages of the house as well, none of them wider than the screen`, async () => {
        const page = await consoles.open('admin', '/', { theme, size })
        for (const path of ofTheHouse) {
          await page.goto(w.url + path, { waitUntil: 'domcontentloaded' })
          await page.locator('main h1:visible').first().waitFor()
          await page.locator('.skeleton').first().waitFor({ state: 'detached' })
          expect(await faultsOf(page), path).to.deep.equal([])
          const beyond: number = await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          )
          expect(beyond, path).to.be.at.most(0)
        }
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
})
