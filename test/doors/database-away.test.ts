import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { openDatabase, rowsOf, wasNothingSent } from '../../shared/kit/store/db.ts'
import { outageOf } from '../../shared/kit/store/outage.ts'
import { aCuttingProxy, type CuttingProxy } from '../support/cutting-proxy.ts'
import { urlOf } from '../support/database.ts'
import { TRIP } from '../support/people.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('while the database is away', () => {
  let w: World
  let network: CuttingProxy
  let employee: Person
  const detour = async (url: string): Promise<string> => {
    network = await aCuttingProxy(url)
    return network.url
  }
  const bookings = async (): Promise<number> =>
    (await w.owner('bookings').where({ requesterId: employee.user.id })).length

  afterEach(async () => {
    network.pass()
    await w.end()
    await network.close()
  })

  const begin = async (doors: readonly ('api' | 'realtime')[] = ['api']): Promise<void> => {
    w = await aWorld({ with: doors, detour })
    employee = await w.as('employee')
  }

  it('answers 503, says that nothing was done, and when to come back', async () => {
    await begin()
    network.reset()
    for (const answer of await Promise.all([
      employee.post('/bookings', TRIP),
      employee.get('/bookings'),
      employee.get('/auth/me'),
    ])) {
      expect(answer.status, JSON.stringify(answer.body)).to.equal(503)
      expect(answer.body.code).to.equal('unavailable')
      expect(answer.body.detail).to.match(/Nothing was done/)
      expect(answer.headers.get('retry-after')).to.equal('1')
    }
    network.pass()
    expect((await employee.post('/bookings', TRIP)).status).to.equal(201)
    expect(await bookings()).to.equal(1)
  })

  it('serves those who asked while it was away for a moment, each once', async () => {
    await begin()
    network.reset()
    const asked = Promise.all(Array.from({ length: 8 }, () => employee.post('/bookings', TRIP)))
    await until('it was asked for in vain', async () => network.refused > 0)
    network.pass()
    expect((await asked).map(({ status }) => status)).to.deep.equal(Array.from({ length: 8 }, () => 201))
    expect(await bookings()).to.equal(8)
  })

  it('says that it is not known when the connection is cut while the end is being written, and the same key tells', async () => {
    await begin()
    network.cutAfter('COMMIT')
    const key = { 'idempotency-key': randomUUID() }
    const cut = await employee.post('/bookings', TRIP, key)
    expect(cut.status, JSON.stringify(cut.body)).to.equal(503)
    expect(cut.body.detail)
      .to.match(/not known whether it was done/)
      .and.not.match(/Nothing was done/)
    const again = await employee.post('/bookings', TRIP, key)
    expect([again.status, again.headers.get('idempotency-replayed')]).to.deep.equal([201, 'true'])
    expect(await bookings()).to.equal(1)
  })

  it('tells sockets the same', async () => {
    await begin(['api', 'realtime'])
    const { body: room } = await employee.post('/chat/conversations/with-user', {
      userId: (await w.as('manager')).user.id,
    })
    const socket = await employee.socket()
    network.reset()
    const { ok, error } = await socket.command('message.send', { roomId: room.id, content: 'Are you there?' })
    expect(ok).to.equal(false)
    expect([error.status, error.code]).to.deep.equal([503, 'unavailable'])
    expect(error.detail).to.match(/Nothing was done/)
    network.pass()
    expect((await socket.command('message.send', { roomId: room.id, content: 'Now?' })).ok).to.equal(true)
  })

  it('says of a message too when it is not known whether it was written', async () => {
    await begin()
    const { body: room } = await employee.post('/chat/conversations/with-user', {
      userId: (await w.as('manager')).user.id,
    })
    const message = { content: 'Once', clientMsgId: randomUUID() }
    expect((await employee.post(`/chat/rooms/${room.id}/messages`, { content: 'First' })).status).to.equal(
      201,
    )
    network.cutAfter('Once')
    const cut = await employee.post(`/chat/rooms/${room.id}/messages`, message)
    expect(cut.status, JSON.stringify(cut.body)).to.equal(503)
    expect(cut.body.detail).to.match(/not known whether it was done/)
    expect((await employee.post(`/chat/rooms/${room.id}/messages`, message)).status).to.equal(201)
    expect(await rowsOf(w.owner, `select 1 from messages where content = 'Once'`)).to.have.length(1)
  })
})

describe('when the network swallows what goes to the database, and resets nothing', () => {
  it('gives up the connection on which an answer is overdue, and the idle ones beside it', async () => {
    const network = await aCuttingProxy(urlOf('postgres'))
    const db = openDatabase(
      { DATABASE_URL: network.url, DATABASE_POOL: 4 },
      { statement: 300, lock: 300, idle: 1000 },
    )
    try {
      await Promise.all(Array.from({ length: 4 }, () => db.raw('select pg_sleep(0.05)')))
      expect(network.open).to.equal(4)
      network.swallow()
      const error = await db.raw('select 1').then(
        () => undefined,
        (fault: Error) => fault,
      )
      expect(error?.message).to.match(/The database did not answer within/)
      expect([outageOf(error), wasNothingSent(error)]).to.deep.equal(['away', false])
      // None of the other three, which would be as silent, is handed out.
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => rowsOf<{ n: number }>(db, 'select 1 as n')),
      )
      expect(answers).to.deep.equal(Array.from({ length: 4 }, () => [{ n: 1 }]))
    } finally {
      await db.destroy()
      await network.close()
    }
  })

  it('says within a second that it is not ready, and that it is as soon as the network is', async () => {
    let network: CuttingProxy | undefined
    const w = await aWorld({ with: ['api'], detour: async (url) => (network = await aCuttingProxy(url)).url })
    try {
      expect((await w.anybody.get('/readyz')).status).to.equal(200)
      network?.swallow('and all that come')
      const since = performance.now()
      const { status, body } = await w.anybody.get('/readyz')
      expect([status, body.checks.postgres]).to.deep.equal([503, 'unavailable'])
      expect(performance.now() - since).to.be.below(5000)
      network?.pass()
      await until('it is ready', async () => (await w.anybody.get('/readyz')).status === 200)
    } finally {
      network?.reset()
      network?.pass()
      await w.end()
      await network?.close()
    }
  })
})

describe('when others change the same rows', () => {
  let w: World
  afterEach(() => w.end())

  /** The first inserts of a booking fail as the database says it when transactions cannot be put in an order. */
  const failingAtFirst = async (times: number, state: string): Promise<void> => {
    await w.owner.raw(`create sequence tries; grant usage on sequence tries to public;
      create function stumble() returns trigger language plpgsql as $$ begin
        if nextval('tries') <= ${times} then raise exception 'stumbles' using errcode = '${state}'; end if;
        return new;
      end $$;
      create trigger stumble before insert on bookings for each row execute function stumble()`)
  }

  for (const [state, what] of [
    ['40001', 'a change that cannot be put in order'],
    ['40P01', 'a deadlock'],
  ] as const) {
    it(`runs ${what} again from its start, and nothing of it is caused twice`, async () => {
      w = await aWorld({ with: ['api'] })
      const employee = await w.as('employee')
      await failingAtFirst(3, state)
      expect((await employee.post('/bookings', TRIP)).status).to.equal(201)
      await w.runtime.outbox.settled()
      expect(await w.owner('bookings').where({ requesterId: employee.user.id })).to.have.length(1)
      expect(await w.owner('jobs').where({ name: 'approvals.route' })).to.have.length(1)
    })
  }

  it('gives up after a few seconds, with 503', async () => {
    w = await aWorld({ with: ['api'] })
    const employee = await w.as('employee')
    await failingAtFirst(1_000_000, '40001')
    const { status, body } = await employee.post('/bookings', TRIP)
    expect([status, body.code]).to.deep.equal([503, 'unavailable'])
    expect(body.detail).to.match(/Others were changing the same/)
  })
})
