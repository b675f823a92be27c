// A second factor beside the password: by API, on our pages, in front of the queue board, and where the organisation demands it.

import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import { makeChange } from '../../shared/kit/store/change.ts'
import { resealSecrets } from '../../shared/users/actions/second-factor.ts'
import { faultsOf } from '../support/axe.ts'
import { aBrowser, needChromium, type Browser } from '../support/browser.ts'
import { caller, type Caller, type Reply } from '../support/client.ts'
import { mustBeProblem } from '../support/problems.ts'
import { carryOut } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const PASSWORD = 'long-enough'
let count = 0

describe('a second factor', () => {
  let w: World
  let admin: Person
  before(async () => {
    w = await aWorld({
      with: ['api', 'workers'],
      env: { LIMITS: 'sign-in.network=1000000', BOARD_ORGANISATION: 'demo' },
    })
    admin = await w.as('admin')
  })
  after(() => w.end())

  /** Each code counts once: time goes on between two. */
  async function codeOf(secret: string): Promise<string> {
    await w.advance('31 seconds')
    return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: w.clock.now().getTime() })
  }
  async function someone(role = 'EMPLOYEE'): Promise<{ email: string; id: string }> {
    const email = `factor${++count}@demo.test`
    const { body } = await admin.post('/users', { email, password: PASSWORD, fullName: 'Ai Đó', role })
    return { email, id: body.id }
  }
  const signIn = (email: string) => w.anybody.post('/auth/login', { email, password: PASSWORD })
  const enter = async (email: string): Promise<Caller> =>
    caller(w.url, (await signIn(email)).body.accessToken)
  const second = (challenge: string, code: string): Promise<Reply> =>
    w.anybody.post('/auth/login/second-factor', { challenge, code })
  async function challengeOf(email: string): Promise<string> {
    const { status, body } = await signIn(email)
    expect([status, body.code]).to.deep.equal([401, 'second_factor_required'])
    return body.challenge
  }
  async function withApp(role?: string) {
    const person = await someone(role)
    const me = await enter(person.email)
    const { body: enrolment } = await me.post('/auth/totp', { password: PASSWORD })
    const confirmed = await me.post('/auth/totp/confirm', { code: await codeOf(enrolment.secret) })
    expect(confirmed.status, JSON.stringify(confirmed.body)).to.equal(200)
    const codes: string[] = confirmed.body.recoveryCodes
    return { ...person, me, secret: String(enrolment.secret), uri: String(enrolment.uri), codes }
  }

  it('is set up with the password and the first code of the app; then a sign-in asks for a code, good for five minutes', async () => {
    const { email, me, secret, uri, codes } = await withApp()
    expect(uri)
      .to.match(/^otpauth:\/\/totp\//)
      .and.include(secret)
    expect(new Set(codes).size).to.equal(10)
    expect((await me.get('/auth/totp')).body).to.deep.include({ isOn: true, recoveryCodesLeft: 10 })
    const { status, body } = await signIn(email)
    expect(status).to.equal(401)
    expect(body).to.include({ code: 'second_factor_required', isEnrolled: true })
    expect(new Date(body.expiresAt).getTime()).to.equal(w.clock.now().getTime() + 5 * 60_000)
    const entered = await second(body.challenge, await codeOf(secret))
    expect(entered.status, JSON.stringify(entered.body)).to.equal(200)
    expect(entered.body).to.include({ access_token: entered.body.accessToken })
    expect((await caller(w.url, entered.body.accessToken).get('/auth/me')).body).to.include({ email })
    const late = await challengeOf(email)
    await w.advance('5 minutes')
    mustBeProblem(await second(late, await codeOf(secret)), 401)
  })

  it('is not set up by whoever only found a session open, nor by a wrong code; and ends the other sessions', async () => {
    const { email } = await someone()
    const [me, elsewhere] = [await enter(email), await enter(email)]
    mustBeProblem(await me.post('/auth/totp', { password: 'guessed' }), 422)
    mustBeProblem(await me.post('/auth/totp/confirm', { code: '123456' }), 422)
    const { body } = await me.post('/auth/totp', { password: PASSWORD })
    mustBeProblem(await me.post('/auth/totp/confirm', { code: '000000' }), 422)
    expect((await signIn(email)).status).to.equal(200)
    await me.post('/auth/totp/confirm', { code: await codeOf(body.secret) })
    expect((await me.get('/auth/me')).status).to.equal(200)
    mustBeProblem(await elsewhere.get('/auth/me'), 401)
    mustBeProblem(await me.post('/auth/totp', { password: PASSWORD }), 409)
  })

  it('takes each code once, also of two at the same moment', async () => {
    const { email, secret } = await withApp()
    const [one, two, code] = [await challengeOf(email), await challengeOf(email), await codeOf(secret)]
    const answers = await Promise.all([second(one, code), second(two, code)])
    expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([200, 401])
    mustBeProblem(await second(await challengeOf(email), code), 401)
  })

  it('gives new recovery codes for the password, in place of those before', async () => {
    const { email, me, codes } = await withApp()
    mustBeProblem(await me.post('/auth/totp/recovery-codes', { password: 'guessed' }), 422)
    const { status, body } = await me.post('/auth/totp/recovery-codes', { password: PASSWORD })
    expect(status).to.equal(200)
    expect(new Set([...codes, ...body.recoveryCodes]).size).to.equal(20)
    mustBeProblem(await second(await challengeOf(email), codes[0] ?? ''), 401)
    expect((await second(await challengeOf(email), body.recoveryCodes[0])).status).to.equal(200)
    const without = await enter((await someone()).email)
    mustBeProblem(await without.post('/auth/totp/recovery-codes', { password: PASSWORD }), 422)
  })

  it('takes each recovery code once, however it is typed, in place of the app', async () => {
    const { email, codes } = await withApp()
    const [first = '', other = ''] = codes
    expect(
      (await second(await challengeOf(email), first.toUpperCase().replaceAll('-', ' '))).status,
    ).to.equal(200)
    mustBeProblem(await second(await challengeOf(email), first), 401)
    const answers = await Promise.all(
      [await challengeOf(email), await challengeOf(email)].map((each) => second(each, other)),
    )
    expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([200, 401])
  })

  it('stops guessing after five codes, and a right password in between forgives none of them', async () => {
    const { email } = await withApp()
    for (let n = 0; n < 5; n++) mustBeProblem(await second(await challengeOf(email), `00000${n}`), 401)
    mustBeProblem(await signIn(email), 429)
  })

  it('is not passed by a challenge of somebody else, one that was changed, or one from before a new password', async () => {
    const [one, two] = [await withApp(), await withApp()]
    const challenge = await challengeOf(one.email)
    mustBeProblem(await second(challenge.replace(one.id, two.id), await codeOf(two.secret)), 401)
    mustBeProblem(await second(challenge, await codeOf(two.secret)), 401)
    mustBeProblem(await second(`${challenge.slice(0, -1)}x`, await codeOf(one.secret)), 401)
    await admin.post(`/users/${one.id}/password`, { password: 'quite-another' })
    mustBeProblem(await second(challenge, await codeOf(one.secret)), 401)
  })

  it('lies in the database sealed, its codes hashed, and is sealed anew by the secret that seals now', async () => {
    const { id, secret, codes } = await withApp()
    const { db } = w.runtime
    const stored = async () => (await db('second_factors').where({ userId: id }).first()).secret
    expect(await stored()).not.to.include(secret)
    expect(JSON.stringify(await db('recovery_codes').where({ userId: id }))).not.to.include(codes[0])
    const before = await stored()
    await carryOut(w, 'maintenance.resealSecrets', {})
    expect(await stored()).to.equal(before)
    const JWT_SECRET = ['a newer secret of thirty-two bytes', ...w.runtime.config.JWT_SECRET]
    const newer = { ...w.runtime, config: { ...w.runtime.config, JWT_SECRET } }
    await makeChange(newer, { requestId: 'test' }, resealSecrets)
    expect((await stored()).split('.')[0]).not.to.equal(before.split('.')[0])
  })

  it('is removed with the password, or by an admin for whoever lost everything, who is written down', async () => {
    const { email, me } = await withApp()
    mustBeProblem(await me.delete('/auth/totp', {}, { password: 'guessed' }), 422)
    expect((await me.delete('/auth/totp', {}, { password: PASSWORD })).status).to.equal(200)
    expect((await signIn(email)).status).to.equal(200)
    const lost = await withApp()
    expect((await admin.delete(`/users/${lost.id}/totp`)).status).to.equal(200)
    expect((await signIn(lost.email)).status).to.equal(200)
    const rows = await w.runtime.db('audit_log').where({ entityId: lost.id }).orderBy('id')
    expect(rows.map(({ action }) => action)).to.include.members([
      'second_factor_set',
      'second_factor_removed',
    ])
    expect(rows.find(({ action }) => action === 'second_factor_removed').actorId).to.equal(admin.user.id)
  })

  it('goes with its person when they are erased', async () => {
    const { id } = await withApp()
    expect((await admin.post(`/users/${id}/erase`)).status).to.equal(201)
    expect(await w.runtime.db('second_factors').where({ userId: id })).to.deep.equal([])
  })

  it('that the organisation demands of a role is set up in the sign-in itself, which answers the recovery codes', async () => {
    const [supervisor, employee] = [await someone('SUPERVISOR'), await someone('EMPLOYEE')]
    await admin.patch('/organisation', { settings: { secondFactorRoles: ['SUPERVISOR'] } })
    expect((await signIn(employee.email)).status).to.equal(200)
    const { status, body } = await signIn(supervisor.email)
    expect([status, body.code, body.isEnrolled]).to.deep.equal([401, 'second_factor_required', false])
    mustBeProblem(await second(body.challenge, '123456'), 401)
    const { body: enrolment } = await w.anybody.post('/auth/login/totp', { challenge: body.challenge })
    const entered = await second(body.challenge, await codeOf(enrolment.secret))
    expect([entered.status, entered.body.recoveryCodes?.length]).to.deep.equal([200, 10])
    mustBeProblem(
      await w.anybody.post('/auth/login/totp', { challenge: await challengeOf(supervisor.email) }),
      409,
    )
    await admin.patch('/organisation', { settings: { secondFactorRoles: [] } })
  })

  describe('on our pages', () => {
    const submit = (path: string, fields: Record<string, string>, init: RequestInit = {}) =>
      fetch(`${w.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), ...init })
    const challengeIn = (page: string): string => /name="challenge" value="([^"]+)"/.exec(page)?.[1] ?? 'none'
    const secretIn = (page: string): string =>
      /<code>([A-Z2-7 ]+)<\/code>/.exec(page)?.[1]?.replaceAll(' ', '') ?? ''

    it('is set up and removed without JavaScript; a wrong code shows the same secret again', async () => {
      const { email } = await someone()
      const wrong = await submit('/account/second-factor?lang=en', { email, password: 'guessed' })
      expect([
        wrong.status,
        (await wrong.text()).includes('The address or the password is wrong.'),
      ]).to.deep.equal([401, true])
      const enrol = await (
        await submit('/account/second-factor?lang=vi', { email, password: PASSWORD })
      ).text()
      expect(enrol).to.include('<svg class="qr"').and.include('Quét mã này')
      const again = await submit('/account/second-factor/on', {
        challenge: challengeIn(enrol),
        code: '000000',
      })
      const second = await again.text()
      expect([again.status, secretIn(second)]).to.deep.equal([422, secretIn(enrol)])
      const on = await submit('/account/second-factor/on?lang=en', {
        challenge: challengeIn(second),
        code: await codeOf(secretIn(enrol)),
      })
      const codes = [...(await on.text()).matchAll(/<li><code>([a-z\d-]+)<\/code>/g)].map(([, code]) => code)
      expect([on.status, codes.length]).to.deep.equal([200, 10])
      await challengeOf(email)
      const remove = await (await submit('/account/second-factor', { email, password: PASSWORD })).text()
      const off = await submit('/account/second-factor/off', {
        challenge: challengeIn(remove),
        code: codes[0] ?? '',
      })
      expect(off.status).to.equal(200)
      expect((await signIn(email)).status).to.equal(200)
      expect(
        (await submit('/account/second-factor/off', { challenge: 'none', code: '123456' })).status,
      ).to.equal(401)
    })

    it('lets nobody into the queue board by a password alone', async () => {
      const { email, secret } = await withApp('ADMIN')
      const init: RequestInit = { redirect: 'manual', headers: { origin: w.url } }
      const first = await submit('/admin/queues/sign-in', { email, password: PASSWORD }, init)
      expect([first.status, first.headers.get('set-cookie')]).to.deep.equal([200, null])
      const challenge = challengeIn(await first.text())
      expect(
        (await submit('/admin/queues/sign-in/code', { challenge, code: '000000' }, init)).status,
      ).to.equal(401)
      const entered = await submit(
        '/admin/queues/sign-in/code',
        { challenge, code: await codeOf(secret) },
        init,
      )
      expect([entered.status, entered.headers.get('set-cookie')?.startsWith('bellhop_board=')]).to.deep.equal(
        [303, true],
      )
    })

    describe('in a browser', () => {
      let browser: Browser
      before(async function () {
        needChromium(this)
        browser = await aBrowser(w.url)
      })
      after(() => browser?.close())

      for (const colorScheme of ['light', 'dark'] as const)
        it(`fits a phone in ${colorScheme}, in both languages, with a QR code that is dark on white`, async () => {
          const { page, troubles } = browser
          await page.setViewportSize({ width: 390, height: 844 })
          await page.emulateMedia({ colorScheme })
          for (const lang of ['vi', 'en']) {
            const { email } = await someone()
            await page.goto(`${w.url}/account/second-factor?lang=${lang}`, { waitUntil: 'domcontentloaded' })
            await page.fill('#email', email)
            await page.fill('#password', PASSWORD)
            await page.click('button')
            await page.waitForSelector('svg.qr')
            expect(await faultsOf(page)).to.deep.equal([])
            const width = await page.locator('html').evaluate((each) => each.scrollWidth)
            expect(width).to.be.at.most(390)
            expect(await page.locator('svg.qr rect').getAttribute('fill')).to.equal('#fff')
            expect(await page.locator('html').getAttribute('lang')).to.equal(lang)
          }
          expect(troubles).to.deep.equal([])
        })

      for (const colorScheme of ['light', 'dark'] as const)
        it(`can be used by everybody from the password to the recovery codes, in ${colorScheme}`, async () => {
          const { page } = browser
          await page.emulateMedia({ colorScheme })
          const { email } = await someone()
          const next = async (selector: string): Promise<void> => {
            expect(await faultsOf(page), selector).to.deep.equal([])
            await page.click('button')
            await page.waitForSelector(selector)
          }
          await page.goto(`${w.url}/account/second-factor?lang=en`, { waitUntil: 'domcontentloaded' })
          await page.fill('#email', email)
          await page.fill('#password', 'a-wrong-one')
          await next('.problem')
          await page.fill('#password', PASSWORD)
          await next('svg.qr')
          const secret = (await page.locator('code').first().textContent())?.replaceAll(' ', '') ?? ''
          await page.fill('#code', await codeOf(secret))
          await next('.codes')
          expect(await faultsOf(page)).to.deep.equal([])
          await page.goto(`${w.url}/account/second-factor?lang=vi`, { waitUntil: 'domcontentloaded' })
          await page.fill('#email', email)
          await page.fill('#password', PASSWORD)
          await next('#code')
          await page.fill('#code', '000000')
          await next('[aria-invalid="true"]')
          expect(await faultsOf(page)).to.deep.equal([])
        })
    })
  })
})
