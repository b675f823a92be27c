import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { type Consoles, withConsoles } from '../support/console.ts'
import type { World } from '../support/world.ts'

const AWAY = {
  status: 503,
  contentType: 'application/problem+json',
  body: '{"status":503,"code":"unavailable","detail":"Away"}',
}

describe('what cannot be read, in the console', () => {
  let w: World
  let consoles: Consoles
  withConsoles((opened) => ({ w, consoles } = opened))
  // A browser itself notes each answer that is a refusal.
  afterEach(() => consoles.troubles.splice(0))

  /** @returns what lets it through again */
  async function hold(page: Page, isHeld: (url: URL) => boolean): Promise<() => Promise<void>> {
    const all = (url: URL): boolean => url.pathname.startsWith('/api/v1/') && isHeld(url)
    await page.route(all, (route) => route.fulfill(AWAY))
    return () => page.unroute(all)
  }
  const lanes = (page: Page, name: string) => page.locator('.lane h3', { hasText: name })

  it('vehicles of the plan: those that were read stand there, it is said that others are missing, and they come', async () => {
    const admin = await w.as('admin')
    for (let count = 10; count < 70; count++)
      await admin.post('/resources', { kind: 'VEHICLE', name: `A${count}` })
    const page = await consoles.open('staff', '/chat')
    await page.locator('main h1').first().waitFor()
    const release = await hold(
      page,
      ({ pathname, searchParams }) =>
        (pathname.endsWith('/resources') && Number(searchParams.get('limit')) > 51) ||
        Number(searchParams.get('offset')) > 0,
    )
    await page.goto(`${w.url}/bookings/grid`, { waitUntil: 'domcontentloaded' })
    await page.getByRole('alert').getByText('Not all vehicles are shown.').waitFor()
    await lanes(page, 'A10').waitFor()
    expect(await lanes(page, 'A69').count()).to.equal(0)
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await release()
    await lanes(page, 'A69').waitFor()
    await page.getByText('Not all vehicles are shown.').waitFor({ state: 'detached' })
    await page.close()
  })

  it('drivers of the plan: none were read, which is not that there are none', async () => {
    const page = await consoles.open('staff', '/chat')
    await page.locator('main h1').first().waitFor()
    const release = await hold(page, ({ pathname }) => pathname.endsWith('/people'))
    await page.goto(`${w.url}/bookings/grid`, { waitUntil: 'domcontentloaded' })
    await page.getByRole('alert').getByText('Not all drivers are shown.').waitFor()
    await release()
    await page.getByText('Not all drivers are shown.').waitFor({ state: 'detached' })
    await page.close()
  })

  it('a list that was never read is not an empty one', async () => {
    const page = await consoles.open('staff', '/chat')
    await page.locator('main h1').first().waitFor()
    const release = await hold(page, ({ pathname }) => pathname.endsWith('/supports'))
    await page.goto(`${w.url}/tickets`, { waitUntil: 'domcontentloaded' })
    await page.getByRole('main').getByRole('alert').waitFor()
    expect(await page.getByText('No tickets here').count()).to.equal(0)
    await release()
    await page.getByRole('main').getByRole('alert').waitFor({ state: 'detached' })
    await page.close()
  })

  it('colleagues who could not be looked for are not nobody', async () => {
    const page = await consoles.open('employee', '/')
    await page.locator('main h1').first().waitFor()
    await hold(page, ({ pathname }) => pathname.endsWith('/people'))
    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox')
    await field.fill('Trần')
    await page.getByRole('dialog').getByRole('status').getByText('Away').waitFor()
    await page.close()
  })

  it('other ways to sign in that could not be read are, once they can be', async () => {
    const page = await consoles.open('nobody', '/livez')
    const release = await hold(page, ({ pathname }) => pathname.endsWith('/auth/oidc'))
    await page.goto(w.url, { waitUntil: 'domcontentloaded' })
    const note = page.getByText('Whether there are other ways to sign in could not be read.')
    await note.waitFor()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await release()
    await note.waitFor({ state: 'detached' })
    await page.close()
  })

  it('the staff sees what becomes of vehicles as it happens', async () => {
    const admin = await w.as('admin')
    const page = await consoles.open('staff', '/organisation?view=resources')
    const line = page.locator('main li', { hasText: 'A00 Kia' })
    await page.getByRole('button', { name: 'Add a vehicle or place' }).waitFor()
    await page.locator('main li').first().waitFor()
    const { body: car } = await admin.post('/resources', { kind: 'STATION', name: 'A00 Kia' })
    await line.waitFor()
    await admin.patch(`/resources/${car.id}`, { status: 'MAINTENANCE' })
    await line.getByText('In the workshop').waitFor()
    await page.close()
  })
})
