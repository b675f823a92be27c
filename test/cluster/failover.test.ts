import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import type { ClusterServer as Server, RedisCluster } from '../../bin/embedded/cluster.ts'
import { freePort } from '../../bin/embedded/ports.ts'
import { queuePrefix } from '../../shared/kit/store/queue.ts'
import { onlook, type Onlooker } from '../support/onlooker.ts'
import { TRIP } from '../support/people.ts'
import { someProcesses, type Member, type Processes } from '../support/processes.ts'
import { someCluster } from '../support/redis-servers.ts'
import { until } from '../support/until.ts'

/** Milliseconds. */
const BOOK_EVERY = 50
/** A machine that is too slow for that many gets fewer, and does not end in a line that grows. */
const AT_ONCE = 4

describe('the failover of a primary, while people book and decide', function () {
  this.timeout(600_000)
  let cluster: RedisCluster
  let bellhop: Processes
  let [employee, manager]: Member[] = []
  let onlookers: Onlooker[] = []
  before(async () => {
    const redis = await someCluster()
    cluster = redis.cluster
    bellhop = await someProcesses({ WORKER_PORT: String(await freePort()) }, { redis })
    await bellhop.start('another')
    ;[employee, manager] = [await bellhop.as('employee'), await bellhop.as('manager')]
  })
  after(() => bellhop?.end())
  beforeEach(async () => {
    await cluster.heal()
    onlookers = await Promise.all(
      [employee, manager].flatMap((person) => (person ? [onlook(person), onlook(person, 'another')] : [])),
    )
  })
  afterEach(async () => {
    await Promise.all(onlookers.map((onlooker) => onlooker.leave()))
  })

  it('loses nothing and shows nothing twice when it was asked for', async () => {
    await whileTheyWork(async () => {
      const [log, { replica }] = [managersLog(), await holderOf(managersLog())]
      await ask(replica, (redis) => redis.cluster('FAILOVER'))
      await hasTakenOver(replica, log)
    })
    for (const onlooker of onlookers) expect(onlooker.refetches()).to.deep.equal([])
  })

  it('loses nothing and shows nothing twice when it was killed', async () => {
    await whileTheyWork(async () => {
      const { primary, replica } = await holderOf(managersLog())
      process.kill(primary.pid, 'SIGKILL')
      await hasTakenOver(replica, managersLog())
    })
  })

  it('tells everybody to fetch when its replica had not got the newest events', async () => {
    await whileTheyWork(() => killAheadOfItsReplica(managersLog()))
    const told = onlookers.slice(2).map((onlooker) => onlooker.refetches().map((frame) => frame['reason']))
    for (const reasons of told) expect(reasons).not.to.deep.equal([])
    expect(told.flat()).to.include('rolled_back')
  })

  it('brings the jobs back that its replica had not got, and none twice', async () => {
    const before = await reshipped()
    await whileTheyWork(() =>
      killAheadOfItsReplica(
        `${queuePrefix({ BULLMQ_PREFIX: bellhop.env['BULLMQ_PREFIX'] ?? '' }, 'approvals')}:approvals:meta`,
      ),
    )
    await until('the reconciler has looked', async () => (await reshipped()) > before)
  })

  /** So that it is certain that events, or jobs, are lost which it had confirmed. */
  async function killAheadOfItsReplica(key: string): Promise<void> {
    const { primary, replica } = await holderOf(key)
    // What is on its way to a replica that stands still reaches it all the same, unless the connection goes first.
    process.kill(replica.pid, 'SIGSTOP')
    await ask(primary, (redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'replica'))
    await more(10)
    process.kill(primary.pid, 'SIGKILL')
    process.kill(replica.pid, 'SIGCONT')
    await hasTakenOver(replica, key)
  }

  /** A booking every 50 ms, a few at a time, and decisions without pause, before, during and after. */
  async function whileTheyWork(strike: () => Promise<void>): Promise<void> {
    let isOver = false
    const accepted: string[] = []
    const booking = Promise.all(
      Array.from({ length: AT_ONCE }, async (_, nth) => {
        await pause(nth * BOOK_EVERY)
        while (!isOver) await Promise.all([book(accepted), pause(AT_ONCE * BOOK_EVERY)])
      }),
    )
    const deciding = (async () => {
      while (!isOver) await decideAll()
    })()
    await more(20)
    await strike()
    await more(20)
    isOver = true
    await Promise.all([booking, deciding])
    await until('everything is decided and told', isDone, 300_000)
    await mustHaveHappenedOnce(accepted)
  }

  async function book(accepted: string[]): Promise<void> {
    const { status, body } = (await employee?.post('/bookings', TRIP)) ?? {}
    expect(status).to.equal(201)
    accepted.push(body.id)
  }

  async function decideAll(): Promise<void> {
    const { body } = (await manager?.get('/approvals/pending?limit=50')) ?? {}
    await Promise.all(body.map((each: { id: string }) => manager?.post(`/approvals/${each.id}/approve`)))
    await pause(100)
  }

  async function isDone(): Promise<boolean> {
    await decideAll()
    const {
      rows: [row],
    } = await bellhop.db
      .raw(`select (select count(*) from jobs where due_at is null or due_at < now()) + (select count(*) from outbox)
      + (select count(*) from bookings where status = 'PENDING_APPROVAL') + (select count(*) from approvals
      where status = 'PENDING') as open`)
    return row.open === 0
  }

  async function mustHaveHappenedOnce(accepted: readonly string[]): Promise<void> {
    const approvals = await bellhop.db('approvals').whereIn('subjectId', accepted).select('subjectId')
    expect(approvals.map(({ subjectId }) => subjectId).toSorted()).to.deep.equal(accepted.toSorted())
    const told = await bellhop
      .db('notifications')
      .whereIn('bookingId', accepted)
      .whereIn(
        'userId',
        [employee, manager].flatMap((person) => person?.user.id ?? []),
      )
      .select('type', 'bookingId')
    expect(told.map(({ type, bookingId }) => `${type} ${bookingId}`).toSorted()).to.deep.equal(
      accepted.flatMap((id) => [`APPROVAL_REQUIRED ${id}`, `BOOKING_APPROVED ${id}`]).toSorted(),
    )
    for (const [at, onlooker] of onlookers.entries()) {
      const userId = (at < 2 ? employee : manager)?.user.id
      const rows: string[] = await bellhop.db('notifications').where({ userId }).pluck('id')
      await until(`onlooker ${at} knows everything`, async () => rows.every((id) => onlooker.known.has(id)))
      expect(onlooker.known.size).to.equal(rows.length)
      expect(onlooker.repeats()).to.deep.equal([])
      expect((await onlooker.socket.command('ping'))['ok']).to.equal(true)
    }
  }

  /** Waits until the manager has heard of so many bookings more, on one node. */
  async function more(count: number): Promise<void> {
    const heard = (): number => onlookers[2]?.socket.events('approval.requested').length ?? 0
    const enough = heard() + count
    await until('the manager hears of more', async () => heard() >= enough)
  }

  /** Key of the log in which the manager's notifications stand. */
  function managersLog(): string {
    const [event] = onlookers[2]?.socket.events('notification.created') ?? []
    return `{${bellhop.env['BULLMQ_PREFIX']}.log.${event?.id?.split(':')[0]}}:entries`
  }

  async function holderOf(key: string): Promise<{ primary: Server; replica: Server }> {
    const {
      primary,
      replicas: [replica],
    } = await cluster.holderOf(key)
    if (!replica) throw new Error(`${primary.address} has no replica.`)
    return { primary, replica }
  }

  async function hasTakenOver({ address }: Server, key: string): Promise<void> {
    await until('the replica has taken over', async () =>
      cluster.holderOf(key).then(
        ({ primary }) => primary.address === address,
        () => false,
      ),
    )
  }

  /** How many jobs the reconciler has found missing so far. */
  async function reshipped(): Promise<number> {
    const page = await (await fetch(`http://127.0.0.1:${bellhop.env['WORKER_PORT']}/metrics`)).text()
    return Number(/bellhop_reshipped_total\{by="reconciler"\} (\d+)/.exec(page)?.[1] ?? 0)
  }
})

async function ask({ address }: Server, question: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(`redis://${address}`)
  await question(redis)
  redis.disconnect()
}
