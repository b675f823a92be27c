import axe from 'axe-core'
import { expect } from 'chai'
import { freePort } from '../../bin/embedded/ports.ts'
import { needChromium } from '../support/browser.ts'
import { openConsoles, type Consoles } from '../support/console.ts'
import { anOpenidProvider, CLIENT, type OpenidProvider } from '../support/openid-provider.ts'
import { aWorld, type World } from '../support/world.ts'

describe('in the console', function () {
  let w: World
  let consoles: Consoles
  let provider: OpenidProvider
  before(function () {
    needChromium(this)
  })
  before(async () => {
    const port = await freePort()
    const PUBLIC_URL = `http://127.0.0.1:${port}`
    w = await aWorld({ env: { OUTGOING_ALLOWED: '127.0.0.1', PORT: String(port), PUBLIC_URL } })
    consoles = await openConsoles(w)
    provider = await anOpenidProvider(w)
  })
  after(async () => {
    await consoles?.close()
    await provider?.stop()
    await w?.end()
  })

  it('an administrator trusts an issuer, and its people sign in by its button, until it is trusted no more', async () => {
    const admin = await consoles.open('admin', '/organisation?view=issuers')
    await admin.getByRole('button', { name: 'Trust an issuer' }).click()
    const form = admin.getByRole('dialog')
    await form.getByLabel('Name').fill('Công ty mẹ')
    await form.getByLabel('Address of the issuer').fill(provider.iss)
    await form.getByLabel('Address of its keys').fill(`${provider.iss}/jwks`)
    await form.getByLabel('Client id').fill(CLIENT.clientId)
    await form.getByLabel('Client secret').fill(CLIENT.clientSecret)
    await form.getByLabel('Who is let in').selectOption('create')
    await admin.evaluate(axe.source)
    expect((await admin.evaluate(() => (globalThis as any).axe.run())).violations).to.deep.equal([])
    await form.getByRole('button', { name: 'Trust an issuer' }).click()
    const callback = await admin.getByRole('dialog').locator('code').textContent()
    await provider.start(callback ?? '')

    const person = await consoles.open('nobody', '/bookings')
    await person.route('**fonts.googleapis.com**', (route) => route.abort())
    await person.getByRole('link', { name: 'Sign in with Công ty mẹ' }).click()
    await person.getByPlaceholder('Enter any login').fill('hoa')
    await person.getByPlaceholder('and password').fill('any')
    await person.getByRole('button', { name: 'Sign-in' }).click()
    provider.keepTime()
    await person.getByRole('button', { name: 'Continue' }).click()
    await person.getByRole('heading', { name: 'Bookings' }).waitFor()
    expect(new URL(person.url()).pathname + new URL(person.url()).hash).to.equal('/bookings')
    expect((await w.runtime.db('users').where({ externalId: 'hoa' }).first('fullName')).fullName).to.equal(
      'Người hoa',
    )

    await admin.getByRole('button', { name: 'Trust it no more' }).click()
    await admin.getByText('No other system is trusted').waitFor()
    await person.reload({ waitUntil: 'domcontentloaded' })
    await person.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await person.getByRole('link', { name: 'Công ty mẹ' }).count()).to.equal(0)
  })
})
