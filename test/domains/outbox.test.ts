// A commit in the database and an add in the queue cannot be one step: what falls between is found again, and done once.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { requestBooking } from '../../shared/bookings/actions/request.ts'
import { makeChange } from '../../shared/kit/store/change.ts'
import { readOutboxAge } from '../../shared/kit/process/backlog.ts'
import { rowsOf } from '../../shared/kit/store/db.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { ALARM_HORIZON } from '../../shared/kit/store/outbox.ts'
import { queueOf } from '../../shared/kit/store/queue.ts'
import { HOUR, MINUTE, plusMs } from '../../shared/kit/time/time.ts'
import { deliverNotificationJob } from '../../shared/notifications/jobs.ts'
import { reconcileQueues } from '../../workers/reconcile.ts'
import { relayRows } from '../../workers/relay.ts'
import { runQueue } from '../../workers/runner.ts'
import { TRIP } from '../support/people.ts'
import { actorOf, approvalOf, ask, askAndRoute, bookingOf, eventsOn, toldTo } from '../support/story.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

/** A house whose process dies between commit and shipping. */
const dying = (runtime: Runtime): Runtime => ({
  ...runtime,
  outbox: { ...runtime.outbox, shipSoon: () => undefined },
})

async function loseRedis(w: World): Promise<number> {
  let lost = 0
  for (let cursor = '0'; ;) {
    const [next, keys] = await w.runtime.redis.scan(
      cursor,
      'MATCH',
      `*${w.runtime.config.BULLMQ_PREFIX}*`,
      'COUNT',
      1000,
    )
    if (keys.length > 0) lost += await w.runtime.redis.del(...keys)
    cursor = next
    if (cursor === '0') return lost
  }
}

describe('a process that dies after its commit', () => {
  let w: World
  afterEach(() => w.end())

  async function askAndDie(): Promise<string> {
    const employee = await actorOf(w, 'employee')
    const booking = await makeChange(dying(w.runtime), { requestId: 'dies' }, (change) =>
      requestBooking(change, employee, { ...TRIP }),
    )
    return booking.id
  }

  it('has written down its jobs and events; the sweep ships both, once', async () => {
    w = await aWorld({ with: [] })
    await askAndDie()
    const employee = await actorOf(w, 'employee')
    expect(
      await w.runtime.db('jobs').where({ name: 'approvals.route' }).whereNull('shippedAt'),
    ).to.have.length(1)
    expect(await eventsOn(w, `user:${employee.id}`)).to.deep.equal([])

    expect(await w.runtime.outbox.sweep(0)).to.include({ left: 2 })
    expect(await eventsOn(w, `user:${employee.id}`)).to.have.length(1)
    expect(await w.runtime.db('outbox')).to.deep.equal([])
    expect(await w.runtime.queues.get('approvals').getWaitingCount()).to.equal(1)
    expect(await w.runtime.outbox.sweep(0)).to.include({ left: 0 })
    expect(await w.runtime.queues.get('approvals').getWaitingCount()).to.equal(1)
  })

  it('leaves the young rows to whoever is just shipping them', async () => {
    w = await aWorld({ with: [] })
    await askAndDie()
    expect(await w.runtime.outbox.sweep(60_000)).to.include({ left: 0 })
  })

  it('delays nothing but itself: the booking finds its manager as if nothing had been', async () => {
    w = await aWorld({ with: ['workers'] })
    const id = await askAndDie()
    await w.runtime.outbox.sweep(0)
    await w.settle()
    expect(await approvalOf(w, id)).to.include({ status: 'PENDING', approverId: await w.idOf('manager') })
    expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_REQUIRED'])
  })

  it('does no harm when it had shipped and only not said so', async () => {
    w = await aWorld({ with: ['workers'] })
    const { booking } = await askAndRoute(w)
    await w.runtime.db('jobs').update({ shippedAt: null })
    await w.runtime.outbox.sweep(0)
    await w.advance('1 hour')
    expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_REQUIRED', 'APPROVAL_REMINDER'])
    expect((await approvalOf(w, booking.id)).reminderCount).to.equal(1)
  })

  it('is helped by many sweeps at once, none of which does it twice', async () => {
    w = await aWorld({ with: [] })
    for (const _ of [1, 2, 3]) await askAndDie()
    const shipped = await Promise.all([1, 2, 3, 4].map(() => w.runtime.outbox.sweep(0)))
    expect(shipped.reduce((sum, { left }) => sum + left, 0)).to.equal(6)
    expect(await w.runtime.queues.get('approvals').getWaitingCount()).to.equal(3)
  })

  it('is left to the sweep that is at it: another passes by and does not wait', async () => {
    w = await aWorld({ with: [] })
    await askAndDie()
    await w.runtime.db.transaction(async (sweeping) => {
      await sweeping.raw('select id from jobs for update')
      await sweeping.raw('select id from outbox for update')
      expect(await w.runtime.outbox.sweep(0)).to.include({ left: 0 })
    })
    expect(await w.runtime.outbox.sweep(0)).to.include({ left: 2 })
  })

  it('wrote nothing at all when it died before its commit', async () => {
    w = await aWorld({ with: [] })
    const employee = await actorOf(w, 'employee')
    await w
      .change(async (change) => {
        await requestBooking(change, employee, { ...TRIP })
        throw new Error('died')
      })
      .catch(() => undefined)
    for (const table of ['bookings', 'jobs', 'outbox', 'booking_counters'])
      expect(await w.runtime.db(table), table).to.deep.equal([])
  })
})

describe('an alarm', () => {
  it('stays a row alone until shortly before it rings, and is then handed over once, whoever looks', async () => {
    const w = await aWorld({ with: ['workers'] })
    const { booking } = await askAndRoute(w)
    const queue = w.runtime.queues.get('approvals')
    expect([await w.runtime.outbox.sweep(0), await queue.getDelayedCount()]).to.deep.equal([
      { left: 0, isMore: false },
      0,
    ])
    w.clock.moveTo(plusMs(w.clock.now(), HOUR - ALARM_HORIZON))
    expect(await readOutboxAge(w.runtime), 'it waits for nothing').to.equal(0)
    await Promise.all([1, 2, 3].map(() => w.runtime.outbox.sweep(0)))
    await untilHandedOver(w, ['approvals.remind'])
    expect(await queue.getDelayedCount()).to.equal(1)
    await w.advance('10 minutes')
    expect((await approvalOf(w, booking.id)).reminderCount).to.equal(1)
    await w.end()
  })

  for (const [alarms, goes] of [
    [6, 1],
    [250, 2],
  ] as const)
    it(`is handed over with the others: ${alarms} take ${goes} of the relay's goes`, async () => {
      const w = await aWorld({ with: [] })
      const { outbox, db, queues } = w.runtime
      await rowsOf(
        db,
        `insert into jobs (id, name, payload, due_at, request_id) select gen_random_uuid(), 'approvals.expire', '{}',
           :soon::timestamptz + n * interval '1 second', 'test' from generate_series(1, :alarms::int) n`,
        { soon: plusMs(w.clock.now(), MINUTE), alarms },
      )
      let swept = 0
      const counting = { ...outbox, sweep: (age: number) => (swept++, outbox.sweep(age)) }
      await relayRows({ ...w.runtime, outbox: counting }, 0)
      expect([swept, await queues.get('approvals').getDelayedCount()]).to.deep.equal([goes, alarms])
      await w.end()
    })
})

describe('a queue server that lost everything', () => {
  it('gets every reminder, expiry and delivery back from the rows, none twice', async () => {
    const w = await aWorld({ with: [] })
    const workless = await ask(w)
    await w.runtime.outbox.settled()
    const before = await w.runtime.db('jobs')
    expect(before.map(({ name }) => name)).to.deep.equal(['approvals.route'])
    expect(await loseRedis(w)).to.be.above(0)
    expect(await reconcileQueues(w.runtime, 0)).to.equal(1)
    expect(await reconcileQueues(w.runtime, 0)).to.equal(0)
    expect((await bookingOf(w, workless.id)).status).to.equal('PENDING_APPROVAL')
    await w.end()
  })

  it('rings every alarm at its time, and delivers what was on its way', async () => {
    const w = await aWorld({ with: ['workers'] })
    const asked = [await askAndRoute(w), await askAndRoute(w)]
    await remindersAreNear(w)
    await Promise.all(w.runtime.queues.all.map((queue) => queue.pause()))
    await ask(w, 'sic')
    await w.runtime.outbox.settled()
    const pending = await w.runtime.db('jobs').orderBy('id')
    expect(pending.map(({ name }) => name).toSorted()).to.deep.equal([
      'approvals.expire',
      'approvals.expire',
      'approvals.remind',
      'approvals.remind',
      'approvals.route',
    ])

    await loseRedis(w)
    await untilItHasAgain(w, ['approvals.remind', 'approvals.route'])
    for (const { id, name, dueAt } of pending.filter((row) => row.name === 'approvals.remind')) {
      const job = await w.runtime.queues.get(queueOf(name)).getJob(id)
      expect((job?.timestamp ?? 0) + (job?.delay ?? 0), name).to.equal(dueAt.getTime())
    }

    await w.settle()
    await w.advance('5 minutes')
    expect(await toldTo(w, 'manager')).to.have.members([
      'APPROVAL_REQUIRED',
      'APPROVAL_REQUIRED',
      'BOOKING_CC_NOTIFICATION',
      'APPROVAL_REMINDER',
      'APPROVAL_REMINDER',
    ])
    await w.advance('23 hours')
    for (const { booking } of asked) expect((await bookingOf(w, booking.id)).status).to.equal('PENDING')
    expect(await w.runtime.db('jobs')).to.deep.equal([])
    await w.end()
  })

  it('is mended as well when it kept the jobs and lost what would ring them', async () => {
    const w = await aWorld({ with: ['workers'] })
    await askAndRoute(w)
    await remindersAreNear(w)
    await Promise.all(w.runtime.queues.all.map((queue) => queue.pause()))
    await ask(w, 'sic')
    await w.runtime.outbox.settled()
    const { redis, queues } = w.runtime
    const lists = ['approvals', 'notifications', 'bookings'].flatMap((name) =>
      ['wait', 'prioritized', 'delayed', 'paused', 'marker'].map((each) => queues.get(name).toKey(each)),
    )
    for (const key of lists) await redis.del(key)
    const rows = await w.runtime.db('jobs')
    expect(rows.map(({ name }) => name).toSorted()).to.deep.equal([
      'approvals.expire',
      'approvals.remind',
      'approvals.route',
    ])

    await untilItHasAgain(w, ['approvals.remind', 'approvals.route'])
    expect(await reconcileQueues(w.runtime, 0)).to.equal(0)
    const states: Record<string, string> = {
      'approvals.route': 'waiting',
      'approvals.remind': 'delayed',
      'approvals.expire': 'unknown',
    }
    for (const { id, name } of rows)
      expect(await queues.get(queueOf(name)).getJobState(id), name).to.equal(states[name])
    await Promise.all(queues.all.map((queue) => queue.resume()))
    await w.settle()
    await w.advance('5 minutes')
    expect(await toldTo(w, 'manager')).to.include('APPROVAL_REMINDER')
    await w.end()
  })

  it('is not believed about a job that lies failed although its row is due: only a refusal ends it', async () => {
    const w = await aWorld({ with: [] })
    await ask(w)
    await w.runtime.outbox.settled()
    const queue = w.runtime.queues.get('approvals')
    const worker = runQueue(w.runtime, 'approvals', new Map())
    await until('it is put off', async () => (await queue.getDelayedCount()) === 1)
    await worker.close()
    const [row] = await w.runtime.db('jobs').where({ name: 'approvals.route' })
    await w.runtime.redis.zrem(queue.toKey('delayed'), row.id)
    await w.runtime.redis.zadd(queue.toKey('failed'), '1', row.id)
    expect(await queue.getJobState(row.id)).to.equal('failed')
    await reconcileQueues(w.runtime, 0)
    expect(await queue.getJobState(row.id)).to.equal('waiting')
    await w.end()
  })

  it('also gets back the delivery that nobody had begun', async () => {
    const w = await aWorld({ with: [] })
    await w.change(async (change) => change.enqueue(deliverNotificationJob, { deliveryId: randomUUID() }))
    await w.runtime.outbox.settled()
    await loseRedis(w)
    expect(await reconcileQueues(w.runtime, 0)).to.equal(1)
    expect(await w.runtime.queues.get('notifications').getWaitingCount()).to.equal(1)
    await w.end()
  })

  it('asks the rows from one worker at a time, and of a queue that is whole not about what was shipped a moment ago', async () => {
    const w = await aWorld({ with: [] })
    await reconcileQueues(w.runtime)
    await ask(w)
    await w.runtime.outbox.settled()
    const [{ id }] = await w.runtime.db('jobs')
    await w.runtime.queues.get('approvals').remove(id)
    expect(await reconcileQueues(w.runtime)).to.equal(0)
    const counts = await Promise.all([1, 2, 3].map(() => reconcileQueues(w.runtime, 0)))
    expect(counts.reduce((sum, each) => sum + each)).to.equal(1)
    await w.end()
  })
})

/** An hour after the request a reminder rings: now Redis has it, and has not the deadline. */
async function remindersAreNear(w: World): Promise<void> {
  w.clock.moveTo(plusMs(w.clock.now(), HOUR - 5 * MINUTE))
  await w.runtime.outbox.sweep(0)
  await untilHandedOver(w, ['approvals.remind'])
}

/** A worker's own reconciler and relay may be at it. Alarms that ring later are rows alone until the relay hands them over. */
function untilItHasAgain({ runtime }: World, names: readonly string[]): Promise<void> {
  return until('Redis has them again', async () => {
    await reconcileQueues(runtime, 0)
    await runtime.outbox.sweep(0)
    const rows = await runtime.db('jobs').whereIn('name', names)
    const states = rows.map(({ id, name }) => runtime.queues.get(queueOf(name)).getJobState(id))
    return (await Promise.all(states)).every((state) => state !== 'unknown')
  })
}

/** A worker's own relay may be at it. */
function untilHandedOver(w: World, names: readonly string[]): Promise<void> {
  return until(
    'they are handed over',
    async () => (await w.runtime.db('jobs').whereIn('name', names).whereNull('shippedAt')).length === 0,
  )
}
