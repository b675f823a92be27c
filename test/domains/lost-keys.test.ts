// Redis lost a part of its keys, and not others: an evicting policy was set while everything ran, or somebody deleted by hand.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { systemClock } from '../../shared/kit/process/clock.ts'
import { makeChange } from '../../shared/kit/store/change.ts'
import { operationsPage } from '../../shared/kit/process/health.ts'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { MINUTE, plusMs, SECOND } from '../../shared/kit/time/time.ts'
import { deliverNotificationJob } from '../../shared/notifications/jobs.ts'
import { handleJob } from '../../workers/handlers/handler.ts'
import { reconcileQueues } from '../../workers/reconcile.ts'
import { runQueue, type Runner } from '../../workers/runner.ts'
import { someRedis, type RedisServers } from '../support/redis-servers.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

const ALARMS = 200
const AT_ONCE = 50

describe('a Redis that lost some keys of its queues', () => {
  let servers: RedisServers
  let w: World
  let runtime: Runtime
  let redis: Redis
  let runner: Runner | undefined
  before(async () => {
    servers = await someRedis()
    redis = new Redis(servers.administrator['REDIS_URL'] ?? '')
  })
  beforeEach(async () => {
    await servers.flushall()
    w = await aWorld({ with: [], env: { REDIS_URL: '', ...servers.env } })
    // Handlers of these tests note here what they did.
    await w.runtime.db('recurring_jobs').delete()
    runtime = openRuntime(w.runtime.config, systemClock, w.runtime.log)
    await whenReady(runtime.redis)
  })
  afterEach(async () => {
    await runner?.close()
    runner = undefined
    await runtime.close()
    await w.end()
  })
  after(async () => {
    redis.disconnect()
    await servers.stop()
  })

  const order = async (count: number, due?: Date): Promise<void> => {
    await makeChange(runtime, { requestId: 'test' }, async (change) => {
      for (let n = 0; n < count; n++)
        change.enqueue(deliverNotificationJob, { deliveryId: randomUUID() }, due)
    })
    await runtime.outbox.settled()
  }
  const figure = async (section: string, name: string): Promise<number> =>
    Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(await redis.info(section))?.[1])

  const runJobs = (): void => {
    runner = runQueue(
      runtime,
      deliverNotificationJob.queue,
      new Map([
        [
          deliverNotificationJob.name,
          handleJob(
            deliverNotificationJob,
            async ({ db, now }, { deliveryId }) =>
              void (await db('recurring_jobs').insert({ name: deliveryId, lastAt: now })),
          ),
        ],
      ]),
    )
  }
  const untilDone = (): Promise<void> =>
    until('everything is done', async () => {
      await reconcileQueues(runtime, 0)
      await runtime.outbox.sweep(0)
      return (await runtime.db('jobs')).length === 0
    })

  /** Memory is short by a little more each time, until what would ring the alarms is gone. */
  const evict = async (): Promise<void> => {
    const queue = runtime.queues.get('notifications')
    await redis.config('SET', 'maxmemory-policy', 'allkeys-random')
    await until('the alarms are gone', async () => {
      await redis.config('SET', 'maxmemory', String((await figure('memory', 'used_memory')) - 20_000))
      await redis.set('one more', 'word').catch(() => undefined)
      return (await redis.exists(queue.toKey('delayed'))) === 0
    })
    await redis.config('SET', 'maxmemory', '0')
    await redis.config('SET', 'maxmemory-policy', 'noeviction')
  }

  it('has every row carried out exactly once all the same, and Bellhop becomes well', async () => {
    await reconcileQueues(runtime)
    await order(AT_ONCE)
    await order(ALARMS, plusMs(systemClock.now(), 3 * SECOND))
    await evict()
    expect(await figure('stats', 'evicted_keys')).to.be.above(0)
    runJobs()
    await untilDone()
    expect(await runtime.db('recurring_jobs')).to.have.length(AT_ONCE + ALARMS)
    expect(JSON.parse((await operationsPage(runtime, '/readyz')).body)).to.deep.include({ ready: true })
  })

  it('that lost what a job is, and not that it waits, does it all the same', async () => {
    await order(1)
    const [{ id }] = await runtime.db('jobs')
    await redis.del(runtime.queues.get('notifications').toKey(id))
    runJobs()
    await untilDone()
    expect(await runtime.db('recurring_jobs')).to.have.length(1)
  })

  it('is asked as little about ten thousand alarms that wait for their time as about ten', async () => {
    const commandsOfPass = async (): Promise<number> => {
      const before = await figure('stats', 'total_commands_processed')
      await reconcileQueues(runtime, 0)
      return (await figure('stats', 'total_commands_processed')) - before
    }
    await reconcileQueues(runtime, 0)
    await order(10, plusMs(systemClock.now(), 9 * MINUTE))
    const few = await commandsOfPass()
    // A few at a time, for a producer gives up on what takes a second.
    for (let n = 0; n < 10; n++) await order(999, plusMs(systemClock.now(), 9 * MINUTE))
    expect([await commandsOfPass(), few]).to.deep.equal([few, runtime.queues.all.length + 1])
  })

  it('is asked about all of them when the sign of a queue is gone, and gets back what it lost', async () => {
    await reconcileQueues(runtime, 0)
    await order(2500, plusMs(systemClock.now(), 9 * MINUTE))
    const queue = runtime.queues.get('notifications')
    await redis.del(queue.toKey('delayed'))
    expect(await reconcileQueues(runtime, 0)).to.equal(0)
    await redis.del(queue.toKey('sign'))
    expect(await reconcileQueues(runtime, 0)).to.equal(2500)
    expect([await queue.getDelayedCount(), await reconcileQueues(runtime, 0)]).to.deep.equal([2500, 0])
  })

  it('gets back at once what rings soon, and what rings later in its order, however much that is', async () => {
    await reconcileQueues(runtime, 0)
    await order(2, plusMs(systemClock.now(), 20 * SECOND))
    await order(500, plusMs(systemClock.now(), 9 * MINUTE))
    await order(50, plusMs(systemClock.now(), 5 * MINUTE))
    await redis.flushall()
    const queue = runtime.queues.get('notifications')
    expect(await reconcileQueues(runtime, 0)).to.equal(552)
    const inRedis = (): Promise<number> => queue.getJobCountByTypes('delayed', 'waiting', 'prioritized')
    expect(await inRedis(), 'those that ring soon').to.equal(2)
    await runtime.outbox.sweep(0)
    expect(await inRedis(), 'a page of the others').to.equal(202)
    const rows = await runtime.db('jobs').orderBy('dueAt').select('shippedAt')
    expect(
      rows.slice(0, 52).filter(({ shippedAt }) => shippedAt === null),
      'those that ring first',
    ).to.deep.equal([])
  })

  it('looks at one overdue page after the other, so that a long backlog hides nothing behind it', async () => {
    await reconcileQueues(runtime, 0)
    await order(1500)
    await order(1)
    const queue = runtime.queues.get('notifications')
    const [last] = await runtime.db('jobs').orderBy('createdAt', 'desc').limit(1)
    await queue.remove(last.id)
    const walk = { after: undefined }
    expect([
      await reconcileQueues(runtime, 0, walk),
      await reconcileQueues(runtime, 0, walk),
      await reconcileQueues(runtime, 0, walk),
    ]).to.deep.equal([0, 1, 0])
  })
})
