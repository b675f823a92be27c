import { expect } from 'chai'
import type { Transaction } from '../../shared/kit/store/db.ts'
import type { Reply } from '../support/client.ts'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { PEOPLE, TRIP } from '../support/people.ts'
import { steadily } from '../support/steadily.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

/** As many as are served while it is locked: for six seconds, which is longer than anybody waits for a lock. */
const SERVED = 60
/** Milliseconds. Somebody who needs nothing of what is locked waits less than anybody waits for a lock, also on a busy machine. */
const AT_ONCE = 5000

describe('while somebody keeps rows or a table locked', () => {
  let w: World
  let employee: Person
  let manager: Person
  let lock: Transaction
  before(async () => {
    w = await aWorld({ with: ['api'] })
    employee = await w.as('employee')
    manager = await w.as('manager')
  })
  beforeEach(async () => {
    // Who they are is remembered by then, and asks no table that is locked.
    for (const each of [employee, manager]) await each.get('/notifications')
    lock = await w.owner.transaction()
  })
  afterEach(() => lock.rollback())
  after(async function () {
    await w.end()
  })

  /**
   * What is not locked is asked for ten times a second while eight others a second ask for what is, which
   * is fewer than what anybody may say. @returns how those fared
   */
  async function serveOthers(others: () => Promise<Reply>, those: () => Promise<Reply>): Promise<Reply[]> {
    const stuck: Promise<Reply>[] = []
    const slow: number[] = []
    let isTold = false
    const askStuck = async (): Promise<Reply> => {
      const reply = await those()
      isTold ||= reply.status === 503
      return reply
    }
    const asking = steadily(8, async () => void stuck.push(askStuck()))
    const serving = steadily(10, async () => {
      const since = performance.now()
      const { status, body } = await others()
      expect(status, JSON.stringify(body)).to.be.oneOf([200, 201])
      slow.push(performance.now() - since)
    })
    await until('enough are served, and somebody is told', async () => slow.length >= SERVED && isTold)
    await serving.stop()
    await asking.stop()
    await lock.rollback()
    const replies = await Promise.all(stuck)
    expect(Math.max(...slow)).to.be.below(AT_ONCE)
    return replies
  }

  const mustBeServedOrTold = (replies: readonly Reply[], served: number): void => {
    for (const { status, body, headers } of replies) {
      // When the lock goes, those in line speak all at once, which may be more than one person may say.
      if (status === served || status === 429) continue
      expect([status, body.code], JSON.stringify(body)).to.deep.equal([503, 'unavailable'])
      expect(headers.get('retry-after')).to.equal('1')
    }
    expect(replies.some(({ status }) => status === 503)).to.equal(true)
    expect(replies.some(({ status }) => status === served)).to.equal(true)
  }

  it('serves everything that does not need the table, and tells the others to come back', async () => {
    await lock.raw('lock table bookings')
    mustBeServedOrTold(
      await serveOthers(
        () => employee.get('/notifications'),
        () => employee.post('/bookings', TRIP),
      ),
      201,
    )
  })

  it('serves the other rooms while the row of one is locked', async () => {
    const open = async (name: 'driver' | 'director'): Promise<string> =>
      (await manager.post('/chat/conversations/with-user', { userId: await w.idOf(name) })).body.id
    const [held, free] = [await open('driver'), await open('director')]
    await lock.raw('select 1 from rooms where id = ? for update', [held])
    const driver = await w.as('driver')
    const say = (by: Person, room: string) => (): Promise<Reply> =>
      by.post(`/chat/rooms/${room}/messages`, { content: 'Hello' })
    mustBeServedOrTold(await serveOthers(say(manager, free), say(driver, held)), 201)
  })

  it("serves programs, who need nobody's session, while that table is locked", async () => {
    const { key } = (await (await w.as('admin')).post('/api-keys', { name: 'A gateway' })).body
    const asProgram = { 'x-api-key': key }
    expect(
      (
        await w.anybody.post(
          '/events',
          {
            id: 'paid-1',
            type: 'payment.received',
            payload: { payment: { amount: 1_500_000, clientName: 'Lan' } },
          },
          asProgram,
        )
      ).status,
    ).to.equal(202)
    await lock.raw('lock table sessions')
    mustBeServedOrTold(
      await serveOthers(
        () => w.anybody.get('/events/paid-1', asProgram),
        () => employee.get('/auth/sessions'),
      ),
      200,
    )
  })

  for (const [table, path] of [
    ['users', '/people'],
    ['sessions', '/auth/sessions'],
  ] as const)
    it(`serves whoever is signed in while the table ${table} is locked`, async () => {
      await lock.raw(`lock table ${table}`)
      mustBeServedOrTold(
        await serveOthers(
          () => employee.get('/notifications'),
          () => employee.get(path),
        ),
        200,
      )
    })

  it('serves programs while the table of keys is locked, and whoever wants to see it hears to come back', async () => {
    const admin = await w.as('admin')
    const { key } = (
      await admin.post('/api-keys', { name: 'A planner', scopes: ['bookings:read', 'act-as'] })
    ).body
    const program = { 'x-api-key': key, 'x-act-as': await w.idOf('employee') }
    expect((await w.anybody.get('/bookings', program)).status).to.equal(200)
    await lock.raw('lock table api_keys')
    mustBeServedOrTold(
      await serveOthers(
        () => w.anybody.get('/bookings', program),
        () => admin.get('/api-keys'),
      ),
      200,
    )
  })

  it('does not count against anybody that they could not be signed in meanwhile', async () => {
    const signIn = (): Promise<Reply> =>
      w.anybody.post('/auth/login', { email: PEOPLE.director, password: DEMO_PASSWORD })
    await lock.raw('lock table sessions')
    const tries = await Promise.all(Array.from({ length: 5 }, signIn))
    expect(tries.map(({ status }) => status)).to.deep.equal([503, 503, 503, 503, 503])
    await lock.rollback()
    expect((await signIn()).status).to.equal(200)
  })

  it('serves what needs nobody while everything that is written waits for the people', async () => {
    const { id } = (await manager.post('/chat/conversations/with-user', { userId: await w.idOf('driver') }))
      .body
    await lock.raw('lock table users')
    let nth = 0
    const write = (): Promise<Reply> =>
      nth++ % 2 === 0
        ? employee.post('/bookings', TRIP)
        : manager.post(`/chat/rooms/${id}/messages`, { content: 'Hello' })
    mustBeServedOrTold(await serveOthers(() => employee.get('/notifications'), write), 201)
  })

  it('signs people in while the rooms are locked', async () => {
    const say = { content: 'Hello' }
    const { id } = (await manager.post('/chat/conversations/with-user', { userId: await w.idOf('driver') }))
      .body
    await lock.raw('lock table rooms')
    mustBeServedOrTold(
      await serveOthers(
        () => w.anybody.post('/auth/login', { email: PEOPLE.employee, password: DEMO_PASSWORD }),
        () => manager.post(`/chat/rooms/${id}/messages`, say),
      ),
      201,
    )
  })

  it('says within a second whether it is ready, whatever is locked', async () => {
    await lock.raw('lock table jobs')
    const since = performance.now()
    const { status, body } = await w.anybody.get('/readyz')
    expect(performance.now() - since).to.be.below(AT_ONCE)
    expect([status, body.checks.postgres, body.checks.queues]).to.deep.equal([503, 'ok', 'unavailable'])
  })
})
