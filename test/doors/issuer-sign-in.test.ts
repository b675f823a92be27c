// People sign in on our pages with the account that they have at another company: with a real OpenID provider.

import { expect } from 'chai'
import jwt from 'jsonwebtoken'
import { freePort } from '../../bin/embedded/ports.ts'
import { caller, type Reply } from '../support/client.ts'
import { anOpenidProvider, CLIENT, CookieBrowser, type OpenidProvider } from '../support/openid-provider.ts'
import { mustBeProblem } from '../support/problems.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('signing in with an issuer', () => {
  let w: World
  let admin: Person
  let provider: OpenidProvider
  let issuerId: string
  beforeEach(async () => {
    const port = await freePort()
    const PUBLIC_URL = `http://127.0.0.1:${port}`
    w = await aWorld({
      with: ['api', 'workers'],
      env: { OUTGOING_ALLOWED: '127.0.0.1', PORT: String(port), PUBLIC_URL },
    })
    admin = await w.as('admin')
    provider = await anOpenidProvider(w)
  })
  afterEach(async () => {
    await provider.stop()
    await w.end()
  })

  const trust = async (more: object = {}): Promise<Reply> =>
    admin.post('/organisation/issuers', {
      name: 'Công ty mẹ',
      issuer: provider.iss,
      audience: CLIENT.clientId,
      jwksUrl: `${provider.iss}/jwks`,
      provisioning: 'create',
      ...CLIENT,
      ...more,
    })
  const begin = async (more: object = {}): Promise<void> => {
    const { status, body } = await trust(more)
    expect(status, JSON.stringify(body)).to.equal(201)
    issuerId = body.id
    await provider.start(`${w.url}/auth/oidc/${issuerId}/callback`)
  }
  const startOf = (to = '/bookings?day=2031-03-04'): string =>
    `${w.url}/auth/oidc/${issuerId}/start?to=${encodeURIComponent(to)}`
  /** As far as the answer of the provider, which is not shown to Bellhop yet. */
  const goThere = async (browser: CookieBrowser, name: string, to?: string): Promise<string> => {
    const answer = await browser.signInAt(startOf(to), name)
    provider.keepTime()
    return answer
  }
  const takeSession = (browser: CookieBrowser, origin = w.url): Promise<Response> =>
    browser.ask(`${w.url}/auth/oidc/session`, { method: 'POST', headers: { origin } })
  const signIn = async (name: string, browser = new CookieBrowser()): Promise<any> => {
    const back = await browser.ask(await goThere(browser, name))
    expect(back.headers.get('location')).to.equal('/bookings?day=2031-03-04#signed-in')
    const taken = await takeSession(browser)
    expect(taken.status).to.equal(200)
    return taken.json()
  }
  const mustRefuse = async (reply: Response, status: number, saying: string): Promise<void> => {
    expect(reply.status).to.equal(status)
    expect(await reply.text()).to.include(saying)
  }

  it('offers its name and where to go, and nothing else of it, to whoever is not signed in', async () => {
    await begin()
    const { body } = await w.anybody.get('/auth/oidc')
    expect(body).to.deep.equal([{ name: 'Công ty mẹ', start: `/auth/oidc/${issuerId}/start` }])
    const [kept] = (await admin.get('/organisation/issuers')).body
    expect(kept).to.include({ clientId: CLIENT.clientId, hasClientSecret: true })
    expect(JSON.stringify(kept)).not.to.include(CLIENT.clientSecret)
    expect((await w.runtime.db('issuers').first('clientSecret')).clientSecret).not.to.include(
      CLIENT.clientSecret,
    )
    await admin.patch(`/organisation/issuers/${issuerId}`, { isEnabled: false })
    expect((await w.anybody.get('/auth/oidc')).body).to.deep.equal([])
    expect((await fetch(startOf(), { redirect: 'manual' })).status).to.equal(404)
  })

  it('signs in whoever the issuer names, as its rule says, with a session of ours', async () => {
    await begin()
    const { accessToken, refreshToken, user } = await signIn('hoa')
    expect(user).to.include({
      externalId: 'hoa',
      email: 'hoa@demo.test',
      fullName: 'Người hoa',
      role: 'EMPLOYEE',
    })
    const me = await caller(`${w.url}/api/v1`, accessToken).get('/auth/me')
    expect(me.body.id).to.equal(user.id)
    expect((await w.anybody.post('/auth/refresh', { refreshToken })).status).to.equal(200)
    const again = await signIn('hoa')
    expect(again.user.id).to.equal(user.id)
    const logins = (await admin.get('/audit/logs?action=login&limit=100')).body
    expect(logins.filter((row: any) => row.metadata?.issuerId === issuerId)).to.have.length(2)
  })

  it('goes on when the issuer changes its keys, and ends with the trust in it', async () => {
    await begin()
    const before = await signIn('hoa')
    await provider.start(`${w.url}/auth/oidc/${issuerId}/callback`)
    const after = await signIn('hoa')
    expect(after.user.id).to.equal(before.user.id)
    await admin.delete(`/organisation/issuers/${issuerId}`)
    mustBeProblem(await caller(`${w.url}/api/v1`, after.accessToken).get('/auth/me'), 401, 'unauthorized')
  })

  it('is left at the issuer as well, by whoever signed in with it, and by nobody else', async () => {
    await begin()
    const browser = new CookieBrowser()
    const { accessToken } = await signIn('hoa', browser)
    const out = await caller(`${w.url}/api/v1`, accessToken).post('/auth/logout')
    const next = `/auth/oidc/${issuerId}/end`
    expect(out.body).to.deep.equal({ success: true, next })
    const asked = (await browser.ask(w.url + next)).headers.get('location') ?? ''
    expect(asked.startsWith(`${provider.iss}/session/end?`)).to.equal(true)
    expect(new URL(asked).searchParams.get('client_id')).to.equal(CLIENT.clientId)
    const hint = jwt.decode(new URL(asked).searchParams.get('id_token_hint') ?? '')
    expect(hint?.sub).to.equal('hoa')
    const back = await browser.leaveAt(asked)
    expect(back).to.equal(`${w.url}/auth/oidc/${issuerId}/callback`)
    expect((await browser.ask(back)).headers.get('location')).to.equal('/')
    // It knows nobody any more: it asks again who comes.
    expect((await signIn('lan', browser)).user.externalId).to.equal('lan')

    const again = (await new CookieBrowser().ask(w.url + next)).headers.get('location') ?? ''
    expect(new URL(again).searchParams.has('id_token_hint'), 'for a browser that has none').to.equal(false)
    expect((await (await w.as('employee')).post('/auth/logout')).body).to.deep.equal({ success: true })
  })

  it('is left here only, where the issuer has no place for it, and says so where it is away', async () => {
    await begin()
    await provider.start(`${w.url}/auth/oidc/${issuerId}/callback`, false)
    const leave = (): Promise<Response> => fetch(`${w.url}/auth/oidc/${issuerId}/end`, { redirect: 'manual' })
    expect((await leave()).headers.get('location')).to.equal('/')
    await provider.stop()
    await w.advance('11 minutes')
    await mustRefuse(await leave(), 503, 'cannot be reached')
    provider = await anOpenidProvider(w)
  })

  it('takes an answer once, from the browser that asked, with the state that it was asked with, in time', async () => {
    await begin()
    const browser = new CookieBrowser()
    const answer = await goThere(browser, 'hoa')
    await mustRefuse(await new CookieBrowser().ask(answer), 401, 'was not begun here')
    const wrong = new URL(answer)
    wrong.searchParams.set('state', 'another')
    const other = new CookieBrowser()
    await goThere(other, 'hoa')
    await mustRefuse(await other.ask(wrong.href), 401, 'was not completed')

    const cookie = browser.cookiesOf(w.url).get('bellhop_sign_in')
    expect((await browser.ask(answer)).status).to.equal(303)
    await mustRefuse(await browser.ask(answer), 401, 'was not begun here')
    const replayed = await fetch(answer, {
      headers: { cookie: `bellhop_sign_in=${cookie}` },
      redirect: 'manual',
    })
    await mustRefuse(replayed, 401, 'was not completed')

    const late = new CookieBrowser()
    const slow = await goThere(late, 'hoa')
    await w.advance('11 minutes')
    await mustRefuse(await late.ask(slow), 401, 'too long ago')
  })

  it('hands the session out once, to a page of ours, and leads nowhere else', async () => {
    await begin()
    const browser = new CookieBrowser()
    for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example', '/a b', ''])
      expect((await browser.ask(await goThere(browser, 'hoa', to))).headers.get('location')).to.equal(
        '/#signed-in',
      )
    expect((await takeSession(browser, 'https://evil.example')).status).to.equal(403)
    expect((await takeSession(browser)).status).to.equal(200)
    expect((await takeSession(browser)).status).to.equal(401)
  })

  it('lets in nobody whom the organisation does not know, where it adds nobody, nor somebody of another one', async () => {
    await begin({ provisioning: 'none', emailDomains: ['demo.test', 'other.test'] })
    const stranger = new CookieBrowser()
    await mustRefuse(
      await stranger.ask(await goThere(stranger, 'nobody-here')),
      401,
      'Nobody here is known by the name in the token',
    )
    expect((await takeSession(stranger)).status).to.equal(401)
    const theirs = new CookieBrowser()
    const foreign = (await w.as('foreigner')).user.email
    await mustRefuse(await theirs.ask(await goThere(theirs, foreign)), 401, 'Nobody here is known')
    const { id, email } = (await w.as('employee')).user
    const known = await signIn(email.split('@')[0] ?? '')
    expect(known.user.id).to.equal(id)
  })

  it('is of one organisation: an answer for one issuer is none for another', async () => {
    await begin()
    const browser = new CookieBrowser()
    const answer = await goThere(browser, 'hoa')
    const other = await trust({ audience: 'other', clientId: 'other' })
    await mustRefuse(await browser.ask(answer.replace(issuerId, other.body.id)), 401, 'was not begun here')
  })

  it('says so where the issuer is away', async () => {
    await begin()
    await provider.start(`${w.url}/auth/oidc/${issuerId}/callback`)
    await provider.stop()
    await mustRefuse(await fetch(startOf(), { redirect: 'manual' }), 503, 'cannot be reached')
    provider = await anOpenidProvider(w)
  })

  it('takes from an ADMIN only an issuer that is somewhere, by https', async () => {
    const refused = [
      { issuer: 'urn:example', ...CLIENT },
      { issuer: 'http://id.example', ...CLIENT },
      { clientId: null, clientSecret: 'alone' },
    ]
    for (const more of refused) mustBeProblem(await trust(more), 422, 'invalid')
  })
})
