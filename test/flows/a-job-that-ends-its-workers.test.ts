// A job under which every worker dies stops nobody for long: real processes, killed by it.

import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import path from 'node:path'
import { expect } from 'chai'
import { deliverNotificationJob } from '../../shared/notifications/jobs.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const POISON = randomUUID()
const NEIGHBOURS = 6

describe('a job that ends its workers', () => {
  let w: World
  let prefix: string
  before(async () => {
    prefix = `k${randomBytes(6).toString('hex')}`
    w = await aWorld({ with: [], env: { BULLMQ_PREFIX: prefix } })
  })
  after(() => w.end())

  function startWorker() {
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/poisoned-worker.ts', POISON], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_ENV: 'test',
        LOG_LEVEL: 'error',
        DATABASE_URL: w.runtime.config.DATABASE_URL,
        REDIS_URL: process.env['TEST_REDIS_URL'] ?? '',
        REDIS_CLUSTER: process.env['TEST_REDIS_CLUSTER'] ?? '',
        BULLMQ_PREFIX: prefix,
        JWT_SECRET: 'a-secret-that-only-tests-know-long-enough',
        JOB_LOCK: '1s',
      },
    })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += String(chunk)
    })
    return { child, exit: once(child, 'exit'), said: () => said }
  }

  it('is dead after the third, with its reason; those that ran beside it are done', async () => {
    await w.change(async (change) => {
      for (const deliveryId of [POISON, ...Array.from({ length: NEIGHBOURS }, () => randomUUID())])
        change.enqueue(deliverNotificationJob, { deliveryId })
    })
    await w.runtime.outbox.settled()
    const [poison] = await w.runtime.db('jobs').whereRaw(`payload->>'deliveryId' = ?`, [POISON])
    const isDead = async (): Promise<boolean> =>
      (await w.runtime.db('jobs').where({ id: poison.id }).whereNotNull('failedAt')).length === 1

    const over = until(
      'it is dead and its neighbours are done',
      async () => (await isDead()) && (await w.runtime.db('jobs')).length === 1,
      100_000,
    ).then(() => 'over')
    let kills = 0
    let worker = startWorker()
    while ((await Promise.race([worker.exit, over])) !== 'over') {
      kills++
      worker = startWorker()
    }
    expect(kills).to.equal(3)
    const [row] = await w.runtime.db('jobs')
    expect(row).to.include({ id: poison.id, failedReason: '3 workers ended while they ran it' })
    const queue = w.runtime.queues.get(deliverNotificationJob.queue)
    await until('the board shows it', async () => (await queue.getFailedCount()) === 1)
    expect((await queue.getFailed())[0]?.failedReason).to.equal('3 workers ended while they ran it')
    await until('somebody is called', async () => worker.said().includes('job failed for good'))
    worker.child.kill('SIGTERM')
    await worker.exit
  })
})
