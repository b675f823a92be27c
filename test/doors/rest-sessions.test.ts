import jwt from 'jsonwebtoken'
import { expect } from 'chai'
import { startApi } from '../../api/server.ts'
import { redeemSocketTicket } from '../../shared/users/actions/sessions.ts'
import { DAY, MINUTE, plusMs, SECOND } from '../../shared/kit/time/time.ts'
import { caller, type Caller, type Reply } from '../support/client.ts'
import { mustBeProblem } from '../support/problems.ts'
import { aWorld, type World } from '../support/world.ts'

const SECRET = 'a-secret-that-only-tests-know-long-enough'
const NEW_SECRET = 'a-newer-secret-that-only-tests-know-too'
const NOBODY = '00000000-0000-4000-8000-000000000000'

describe('sessions', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['api'], env: { ACCESS_TOKEN_TTL: '15m' } })
  })
  afterEach(() => w.end())

  const signIn = async (email = 'employee@demo.test'): Promise<Reply['body']> =>
    (await w.anybody.post('/auth/login', { email, password: 'bellhop-demo' })).body
  const as = (token: string): Caller => caller(w.url, token)
  const refresh = (refreshToken: string): Promise<Reply> => w.anybody.post('/auth/refresh', { refreshToken })
  const works = async (token: string): Promise<boolean> => (await as(token).get('/auth/me')).status === 200
  const claimsOf = (token: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

  it('begin with two tokens and the person, and the access token says no more than it must', async () => {
    const { accessToken, refreshToken, user } = await signIn()
    expect(user).to.include({ email: 'employee@demo.test', role: 'EMPLOYEE' })
    expect(Object.keys(claimsOf(accessToken)).toSorted()).to.deep.equal([
      'email',
      'exp',
      'iat',
      'name',
      'org',
      'role',
      'sid',
      'sub',
    ])
    expect(claimsOf(accessToken)).to.include({
      sub: user.id,
      org: user.orgId,
      role: 'EMPLOYEE',
      exp: plusMs(w.clock.now(), 15 * MINUTE).getTime() / 1000,
    })
    expect(JSON.stringify(await w.runtime.db('refresh_tokens'))).not.to.include(refreshToken)
  })

  it('may begin with an address in any case, a field of either name, or a phone number', async () => {
    await w.runtime.db('users').where({ email: 'employee@demo.test' }).update({ phone: '+84901234567' })
    for (const who of [
      { email: 'Employee@DEMO.test' },
      { emailOrPhone: ' employee@demo.test ' },
      { emailOrPhone: '+84901234567' },
      { email_or_phone: 'employee@demo.test' },
    ]) {
      expect(
        (await w.anybody.post('/auth/login', { ...who, password: 'bellhop-demo' })).status,
        JSON.stringify(who),
      ).to.equal(200)
    }
    mustBeProblem(await w.anybody.post('/auth/login', { password: 'bellhop-demo' }), 400)
  })

  it('do not begin, and do not say why, for a wrong password, an unknown address, and somebody who has left', async () => {
    await w.runtime.db('users').where({ email: 'sic@demo.test' }).update({ isActive: false })
    const attempts = [
      ['employee@demo.test', 'wrong'],
      ['nobody@demo.test', 'bellhop-demo'],
      ['sic@demo.test', 'bellhop-demo'],
    ]
    const answers = await Promise.all(
      attempts.map(([email, password]) =>
        w.anybody.post('/auth/login', { email, password }, { 'x-request-id': 'same' }),
      ),
    )
    for (const answer of answers) mustBeProblem(answer, 401, 'unauthorized')
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).to.equal(1)
    expect(await w.runtime.db('sessions')).to.deep.equal([])
  })

  it('do not begin with what is no address nor number, however strange, and say no more of it', async () => {
    const strange = [
      'not-an-address',
      'a@b@c',
      '@',
      '٠٩٠١٢٣٤٥٦٧',
      '+84',
      '%',
      "' or true --",
      '🙂',
      '\u202eadmin@demo.test',
      'x'.repeat(254),
      '[object Object]',
      '\\',
      'admin@demo.test\r\nBcc: x',
      ' ',
      '\u200b',
    ]
    for (const [at, text] of strange.entries()) {
      mustBeProblem(
        await w.anybody.post('/auth/login', {
          [at % 2 ? 'email' : 'emailOrPhone']: text,
          password: 'bellhop-demo',
        }),
        401,
        'unauthorized',
      )
    }
    for (const text of ['', '\ud800', 'a\u0000b', 'x'.repeat(255)])
      mustBeProblem(await w.anybody.post('/auth/login', { email: text, password: 'bellhop-demo' }), 400)
  })

  it('last fifteen minutes by one token, and go on with the next', async () => {
    const first = await signIn()
    w.clock.moveTo(plusMs(w.clock.now(), 15 * MINUTE - SECOND))
    expect(await works(first.accessToken)).to.equal(true)
    w.clock.moveTo(plusMs(w.clock.now(), SECOND))
    expect(mustBeProblem(await as(first.accessToken).get('/auth/me'), 401)).to.equal(
      'The access token has expired',
    )
    const second = await refresh(first.refreshToken)
    expect(second.status).to.equal(200)
    expect(second.body.refreshToken).not.to.equal(first.refreshToken)
    expect(await works(second.body.accessToken)).to.equal(true)
    expect(claimsOf(second.body.accessToken)['sid']).to.equal(claimsOf(first.accessToken)['sid'])
  })

  it('end when a used refresh token comes again after the leeway: for both who hold one, at once', async () => {
    const first = await signIn()
    const second = (await refresh(first.refreshToken)).body
    w.clock.moveTo(plusMs(w.clock.now(), 10 * SECOND))
    mustBeProblem(await refresh(first.refreshToken), 401, 'unauthorized')
    mustBeProblem(await refresh(second.refreshToken), 401, 'unauthorized')
    expect([await works(first.accessToken), await works(second.accessToken)]).to.deep.equal([false, false])
  })

  it('go on when two tabs refresh at once: both are given the same next token, and go on with it', async () => {
    const { refreshToken } = await signIn()
    const tabs = await Promise.all([refresh(refreshToken), refresh(refreshToken)])
    expect(tabs.map(({ status }) => status)).to.deep.equal([200, 200])
    expect(new Set(tabs.map(({ body }) => body.refreshToken)).size).to.equal(1)
    expect(await Promise.all(tabs.map(({ body }) => works(body.accessToken)))).to.deep.equal([true, true])
    w.clock.moveTo(plusMs(w.clock.now(), 15 * MINUTE))
    const next = await Promise.all(tabs.map(({ body }) => refresh(body.refreshToken)))
    expect(next.map(({ status }) => status)).to.deep.equal([200, 200])
  })

  it('go on when an answer was lost and the client asks again within ten seconds', async () => {
    const { refreshToken } = await signIn()
    const lost = (await refresh(refreshToken)).body
    w.clock.moveTo(plusMs(w.clock.now(), 10 * SECOND - 1))
    const again = await refresh(refreshToken)
    expect([again.status, again.body.refreshToken]).to.deep.equal([200, lost.refreshToken])
    expect(JSON.stringify(await w.runtime.db('refresh_tokens'))).not.to.include(lost.refreshToken)
  })

  it('go on so also while the key that signs is being changed', async () => {
    const { refreshToken } = await signIn()
    const lost = (await refresh(refreshToken)).body
    const api = await startApi({
      ...w.runtime,
      config: { ...w.runtime.config, JWT_SECRET: [NEW_SECRET, SECRET] },
    })
    const again = await caller(`http://127.0.0.1:${api.port}`).post('/auth/refresh', { refreshToken })
    await api.close()
    expect([again.status, again.body.refreshToken]).to.deep.equal([200, lost.refreshToken])
  })

  it('end when a used token comes a third time, or after its successor was used: somebody else has it', async () => {
    const [one, two] = [await signIn(), await signIn()]
    for (const token of [one.refreshToken, one.refreshToken])
      expect((await refresh(token)).status).to.equal(200)
    mustBeProblem(await refresh(one.refreshToken), 401)
    expect(await works(one.accessToken)).to.equal(false)
    const next = (await refresh(two.refreshToken)).body
    await refresh(next.refreshToken)
    mustBeProblem(await refresh(two.refreshToken), 401)
    expect(await works(two.accessToken)).to.equal(false)
  })

  it('end too when one refresh token comes ten times at once', async () => {
    const { refreshToken } = await signIn()
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)))
    const winners = answers.filter(({ status }) => status === 200)
    expect(winners).to.have.length(2)
    expect(await works(winners[0]?.body.accessToken)).to.equal(false)
  })

  it("leave the person's other sessions alone", async () => {
    const [stolen, other] = [await signIn(), await signIn()]
    for (const token of Array.from({ length: 3 }, () => stolen.refreshToken)) await refresh(token)
    expect(await works(stolen.accessToken)).to.equal(false)
    expect(await works(other.accessToken)).to.equal(true)
  })

  it('end seven days after their last refresh', async () => {
    const first = await signIn()
    w.clock.moveTo(plusMs(w.clock.now(), 7 * DAY - 1))
    const second = await refresh(first.refreshToken)
    expect(second.status).to.equal(200)
    w.clock.moveTo(plusMs(w.clock.now(), 7 * DAY))
    mustBeProblem(await refresh(second.body.refreshToken), 401)
  })

  it('are refused with a refresh token that never was', async () => {
    mustBeProblem(await refresh('never'), 401, 'unauthorized')
  })

  it('end with a logout, for every token of theirs', async () => {
    const { accessToken, refreshToken } = await signIn()
    const { status, body } = await as(accessToken).post('/auth/logout')
    expect([status, body]).to.deep.equal([200, { success: true }])
    expect(await works(accessToken)).to.equal(false)
    mustBeProblem(await refresh(refreshToken), 401)
  })

  it('are listed with where they began, and one can end another of its own', async () => {
    const [here, there, foreign] = [await signIn(), await signIn(), await signIn('manager@demo.test')]
    const listed = (await as(here.accessToken).get('/auth/sessions')).body
    expect(listed).to.have.length(2)
    expect(listed.map(({ isCurrent }: { isCurrent: boolean }) => isCurrent).toSorted()).to.deep.equal([
      false,
      true,
    ])
    expect(listed[0]).to.have.all.keys(
      'id',
      'userAgent',
      'ip',
      'createdAt',
      'lastUsedAt',
      'expiresAt',
      'isCurrent',
    )
    for (const id of [String(claimsOf(foreign.accessToken)['sid']), NOBODY])
      mustBeProblem(await as(here.accessToken).delete(`/auth/sessions/${id}`), 404)
    expect(
      (await as(here.accessToken).delete(`/auth/sessions/${claimsOf(there.accessToken)['sid']}`)).status,
    ).to.equal(200)
    expect([
      await works(here.accessToken),
      await works(there.accessToken),
      await works(foreign.accessToken),
    ]).to.deep.equal([true, false, true])
    expect((await as(here.accessToken).get('/auth/sessions')).body).to.have.length(1)
  })

  it('follow a new role or a departure at the next request', async () => {
    const { accessToken, user } = await signIn()
    expect(await works(accessToken)).to.equal(true)
    const admin = await w.as('admin')
    expect((await admin.patch(`/users/${user.id}`, { isActive: false })).status).to.equal(200)
    expect(await works(accessToken)).to.equal(false)
  })

  describe('as a guest', () => {
    it('begin without a password, in one organisation, and see nothing of it', async () => {
      const { status, body } = await w.anybody.post('/auth/guest', {
        org: 'demo',
        name: 'Khách lạ',
        email: 'khach@example.com',
      })
      expect([status, body.user.role, body.user.fullName]).to.deep.equal([200, 'GUEST', 'Khách lạ'])
      const guest = as(body.accessToken)
      expect((await guest.get('/auth/me')).status).to.equal(200)
      expect((await guest.get('/bookings')).body).to.deep.equal([])
      for (const path of ['/users', '/resources']) mustBeProblem(await guest.get(path), 403, 'forbidden')
      mustBeProblem(await guest.post('/bookings', {}), 403, 'forbidden')
    })

    it('do not begin in an organisation that is none, and prove nothing by an address', async () => {
      mustBeProblem(await w.anybody.post('/auth/guest', { org: 'nowhere', name: 'Khách' }), 404)
      const { body } = await w.anybody.post('/auth/guest', {
        org: 'demo',
        name: 'Khách',
        email: 'admin@demo.test',
      })
      expect(body.user).to.include({ role: 'GUEST' })
      expect(body.user.email).not.to.equal('admin@demo.test')
    })
  })

  describe('and socket tickets', () => {
    const take = async (): Promise<{ ticket: string; expiresAt: string }> =>
      (await as((await signIn()).accessToken).post('/auth/socket-ticket')).body
    const redeem = (ticket: string): Promise<unknown> =>
      w
        .change((change) => redeemSocketTicket(change, ticket))
        .then(
          ({ email }) => email,
          ({ status }) => status,
        )

    it('are good once', async () => {
      const { ticket } = await take()
      expect([await redeem(ticket), await redeem(ticket)]).to.deep.equal(['employee@demo.test', 401])
      const { ticket: contested } = await take()
      expect(
        (await Promise.all(Array.from({ length: 5 }, () => redeem(contested)))).filter(
          (each) => each === 'employee@demo.test',
        ),
      ).to.have.length(1)
    })

    it('are good for thirty seconds', async () => {
      const [early, late] = [await take(), await take()]
      expect(early.expiresAt).to.equal(plusMs(w.clock.now(), 30 * SECOND).toISOString())
      w.clock.moveTo(plusMs(w.clock.now(), 30 * SECOND - 1))
      expect(await redeem(early.ticket)).to.equal('employee@demo.test')
      w.clock.moveTo(plusMs(w.clock.now(), 1))
      expect(await redeem(late.ticket)).to.equal(401)
    })

    it('are worth nothing after the session has ended', async () => {
      const { accessToken } = await signIn()
      const { ticket } = (await as(accessToken).post('/auth/socket-ticket')).body
      await as(accessToken).post('/auth/logout')
      expect(await redeem(ticket)).to.equal(401)
    })
  })

  describe('and the keys that sign', () => {
    async function underKeys<T>(keys: string[], work: (url: string) => Promise<T>): Promise<T> {
      const api = await startApi({ ...w.runtime, config: { ...w.runtime.config, JWT_SECRET: keys } })
      const result = await work(`http://127.0.0.1:${api.port}`)
      await api.close()
      return result
    }
    const statusOf = async (url: string, token: string): Promise<number> =>
      (await caller(url, token).get('/auth/me')).status

    it('change without signing anybody out, while the old key is still listed', async () => {
      const { accessToken: old } = await signIn()
      const fresh = await underKeys([NEW_SECRET, SECRET], async (url) => {
        expect(await statusOf(url, old)).to.equal(200)
        return (
          await caller(url).post('/auth/login', { email: 'employee@demo.test', password: 'bellhop-demo' })
        ).body.accessToken
      })
      await underKeys([NEW_SECRET], async (url) =>
        expect([await statusOf(url, old), await statusOf(url, fresh)]).to.deep.equal([401, 200]),
      )
      expect(await works(fresh)).to.equal(false)
    })

    it('are not talked out of their algorithm', async () => {
      const { accessToken } = await signIn()
      const { kid } = JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString())
      const claims = claimsOf(accessToken)
      const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
      const forged = [
        `${part({ alg: 'none', typ: 'JWT', kid })}.${part(claims)}.`,
        jwt.sign(claims, SECRET, { algorithm: 'HS512', keyid: kid }),
        jwt.sign(claims, SECRET, { algorithm: 'HS256' }),
        jwt.sign(claims, SECRET, { algorithm: 'HS256', keyid: 'another' }),
        jwt.sign(claims, NEW_SECRET, { algorithm: 'HS256', keyid: kid }),
        `${accessToken.split('.')[0]}.${part({ ...claims, role: 'ADMIN' })}.${accessToken.split('.')[2]}`,
      ]
      expect(await Promise.all(forged.map(works))).to.deep.equal(forged.map(() => false))
      expect(await works(jwt.sign(claims, SECRET, { algorithm: 'HS256', keyid: kid }))).to.equal(true)
    })
  })
})
