import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { freePort } from '../../bin/embedded/ports.ts'
import { faultsOf } from '../support/axe.ts'
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
    consoles = openConsoles(w)
    provider = await anOpenidProvider(w)
  })
  after(async () => {
    await consoles?.close()
    await provider?.stop()
    await w?.end()
  })

  async function signInWith(person: Page, issuer: string): Promise<void> {
    await person.getByRole('link', { name: `Sign in with ${issuer}` }).click()
    await person.getByPlaceholder('Enter any login').fill('hoa')
    await person.getByPlaceholder('and password').fill('any')
    await person.getByRole('button', { name: 'Sign-in' }).click()
    provider.keepTime()
    await person.getByRole('button', { name: 'Continue' }).click()
  }

  it('an administrator trusts and changes an issuer; its people come and go by it, until it is trusted no more', async () => {
    const admin = await consoles.open('admin', '/organisation?view=issuers')
    await admin.getByRole('button', { name: 'Trust an issuer' }).click()
    const form = admin.getByRole('dialog')
    await form.getByLabel('Name').fill('Công ty mẹ')
    await form.getByLabel('Address of the issuer').fill(provider.iss)
    await form.getByLabel('Address of its keys').fill(`${provider.iss}/jwks`)
    await form.getByLabel('Client id').fill(CLIENT.clientId)
    await form.getByLabel('Client secret').fill(CLIENT.clientSecret)
    await form.getByLabel('Who is let in').selectOption('create')
    expect(await faultsOf(admin)).to.deep.equal([])
    await form.getByRole('button', { name: 'Trust an issuer' }).click()
    const callback = await admin.getByRole('dialog').locator('code').textContent()
    await provider.start(callback ?? '')

    const person = await consoles.open('nobody', '/bookings')
    await person.route('**fonts.googleapis.com**', (route) => route.abort())
    await signInWith(person, 'Công ty mẹ')
    await person.getByRole('heading', { name: 'Bookings' }).waitFor()
    expect(new URL(person.url()).pathname + new URL(person.url()).hash).to.equal('/bookings')
    expect((await w.runtime.db('users').where({ externalId: 'hoa' }).first('fullName')).fullName).to.equal(
      'Người hoa',
    )

    await admin.getByRole('button', { name: 'Change it' }).click()
    expect(await form.getByLabel('Address of its keys').inputValue()).to.equal(`${provider.iss}/jwks`)
    await form.getByLabel('Name').fill('Tập đoàn')
    await form.getByLabel('Domains').fill('Demo.test, other.test')
    expect((await admin.evaluate(() => (globalThis as any).axe.run())).violations).to.deep.equal([])
    await form.getByRole('button', { name: 'Save' }).click()
    await admin.getByRole('dialog', { name: 'Tập đoàn' }).waitFor()
    const kept = await w.runtime.db('issuers').first('name', 'emailDomains', 'clientId')
    expect(kept).to.deep.equal({
      name: 'Tập đoàn',
      emailDomains: ['demo.test', 'other.test'],
      clientId: CLIENT.clientId,
    })

    await person.getByRole('button', { name: /Người hoa/ }).click()
    await person.getByRole('button', { name: 'Sign out' }).click()
    await person.getByRole('button', { name: 'Yes, sign me out' }).click()
    await signInWith(person, 'Tập đoàn')
    await person.getByRole('button', { name: /Người hoa/ }).waitFor()

    await admin.getByRole('button', { name: 'Trust it no more' }).click()
    await admin.getByText('No other system is trusted').waitFor()
    // Nobody touches the page of the person: it is told.
    await person.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await person.getByRole('link', { name: 'Công ty mẹ' }).count()).to.equal(0)
  })
})
