import { expect } from 'chai'
import { faultsOf } from '../support/axe.ts'
import { needChromium } from '../support/browser.ts'
import { openConsoles, type Consoles } from '../support/console.ts'
import { askAndRoute } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

describe('every page of the console can be used by everybody', function () {
  let w: World
  let consoles: Consoles
  let paths: readonly string[]
  before(function () {
    needChromium(this)
  })
  before(async () => {
    w = await aWorld()
    consoles = await openConsoles(w)
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
  after(async () => {
    await consoles?.close()
    await w?.end()
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
