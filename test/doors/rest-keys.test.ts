// What other programs do over REST, by keys that are good for some of it.

import { expect } from 'chai'
import { startApi, type Api } from '../../api/server.ts'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { caller, type Caller, type Reply } from '../support/client.ts'
import { tripOnItsDay } from '../support/people.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { beginCounting, countDuring } from '../support/round-trips.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('a program with a key', () => {
  let w: World
  let admin: Person
  let employeeId: string
  before(async () => {
    beginCounting()
    w = await aWorld({ with: ['api'] })
    admin = await w.as('admin')
    employeeId = await w.idOf('employee')
  })
  after(() => w.end())

  interface Made {
    id: string
    key: string
    program: Caller
  }
  async function make(scopes: readonly string[], more: object = {}): Promise<Made> {
    const { body, status } = await admin.post('/api-keys', { name: 'Nhân sự', scopes, ...more })
    expect(status).to.equal(201)
    return { ...body, program: caller(`${w.url}/api/v1`, body.key) }
  }
  const audited = async (action: string): Promise<Reply['body']> =>
    (await admin.get(`/audit/logs?action=${action}&limit=1`)).body[0]
  const newcomer = (role = 'EMPLOYEE') => ({
    email: `${role}-${Math.random()}@demo.test`.toLowerCase(),
    password: 'long-enough',
    fullName: 'Người Mới',
    role,
  })

  it('books for a person with bookings:write, and cannot read chats', async () => {
    const { id: keyId, program } = await make(['bookings:write', 'act-as'])
    const forEmployee = { 'x-act-as': employeeId }
    const { status, body: booking } = await program.post('/bookings', tripOnItsDay(), forEmployee)
    expect([status, booking.requesterId]).to.deep.equal([201, employeeId])
    expect((await (await w.as('employee')).get(`/bookings/${booking.id}`)).status).to.equal(200)
    const row = await audited('booking_created')
    expect([row.entityId, row.actorId, row.metadata.keyId]).to.deep.equal([booking.id, employeeId, keyId])
    for (const path of [
      '/chat/rooms',
      '/chat/conversations',
      '/chat/unread-count',
      `/bookings/${booking.id}`,
    ])
      mustBeProblem(await program.get(path, forEmployee), 403, 'forbidden')
  })

  it('acts for whom it names as their own system does, whatever letters that has', async () => {
    await admin.patch(`/users/${employeeId}`, { externalId: 'NV-Đỗ 7' })
    const { program } = await make(['bookings:read', 'act-as'])
    const { body } = await program.get('/bookings?mine=true', {
      'x-act-as': `external:${encodeURIComponent('NV-Đỗ 7')}`,
    })
    expect(body.map(({ requesterId }: { requesterId: string }) => requesterId)).to.include(employeeId)
    for (const unknown of ['external:nobody', await w.idOf('foreigner')])
      expect(problemsIn(await program.get('/bookings', { 'x-act-as': unknown }))).to.deep.equal([
        '/headers/x-act-as is nobody who is active in the organisation',
      ])
    for (const wrong of ['external:%E0%A4%A', 'somebody'])
      expect(problemsIn(await program.get('/bookings', { 'x-act-as': wrong }))).to.deep.equal([
        '/headers/x-act-as must be the id of a person, or external: and what they are called where they come from',
      ])
  })

  it('keeps people in its own name, and stands in the audit as a key and nobody', async () => {
    const { id: keyId, program } = await make(['users:write'])
    const { status, body: person } = await program.post('/users', newcomer())
    expect(status).to.equal(201)
    const row = await audited('user_created')
    expect([row.entityId, row.actorId, row.metadata.keyId]).to.deep.equal([person.id, null, keyId])
    expect(row.description).to.match(/^A program added|^Một chương trình đã thêm/)
    mustBeProblem(await program.get(`/users/${person.id}`), 403, 'forbidden')
  })

  it('makes no ADMIN, changes none and acts for none, unless its key says so', async () => {
    const [plain, reaching] = [
      await make(['users:write', 'users:read', 'act-as']),
      await make(['users:write', 'users:read', 'act-as:admin']),
    ]
    const { body: person } = await plain.program.post('/users', newcomer())
    const tries = async ({ program }: Made): Promise<number[]> =>
      [
        await program.post('/users', newcomer('ADMIN')),
        await program.patch(`/users/${person.id}`, { role: 'ADMIN' }),
        await program.patch(`/users/${admin.user.id}`, { department: 'Ban giám đốc' }),
        await program.get('/users', { 'x-act-as': admin.user.id }),
        await program.post('/users/import', `email,role,fullName\n${Math.random()}@demo.test,ADMIN,Ai`, {
          'content-type': 'text/csv',
        }),
      ].map(({ status }) => status)
    expect(await tries(plain)).to.deep.equal([403, 403, 403, 403, 403])
    expect(await tries(reaching)).to.deep.equal([201, 200, 200, 200, 200])
  })

  it('assigns and cancels in its own name, and the booking names nobody for it', async () => {
    const { program } = await make(['bookings:write', 'bookings:read', 'resources:read', 'users:read'])
    const { body: booking } = await (await w.as('manager')).post('/bookings', tripOnItsDay())
    const [{ id: resourceId }] = (await program.get('/resources?kind=VEHICLE')).body
    const [{ id: driverId }] = (await program.get('/users?role=DRIVER')).body
    const assigned = await program.post(`/bookings/${booking.id}/assign`, { resourceId, driverId })
    expect([assigned.status, assigned.body.status]).to.deep.equal([201, 'ASSIGNED'])
    const { body } = await program.post(`/bookings/${booking.id}/cancel`, { reason: 'OTHER' })
    expect([body.status, body.cancelledById]).to.deep.equal(['CANCELLED', null])
  })

  it('repeats a request under its Idempotency-Key, apart from what the person sends', async () => {
    const { program } = await make(['bookings:write', 'users:write', 'act-as'])
    const [ask, once] = [tripOnItsDay(), { 'idempotency-key': 'same' }]
    const twice = { ...once, 'x-act-as': employeeId }
    const [first, again] = [
      await program.post('/bookings', ask, twice),
      await program.post('/bookings', ask, twice),
    ]
    expect([again.body.id, again.headers.get('idempotency-replayed')]).to.deep.equal([first.body.id, 'true'])
    const own = await (await w.as('employee')).post('/bookings', tripOnItsDay(), once)
    expect([own.status, own.body.id === first.body.id]).to.deep.equal([201, false])
    const person = newcomer()
    const [added, repeated] = [
      await program.post('/users', person, once),
      await program.post('/users', person, once),
    ]
    expect([added.status, repeated.body.id]).to.deep.equal([201, added.body.id])
  })

  it('is refused from elsewhere, from browsers, and once its time is over', async () => {
    const far = await make(['people:read'], { addresses: ['203.0.113.0/24', '2001:db8::/32'] })
    mustBeProblem(await far.program.get('/people'), 403, 'forbidden')
    const near = await make(['people:read'], { addresses: ['203.0.113.7', '127.0.0.0/8', '::1'] })
    expect((await near.program.get('/people')).status).to.equal(200)
    mustBeProblem(await near.program.get('/people', { origin: 'https://app.example' }), 403, 'forbidden')
    const end = new Date(w.clock.now().getTime() + 60_000)
    const short = await make(['people:read'], { expiresAt: end.toISOString() })
    expect((await short.program.get('/people')).status).to.equal(200)
    w.clock.moveTo(end)
    mustBeProblem(await short.program.get('/people'), 401, 'unauthorized')
    mustBeProblem(
      await admin.post('/api-keys', { name: 'Muộn', expiresAt: w.clock.now().toISOString() }),
      422,
      'invalid',
    )
    expect(
      problemsIn(
        await admin.post('/api-keys', { name: 'X', scopes: ['all'], addresses: ['10.0.0.0/33', 'here'] }),
      ),
    ).to.have.length(3)
  })

  it('costs no statement of its own in its own name, and one for a person', async () => {
    const { program } = await make(['people:read', 'act-as'])
    const staffId = await w.idOf('staff')
    await program.get('/people')
    const costOf = async (headers: Record<string, string>): Promise<number> => {
      const since = performance.now()
      const { statements } = await countDuring(async () => {
        for (let n = 0; n < 100; n++) expect((await program.get('/people', headers)).status).to.equal(200)
      })
      // Looks at what ended, a few a second, however long a busy machine takes for it.
      return statements - Math.min(statements % 100, 10 + (3 * (performance.now() - since)) / 1000)
    }
    expect([await costOf({}), await costOf({ 'x-act-as': staffId })]).to.deep.equal([100, 200])
  })

  it('is told what is left for its key, for whomever it acts', async () => {
    const { program } = await make(['people:read', 'act-as'])
    const left = async (headers = {}): Promise<number> =>
      Number(/r=(\d+)/.exec((await program.get('/people', headers)).headers.get('ratelimit') ?? '')?.[1])
    const first = await left()
    expect(await left({ 'x-act-as': await w.idOf('staff') })).to.equal(first - 1)
  })
})

describe('a key that was taken back', () => {
  let w: World
  let runtime: Runtime
  let second: Api
  before(async () => {
    w = await aWorld({ with: ['api'] })
    runtime = openRuntime(w.runtime.config, w.clock, w.runtime.log)
    await whenReady(runtime.redis)
    second = await startApi(runtime)
  })
  after(async () => {
    await second.close()
    await runtime.close()
    await w.end()
  })

  it('is refused at once where it was, and soon by every other process', async () => {
    const admin = await w.as('admin')
    const { body } = await admin.post('/api-keys', { name: 'Kho', scopes: ['people:read'] })
    const [here, elsewhere] = [caller(w.url, body.key), caller(`http://127.0.0.1:${second.port}`, body.key)]
    for (const each of [here, elsewhere]) expect((await each.get('/people')).status).to.equal(200)
    await admin.delete(`/api-keys/${body.id}`)
    expect((await here.get('/people')).status).to.equal(401)
    await until(
      'the other process refuses the key',
      async () => (await elsewhere.get('/people')).status === 401,
    )
  })
})
