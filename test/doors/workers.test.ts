import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import path from 'node:path'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { openRuntime } from '../../shared/kit/process/runtime.ts'
import { declaredJobs, type JobDeclaration } from '../../shared/kit/declare/job.ts'
import { DAY, MINUTE, plusMs } from '../../shared/kit/time/time.ts'
import { deliverNotificationJob } from '../../shared/notifications/jobs.ts'
import { remindApproverJob } from '../../shared/approvals/jobs.ts'
import type { Change } from '../../shared/kit/store/change.ts'
import { HANDLERS, handlersByName } from '../../workers/handlers/all.ts'
import { handleJob, type Handler } from '../../workers/handlers/handler.ts'
import { runQueue, type Runner } from '../../workers/runner.ts'
import { recoverFailedJobs, reconcileQueues } from '../../workers/reconcile.ts'
import { openWorkers } from '../../workers/workers.ts'
import { testConfig } from '../support/config.ts'
import { aCuttingProxy } from '../support/cutting-proxy.ts'
import { cloneDatabase, dropDatabase, urlOf } from '../support/database.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const SOME = '6f0ad0d4-4c39-4dd5-9d0b-2f7a6c1d2b10'

describe('the register of jobs', () => {
  it('has exactly one handler for every declared job', () => {
    expect([...handlersByName().keys()].toSorted()).to.deep.equal(
      declaredJobs()
        .map(({ name }) => name)
        .toSorted(),
    )
  })

  it('refuses to start with a job that has no handler, or two', () => {
    const [first] = HANDLERS
    const orphan = { name: 'bookings.orphan' } as JobDeclaration<unknown>
    expect(() => handlersByName([...HANDLERS, ...(first ? [first] : [])])).to.throw(
      `The job ${first?.job.name} has 2 handlers.`,
    )
    expect(() => handlersByName(HANDLERS, [...declaredJobs(), orphan])).to.throw(
      'The job bookings.orphan has no handler.',
    )
  })
})

describe('the job door', () => {
  let w: World
  let runner: Runner | undefined
  beforeEach(async () => {
    w = await aWorld({ with: [] })
    // Handlers of these tests note here what they did.
    await w.runtime.db('recurring_jobs').delete()
  })
  afterEach(async () => {
    await runner?.close()
    runner = undefined
    await w.end()
  })

  const run = (handler: Handler): void => {
    runner = runQueue(w.runtime, handler.job.queue, new Map([[handler.job.name, handler]]))
  }
  const order = (due?: Date): Promise<string> =>
    w.change(async (change) => change.enqueue(deliverNotificationJob, { deliveryId: SOME }, due))
  const jobOf = async () => {
    const [row] = await w.runtime.db('jobs').select('id', 'name')
    return row && w.runtime.queues.get('notifications').getJob(row.id)
  }

  it('tries again what failed, and does it once', async () => {
    let tries = 0
    run(
      handleJob(deliverNotificationJob, async () => {
        tries++
        if (tries === 1) throw new Error('a network that stumbles')
      }),
    )
    await order()
    await w.settle().catch(() => undefined)
    await until('it is done', async () => (await w.runtime.db('jobs')).length === 0)
    expect(tries).to.equal(2)
  })

  it('does not try again what cannot succeed, keeps its reason, and lets an operator retry', async () => {
    let isMended = false
    run(
      handleJob(deliverNotificationJob, async () => {
        if (!isMended) throw new AppError(409, 'conflict', 'It is too late for that')
      }),
    )
    await order()
    await until('it has failed', async () => (await (await jobOf())?.getState()) === 'failed')
    const job = await jobOf()
    expect(job?.failedReason).to.equal('It is too late for that')
    expect(job?.attemptsMade).to.equal(1)
    await until(
      'the row says so',
      async () => (await w.runtime.db('jobs').whereNotNull('failedAt')).length === 1,
    )
    isMended = true
    await job?.retry()
    await until('it is done', async () => (await w.runtime.db('jobs')).length === 0)
  })

  it('tells the handler of what failed for good, in the change that says so, and calls somebody', async () => {
    const given: string[] = []
    run(
      handleJob(
        deliverNotificationJob,
        async () => {
          throw new AppError(409, 'conflict', 'It is too late for that')
        },
        {
          async giveUp(change, { deliveryId }, reason) {
            given.push(deliveryId, reason)
            await change.db('recurring_jobs').insert({ name: 'given up', lastAt: change.now })
          },
        },
      ),
    )
    await order()
    await until(
      'the row says so',
      async () => (await w.runtime.db('jobs').whereNotNull('failedAt')).length === 1,
    )
    expect(given).to.deep.equal([SOME, 'It is too late for that'])
    expect(await w.runtime.db('recurring_jobs').pluck('name')).to.deep.equal(['given up'])
    expect(await w.runtime.db('jobs').pluck('failed_reason')).to.deep.equal(['It is too late for that'])
    await until('somebody is called', async () =>
      (await w.runtime.metrics.deadJobs.get()).values.some(
        ({ labels, value }) => labels.job === deliverNotificationJob.name && value === 1,
      ),
    )
  })

  it('says that a job failed even when its handler cannot give it up', async () => {
    run(
      handleJob(
        deliverNotificationJob,
        async () => {
          throw new AppError(409, 'conflict', 'no')
        },
        {
          giveUp: async () => {
            throw new Error('cannot')
          },
        },
      ),
    )
    await order()
    await until(
      'the row says so',
      async () => (await w.runtime.db('jobs').whereNotNull('failedAt')).length === 1,
    )
  })

  it('does not carry out again what failed for good when Redis forgot it, and shows it as failed', async () => {
    let tries = 0
    run(
      handleJob(deliverNotificationJob, async () => {
        tries++
        throw new AppError(409, 'conflict', 'It is too late for that')
      }),
    )
    await order()
    await until('it has failed', async () => (await (await jobOf())?.getState()) === 'failed')
    await w.runtime.outbox.settled()
    await (await jobOf())?.remove()
    expect(await reconcileQueues(w.runtime, 0)).to.equal(1)
    await w.runtime.outbox.sweep(0)
    await until('it is shown again', async () => (await (await jobOf())?.getState()) === 'failed')
    expect((await jobOf())?.failedReason).to.equal('It is too late for that')
    expect(tries).to.equal(1)
  })

  it('tries once more, and not twice, what an older release gave up because a server was away', async () => {
    let tries = 0
    const failAgain = async (kept: string | null, times: number): Promise<void> => {
      await until(
        'it has failed',
        async () =>
          tries === times &&
          (await w.runtime.db('jobs').whereNotNull('failedAt')).length === 1 &&
          (await (await jobOf())?.getState()) === 'failed',
      )
      await w.runtime.db('jobs').update({ failedReason: kept })
      await reconcileQueues(w.runtime, 0)
    }
    run(
      handleJob(deliverNotificationJob, async () => {
        tries++
        throw new AppError(409, 'conflict', 'read ECONNRESET')
      }),
    )
    await order()
    await w.runtime.outbox.settled()
    await failAgain('Error ECONNRESET', 1)
    await failAgain('Error ECONNRESET', 2)
    expect(await w.runtime.db('jobs').whereNotNull('failedAt')).to.have.length(1)
    await w.runtime.db('jobs').update({ failureJudgedAt: null })
    await failAgain(null, 2)
    await failAgain('It is too late for that', 3)
    await w.runtime.db('jobs').update({ failureJudgedAt: null })
    await reconcileQueues(w.runtime, 0)
    expect(await w.runtime.db('jobs').whereNotNull('failedAt')).to.have.length(1)
  })

  it('rings at once what is due by its row, although its entry would ring in a year', async () => {
    let rings = 0
    run(
      handleJob(deliverNotificationJob, async () => {
        rings++
      }),
    )
    await order(plusMs(w.clock.now(), MINUTE))
    await w.runtime.outbox.settled()
    const inAYear = plusMs(w.clock.now(), 365 * DAY).getTime() * 0x1000
    const { id = '' } = (await jobOf()) ?? {}
    await w.runtime.redis.zadd(w.runtime.queues.get('notifications').toKey('delayed'), inAYear, id)
    await w.runtime.db('jobs').update({ dueAt: w.clock.now() })
    w.clock.moveTo(plusMs(w.clock.now(), 1))
    expect([await reconcileQueues(w.runtime, 0), rings]).to.deep.equal([0, 0])
    await until('it is done', async () => (await w.runtime.db('jobs')).length === 0)
    expect(rings).to.equal(1)
  })

  it('leaves a job of a newer release to a newer worker', async () => {
    const queue = w.runtime.queues.get('notifications')
    runner = runQueue(w.runtime, 'notifications', new Map())
    await order()
    await until('it is put off', async () => (await queue.getDelayedCount()) === 1)
    expect(await queue.getFailedCount()).to.equal(0)
    expect(await w.runtime.db('jobs').whereNotNull('failedAt')).to.deep.equal([])
  })

  it('leaves a job with a field of a newer release to a newer worker, which does it', async () => {
    const queue = w.runtime.queues.get('notifications')
    let done = 0
    const older = runQueue(
      w.runtime,
      'notifications',
      new Map([
        [
          deliverNotificationJob.name,
          handleJob(deliverNotificationJob, async () => {
            done++
          }),
        ],
      ]),
    )
    const id = await order()
    await w.runtime
      .db('jobs')
      .where({ id })
      .update({ payload: JSON.stringify({ deliveryId: SOME, since: 'the next release' }) })
    await until('it is put off', async () => (await queue.getDelayedCount()) === 1)
    expect(done).to.equal(0)
    expect(await w.runtime.db('jobs').whereNotNull('failedAt')).to.deep.equal([])
    await older.close()
    runner = runQueue(
      w.runtime,
      'notifications',
      new Map([
        [
          deliverNotificationJob.name,
          {
            job: deliverNotificationJob,
            isGathered: false,
            run: async () => {
              done++
            },
          },
        ],
      ]),
    )
    await (await jobOf())?.promote()
    await until('it is done', async () => (await w.runtime.db('jobs')).length === 0)
    expect(done).to.equal(1)
  })

  for (const reason of [
    `This process has no handler for ${deliverNotificationJob.name}`,
    `job ${deliverNotificationJob.name}/since is unknown`,
  ]) {
    it(`takes up what a worker of an older release failed: ${reason}`, async () => {
      let isNewer = false
      run(
        handleJob(deliverNotificationJob, async () => {
          if (!isNewer) throw new AppError(400, 'malformed', reason)
        }),
      )
      await order()
      await until(
        'the row says so',
        async () => (await w.runtime.db('jobs').whereNotNull('failedAt')).length === 1,
      )
      await until('it has failed', async () => (await (await jobOf())?.getState()) === 'failed')
      isNewer = true
      await recoverFailedJobs(w.runtime)
      await until('it is done', async () => (await w.runtime.db('jobs')).length === 0)
    })
  }

  it('charges no attempt while PostgreSQL is away, and goes on by itself once it is back', async () => {
    const line = await aCuttingProxy(w.runtime.config.DATABASE_URL)
    const runtime = openRuntime({ ...w.runtime.config, DATABASE_URL: line.url }, w.clock, w.runtime.log)
    let tries = 0
    runner = runQueue(
      runtime,
      'notifications',
      new Map([
        [
          deliverNotificationJob.name,
          handleJob(deliverNotificationJob, async (change) => {
            if (++tries === 1) line.reset()
            await change.db.raw('select 1')
          }),
        ],
      ]),
    )
    await order()
    const waits = async (): Promise<boolean> =>
      tries === 1 && (await w.runtime.queues.get('notifications').getActiveCount()) === 1
    await until('it waits for PostgreSQL', waits)
    expect((await jobOf())?.attemptsMade).to.equal(0)
    line.pass()
    await until('it is done', async () => (await w.runtime.db('jobs')).length === 0)
    expect(tries).to.equal(2)
    await runner.close()
    await runtime.close()
    await line.close()
  })

  it('hands back what waits for PostgreSQL when the worker stops', async () => {
    const line = await aCuttingProxy(w.runtime.config.DATABASE_URL)
    const runtime = openRuntime({ ...w.runtime.config, DATABASE_URL: line.url }, w.clock, w.runtime.log)
    line.reset()
    const cut = runQueue(
      runtime,
      'notifications',
      new Map([[deliverNotificationJob.name, handleJob(deliverNotificationJob, async () => undefined)]]),
    )
    await order()
    await until('it waits', async () => (await w.runtime.queues.get('notifications').getActiveCount()) === 1)
    cut.handBack()
    await cut.close()
    await runtime.close()
    await line.close()
    expect(await (await jobOf())?.getState()).to.equal('waiting')
  })

  it('starts while PostgreSQL is away, and does its work once it is back', async () => {
    const line = await aCuttingProxy(w.runtime.config.DATABASE_URL)
    const runtime = openRuntime(
      { ...w.runtime.config, DATABASE_URL: line.url, DATABASE_POOL: 10 },
      w.clock,
      w.runtime.log,
    )
    line.reset()
    const workers = await openWorkers(runtime, () => undefined)
    await order()
    line.pass()
    await until('it is done', async () => (await w.runtime.db('jobs')).length === 0)
    await workers.close()
    await runtime.close()
    await line.close()
  })

  it('lets what others have done, or are doing, go past a job that may have ended its worker', async () => {
    const [slow, done, held, free] = Array.from({ length: 4 }, () => randomUUID())
    const begun: string[] = []
    let release = (): void => undefined
    const isReleased = new Promise<void>((resolve) => {
      release = resolve
    })
    const queue = w.runtime.queues.get('notifications')
    const suspect = async (deliveryId = ''): Promise<string> => {
      await queue.pause()
      const id = await w.change(async (change) => change.enqueue(deliverNotificationJob, { deliveryId }))
      await w.runtime.outbox.settled()
      await w.runtime.redis.hset(queue.toKey(id), 'stc', 1)
      return id
    }
    const isGone = async (id: string): Promise<boolean> =>
      ['completed', 'delayed'].includes(String(await (await queue.getJob(id))?.getState()))

    const holding = await suspect(held)
    await w.runtime.db.transaction(async (trx) => {
      await trx('jobs').where({ id: holding }).forUpdate()
      run(
        handleJob(deliverNotificationJob, async (_change, { deliveryId }) => {
          begun.push(deliveryId)
          if (deliveryId === slow) await isReleased
        }),
      )
      await queue.resume()
      await until('what somebody is doing is put off', () => isGone(holding))
      await suspect(slow)
      await queue.resume()
      await until('one that may be the reason runs', async () => begun.length === 1)
      const over = await suspect(done)
      await w.runtime.db('jobs').where({ id: over }).delete()
      await queue.resume()
      await until('what is done is over', () => isGone(over))
      expect(begun).to.deep.equal([slow])
      await suspect(free)
      await queue.resume()
      release()
      await until('the next one has had its turn', async () => begun.includes(String(free)))
    })
    expect(begun).not.to.include(done)
    await (await queue.getJob(holding))?.promote()
    await until(
      'what nobody is doing any more is done',
      async () => (await w.runtime.db('jobs')).length === 0,
    )
  })

  it('undoes what a failed handler wrote', async () => {
    run(
      handleJob(deliverNotificationJob, async (change) => {
        await change.db('recurring_jobs').insert({ name: 'half done', lastAt: change.now })
        throw new AppError(409, 'conflict', 'no')
      }),
    )
    await order()
    await until('it has failed', async () => (await (await jobOf())?.getState()) === 'failed')
    expect(await w.runtime.db('recurring_jobs')).to.deep.equal([])
  })

  it('does once what is handed to Redis twice', async () => {
    let times = 0
    await order()
    await w.runtime.outbox.settled()
    const [row] = await w.runtime.db('jobs').select('id', 'name', 'payload', 'dueAt', 'requestId')
    const queue = w.runtime.queues.get('notifications')
    await queue.add(row.name, { payload: row.payload, requestId: 'again' }, { jobId: `${row.id}` })
    run(
      handleJob(deliverNotificationJob, async () => {
        times++
      }),
    )
    await until('it is done', async () => (await w.runtime.db('jobs')).length === 0)
    await queue.add(row.name, { payload: row.payload, requestId: 'again' }, { jobId: `${row.id}-again` })
    await until(
      'both have run',
      async () => (await queue.getWaitingCount()) + (await queue.getActiveCount()) === 0,
    )
    expect(times).to.equal(1)
  })

  it('sets an alarm that rings early to its time, and charges no attempt', async () => {
    let rung = 0
    run(
      handleJob(deliverNotificationJob, async () => {
        rung++
      }),
    )
    await order(plusMs(w.clock.now(), 5 * MINUTE))
    await w.runtime.outbox.settled()
    await (await jobOf())?.promote()
    await until('it is put off', async () => (await (await jobOf())?.isDelayed()) === true)
    expect(rung).to.equal(0)
    expect((await jobOf())?.attemptsMade).to.equal(0)
    await w.advance('5 minutes')
    expect(rung).to.equal(1)
  })

  it('hands back what takes too long when the worker stops, whole, and another does it', async () => {
    let begun = 0
    run(
      handleJob(deliverNotificationJob, async (change: Change) => {
        begun++
        await change.db('recurring_jobs').insert({ name: `begun ${begun}`, lastAt: change.now })
        if (begun === 1) await new Promise<never>(() => undefined)
      }),
    )
    await order()
    await until('it has begun', async () => begun === 1)
    const closing = runner?.close()
    runner?.handBack()
    await closing
    expect(await w.runtime.db('jobs')).to.have.length(1)
    expect(await w.runtime.db('recurring_jobs')).to.deep.equal([])
    run(
      handleJob(deliverNotificationJob, async () => {
        begun++
      }),
    )
    await until('another has done it', async () => (await w.runtime.db('jobs')).length === 0)
    expect(begun).to.equal(2)
  })

  it('ships again whatever Redis has forgotten, delayed or not, and no job twice', async () => {
    await order()
    await w.change(async (change) =>
      change.enqueue(remindApproverJob, { approvalId: SOME }, plusMs(w.clock.now(), 5 * MINUTE)),
    )
    await w.runtime.outbox.settled()
    expect(await reconcileQueues(w.runtime, 0)).to.equal(0)
    await Promise.all(
      w.runtime.queues.all.map(async (queue) => {
        await queue.obliterate({ force: true })
        await w.runtime.redis.del(queue.toKey('sign'))
      }),
    )
    expect(await reconcileQueues(w.runtime, 0)).to.equal(2)
    expect(await reconcileQueues(w.runtime, 0)).to.equal(0)
    expect(await w.runtime.queues.get('notifications').getWaitingCount()).to.equal(1)
    await w.runtime.outbox.sweep(0)
    expect(await w.runtime.queues.get('approvals').getDelayedCount()).to.equal(1)
  })
})

describe('a process', () => {
  const startWorker = async (
    env: Record<string, string>,
  ): Promise<{ code: number | null; output: string }> => {
    const child = spawn(process.execPath, ['bin/serve.mjs', 'workers/main.ts'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] ?? '', ...env },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += String(chunk)
      })
    const [code] = await once(child, 'close')
    return { code, output }
  }

  it('does not start with wrong settings, and names all of them at once', async () => {
    const { code, output } = await startWorker({ PORT: 'many', APPROVAL_TTL: 'soon', JWT_SECRET: 'short' })
    expect(code).to.equal(1)
    for (const name of ['PORT', 'APPROVAL_TTL', 'JWT_SECRET', 'DATABASE_URL', 'REDIS_URL'])
      expect(output).to.contain(`  ${name} `)
  })

  it('does not start on a Redis that throws jobs away', async () => {
    const { startRedis } = await import('../../bin/embedded/redis.ts')
    const { freePort } = await import('../../bin/embedded/ports.ts')
    const { mkdtemp, rm } = await import('node:fs/promises')
    const { tmpdir } = await import('node:os')
    const dir = await mkdtemp(path.join(tmpdir(), 'bellhop-evicting-'))
    const server = await startRedis({
      dir,
      port: await freePort(),
      log: () => undefined,
      durable: false,
      program: JSON.parse(process.env['TEST_REDIS_SERVER'] ?? 'null'),
    })
    const redis = new Redis(server.administrator)
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    redis.disconnect()
    const { code, output } = await startWorker({
      DATABASE_URL: urlOf('postgres'),
      REDIS_URL: server.url,
      JWT_SECRET: testConfig({ DATABASE_URL: urlOf('x') }).JWT_SECRET.join(','),
    })
    await server.stop()
    await rm(dir, { recursive: true, force: true })
    expect(code).to.equal(1)
    expect(output).to.contain('noeviction')
  })

  for (const [main, asking] of [
    ['workers/main.ts', 'memory'],
    ['realtime/main.ts', 'heartbeat'],
  ] as const) {
    it(`starts although Redis does not answer in time at first: ${main}`, async () => {
      const [line, database] = [
        await aCuttingProxy(process.env['TEST_REDIS_URL'] ?? ''),
        await cloneDatabase(),
      ]
      line.swallowAfter(asking)
      const child = spawn(process.execPath, ['bin/serve.mjs', main], {
        cwd: ROOT,
        env: {
          PATH: process.env['PATH'] ?? '',
          NODE_ENV: 'test',
          DATABASE_URL: urlOf(database),
          REDIS_URL: line.url,
          BULLMQ_PREFIX: `s${randomUUID()}`,
          JWT_SECRET: 'a-secret-that-only-tests-know-long-enough',
          REALTIME_PORT: '0',
          SOCKETIO_PORT: '0',
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const exit = once(child, 'exit')
      let output = ''
      child.stdout.on('data', (chunk) => {
        output += String(chunk)
      })
      await until('it is ready', async () => output.includes('"msg":"ready"') || child.exitCode !== null)
      expect([child.exitCode, output]).to.deep.equal([null, output])
      expect(output).to.include('a server did not answer at start')
      child.kill('SIGTERM')
      await exit
      await line.close()
      await dropDatabase(database)
    })
  }

  it('does not start for queues that do not exist', async () => {
    const { code, output } = await startWorker({
      DATABASE_URL: urlOf('postgres'),
      REDIS_URL: process.env['TEST_REDIS_URL'] ?? '',
      JWT_SECRET: 'a-secret-that-only-tests-know-long-enough',
      WORKER_QUEUES: 'chats',
    })
    expect(code).to.equal(1)
    expect(output).to.contain('WORKER_QUEUES names chats')
  })

  for (const [env, said] of [
    [{ DATABASE_POOL: '5' }, 'DATABASE_POOL (5) must be at least WORKER_CONCURRENCY (10)'],
    [{ DATABASE_LONG_POOL: '3' }, 'DATABASE_LONG_POOL (3) must be at least 4'],
  ] as const) {
    it(`does not start when its jobs could wait for one another: ${said}`, async () => {
      const { code, output } = await startWorker({
        DATABASE_URL: urlOf('postgres'),
        REDIS_URL: process.env['TEST_REDIS_URL'] ?? '',
        JWT_SECRET: 'a-secret-that-only-tests-know-long-enough',
        ...env,
      })
      expect(code).to.equal(1)
      expect(output).to.contain(said)
    })
  }
})
