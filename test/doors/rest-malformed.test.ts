import { expect } from 'chai'
import { signAccessToken } from '../../shared/users/tokens.ts'
import { caller } from '../support/client.ts'
import { TRIP } from '../support/people.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { ask } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const NOBODY = '00000000-0000-4000-8000-000000000000'

describe('a request that is wrong', () => {
  let w: World
  let employee: Person
  before(async () => {
    w = await aWorld({ with: ['api'] })
    employee = await w.as('employee')
  })
  after(() => w.end())
  afterEach('the server goes on', async () => expect((await employee.get('/auth/me')).status).to.equal(200))

  it('is told all that is wrong with it at once: path, query, header and body', async () => {
    const reply = await employee.post(
      '/bookings/nine/cancel?fast=yes',
      { reason: 'BOREDOM', mood: 'low' },
      { 'if-match': 'newest' },
    )
    expect(problemsIn(reply)).to.deep.equal([
      '/body/mood is unknown',
      '/body/reason must be one of USER_REQUEST, MANAGER_REJECTED, APPROVAL_EXPIRED, NO_VEHICLE_AVAILABLE, ' +
        'NO_DRIVER_AVAILABLE, QUOTA_EXCEEDED, VEHICLE_BREAKDOWN, SCHEDULE_CONFLICT, WEATHER, EMERGENCY, DUPLICATE, OTHER',
      '/headers/if-match must be an ETag as this resource answers it',
      '/params/id must be a UUID',
      '/query/fast is unknown',
    ])
    expect(reply.body.detail).to.equal('5 problems in the request')
  })

  const bodies: readonly [string, string | unknown, string[]][] = [
    [
      'empty',
      {},
      ['passengerCount', 'scheduledDate', 'scheduledTime'].map((name) => `/body/${name} is missing`),
    ],
    [
      'with something unknown',
      { ...TRIP, requesterId: NOBODY, status: 'CONFIRMED' },
      ['/body/requesterId is unknown', '/body/status is unknown'],
    ],
    ['a list', [TRIP], ['/body must be object']],
    ['not JSON', '{"bookingType":', ['/body is not valid JSON']],
    ['a bare word', '"hello"', ['/body is not valid JSON']],
    ['with a number as text', { ...TRIP, passengerCount: '2' }, ['/body/passengerCount must be integer']],
    [
      'with a key that programs stumble over',
      '{"__proto__":{"role":"ADMIN"},"constructor":1,"bookingType":"SINGLE_TRIP","scheduledDate":"2031-03-10","scheduledTime":"08:30","passengerCount":1}',
      ['/body/__proto__ is unknown', '/body/constructor is unknown'],
    ],
    [
      'with a text too long',
      { ...TRIP, purpose: 'x'.repeat(1001) },
      ['/body/purpose must NOT have more than 1000 characters'],
    ],
    ['for nobody', { ...TRIP, passengerCount: 0 }, ['/body/passengerCount must be >= 1']],
  ]
  for (const [what, body, problems] of bodies) {
    it(`is refused with its body ${what}`, async () => {
      expect(problemsIn(await employee.post('/bookings', body))).to.deep.equal(problems)
      expect(await w.runtime.db('bookings')).to.deep.equal([])
    })
  }

  it('is refused when its body is larger than 64 KiB, or 8 KiB of somebody who is not signed in, and looked at just below', async () => {
    mustBeProblem(
      await employee.post('/bookings', { ...TRIP, purpose: 'x'.repeat(65_536) }),
      413,
      'too_large',
    )
    expect(
      problemsIn(await employee.post('/bookings', { ...TRIP, purpose: 'x'.repeat(65_536 - 300) })),
    ).to.have.length(1)
    expect(
      mustBeProblem(await w.anybody.post('/auth/guest', { org: 'demo', name: 'x'.repeat(8192) }), 413),
    ).to.equal('The body is larger than 8192 bytes')
    expect(
      problemsIn(await w.anybody.post('/auth/guest', { org: 'demo', name: 'x'.repeat(8000) })),
    ).to.have.length(1)
  })

  it('is told the first hundred of its problems, and that there are more', async () => {
    const reply = await employee.post(
      '/bookings',
      Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`field${n}`, n])),
    )
    expect(problemsIn(reply)).to.have.length(100)
    expect(reply.body.detail).to.equal('100 problems or more in the request; these are the first')
  })

  it('is refused before anything looks into it when it is nested too deep, whoever asks', async () => {
    const deep = `${'['.repeat(3000)}${']'.repeat(3000)}`
    expect(problemsIn(await w.anybody.post('/auth/guest', `{"org":"demo","name":${deep}}`))).to.have.length(1)
    expect(
      problemsIn(await employee.post('/bookings', `{"a":${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}}`))[0],
    ).to.match(/^\/body(\/a){33} is nested deeper than 32 levels$/)
  })

  it('is refused when its body is encoded in a way that nobody reads', async () => {
    mustBeProblem(
      await employee.post('/bookings', TRIP, { 'content-type': 'application/json; charset=klingon' }),
      415,
      'unsupported',
    )
  })

  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    '',
  ]) {
    it(`is refused, and does nothing, when it says of its body that it is "${type}"`, async () => {
      const bodyless = await employee.post('/notifications/read-all', '', { 'content-type': type })
      expect(bodyless.status, 'a request without a body needs no type').to.equal(201)
      const text = new Blob([JSON.stringify(TRIP)])
      const reply = await fetch(`${w.url}/bookings`, {
        method: 'POST',
        body: text,
        headers: { authorization: `Bearer ${employee.accessToken}`, ...(type && { 'content-type': type }) },
      })
      expect([reply.status, JSON.parse(await reply.text()).code]).to.deep.equal([415, 'unsupported'])
      expect(await w.runtime.db('bookings')).to.deep.equal([])
    })
  }

  for (const path of [
    '/bookings/nine',
    '/approvals/nine',
    '/approvals/booking/1',
    '/bookings/driver/x',
    '/notifications/user/me',
    `/users/${NOBODY}0`,
  ]) {
    it(`is refused with an id that is none: ${path}`, async () =>
      expect(problemsIn(await employee.get(path))[0]).to.match(/^\/params\/\w+ must be a UUID$/))
  }

  it('is refused when it holds a character that no database keeps, in a body or in a query', async () => {
    mustBeProblem(await employee.post('/bookings', { ...TRIP, purpose: 'a\u0000b' }), 400, 'malformed')
    mustBeProblem(await employee.get('/chat/rooms?search=a%00b'), 400, 'malformed')
    mustBeProblem(
      await (
        await w.as('staff')
      ).post('/resources', { kind: 'VEHICLE', name: '51A', attributes: { a: '\u0000' } }),
      400,
      'malformed',
    )
    mustBeProblem(await (await w.as('admin')).post('/chat/groups', { name: 'a\u0000b' }), 400, 'malformed')
  })

  it('is refused when it holds half a character, in a text or in a key, however deep', async () => {
    const staff = await w.as('staff')
    expect(problemsIn(await employee.post('/bookings', { ...TRIP, purpose: 'nửa \ud83d' }))).to.deep.equal([
      '/body/purpose holds half a character (a lone surrogate)',
    ])
    expect(
      problemsIn(
        await staff.post('/resources', {
          kind: 'VEHICLE',
          name: '51A',
          attributes: { a: [{ 'b\udc00': 1 }] },
        }),
      ),
    ).to.deep.equal(['/body/attributes/a/0/b\ufffd holds half a character (a lone surrogate)'])
  })

  it('is refused when a number in it is beyond all bounds', async () => {
    const staff = await w.as('staff')
    expect(
      problemsIn(await staff.post('/resources', '{"kind":"VEHICLE","name":"51A","attributes":{"a":1e400}}')),
    ).to.deep.equal(['/body/attributes/a is a number beyond all bounds'])
    for (const limit of ['1e400', 'NaN', '-Infinity', '0x1p4', '9'.repeat(400)])
      expect(problemsIn(await employee.get(`/bookings?limit=${limit}`)), limit).to.have.length(1)
  })

  it('is refused when its path or its query does not decode', async () => {
    expect(problemsIn(await employee.get('/bookings/%E0%A4%A'))).to.deep.equal([
      '/path is not percent-encoded UTF-8',
    ])
    expect(problemsIn(await employee.get('/chat/rooms?search=%ED%A0%80'))).to.deep.equal([
      '/query is not percent-encoded UTF-8',
    ])
  })

  for (const [query, problem] of [
    ['limit=0', '/query/limit must be >= 1'],
    ['limit=101', '/query/limit must be <= 100'],
    ['limit=ten', '/query/limit must be integer'],
    ['offset=-1', '/query/offset must be >= 0'],
    ['mine=perhaps', '/query/mine must be boolean'],
    [
      'status=LOST',
      '/query/status must be one of PENDING_APPROVAL, PENDING, CONFIRMED, ASSIGNED, IN_PROGRESS, COMPLETED, CANCELLED, REDIRECTED_EXTERNAL',
    ],
    ['orgId=1', '/query/orgId is unknown'],
  ]) {
    it(`is refused when it asks for ${query}`, async () =>
      expect(problemsIn(await employee.get(`/bookings?${query}`))).to.deep.equal([problem]))
  }

  for (const path of [
    '/nowhere',
    '/api/v1',
    '/api/v2/bookings',
    '/Bookings',
    `/bookings/${NOBODY}/explode`,
  ]) {
    it(`finds nothing at ${path}`, async () => {
      expect(mustBeProblem(await caller(w.url, employee.accessToken).get(path), 404, 'not_found')).to.equal(
        'Path not found',
      )
    })
  }

  it('is told the methods that a path has when it comes with another', async () => {
    for (const [method, path, allowed] of [
      ['PUT', '/bookings', 'POST, GET, HEAD, OPTIONS'],
      ['DELETE', '/api/bookings', 'POST, GET, HEAD, OPTIONS'],
      ['POST', '/auth/me', 'GET, PATCH, HEAD, OPTIONS'],
      ['PATCH', '/livez', 'GET, HEAD, OPTIONS'],
      ['POST', '/openapi.json', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const reply = await fetch(w.url + path, { method })
      const { code, detail } = JSON.parse(await reply.text())
      expect([reply.status, reply.headers.get('allow'), code], path).to.deep.equal([
        405,
        allowed,
        'method_not_allowed',
      ])
      expect(detail).to.equal(`${method} is not possible here, only ${allowed.replace(', OPTIONS', '')}`)
      const asked = await fetch(w.url + path, { method: 'OPTIONS' })
      expect([asked.status, asked.headers.get('allow')], path).to.deep.equal([204, allowed])
    }
  })

  it('says the same of what is unknown and of what belongs to another organisation', async () => {
    const foreign = await ask(w, 'foreigner')
    const [unknown, hidden] = [
      await employee.get(`/bookings/${NOBODY}`),
      await employee.get(`/bookings/${foreign.id}`),
    ]
    mustBeProblem(unknown, 404, 'not_found')
    expect({ ...hidden.body, requestId: '' }).to.deep.equal({ ...unknown.body, requestId: '' })
    await w.runtime.db('bookings').delete()
  })

  describe('about who asks', () => {
    const cases: readonly [string, (token: string) => Record<string, string>][] = [
      ['without a token', () => ({})],
      ['with an empty one', () => ({ authorization: 'Bearer ' })],
      ['with something else', () => ({ authorization: 'Basic YWRtaW46YWRtaW4=' })],
      ['with nonsense', () => ({ authorization: 'Bearer nonsense' })],
      [
        'with a token that was tampered with',
        (token) => ({ authorization: `Bearer ${token.slice(0, -4)}AAAA` }),
      ],
    ]
    for (const [what, headers] of cases) {
      it(`is refused ${what}`, async () => {
        const reply = await caller(w.url).get('/auth/me', headers(employee.accessToken))
        mustBeProblem(reply, 401, 'unauthorized')
        expect(reply.headers.get('www-authenticate')).to.equal('Bearer')
      })
    }

    it('is refused with an expired token, and told that it is that', async () => {
      const { sid } = JSON.parse(
        Buffer.from(employee.accessToken.split('.')[1] ?? '', 'base64url').toString(),
      )
      const { user } = employee
      const old = signAccessToken(
        { ...w.runtime.config, ACCESS_TOKEN_TTL: 0 },
        { sub: user.id, org: user.orgId, role: user.role, email: user.email, sid },
        w.clock.now(),
      )
      expect(mustBeProblem(await caller(w.url, old.token).get('/auth/me'), 401)).to.equal(
        'The access token has expired',
      )
    })
  })
})

describe('a fault of ours', () => {
  it('answers 500 with nothing inside, and the next request finds Bellhop as it was', async () => {
    const w = await aWorld({ with: ['api'] })
    const employee = await w.as('employee')
    await w.owner.raw('alter table booking_counters rename to hidden_counters')
    const reply = await employee.post('/bookings', TRIP)
    expect(mustBeProblem(reply, 500, 'internal')).to.equal('Something went wrong on our side')
    await w.owner.raw('alter table hidden_counters rename to booking_counters')
    expect((await employee.post('/bookings', TRIP)).status).to.equal(201)
    await w.end()
  })
})
