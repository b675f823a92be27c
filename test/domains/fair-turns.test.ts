// The flood of one organisation delays the others by little, in every queue.

import { once } from 'node:events'
import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { makeChange } from '../../shared/kit/store/change.ts'
import { remindApproverJob } from '../../shared/approvals/jobs.ts'
import { openRuntime } from '../../shared/kit/process/runtime.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { HOUR, MINUTE, plusMs, SECOND } from '../../shared/kit/time/time.ts'
import { callWebhookJob, deliverNotificationJob } from '../../shared/notifications/jobs.ts'
import { placeAlarms } from '../../workers/alarm-turns.ts'
import { handleJob } from '../../workers/handlers/handler.ts'
import { runQueue, type Runner } from '../../workers/runner.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

const FLOOD = 10_000
const FEW = 10

describe('a neighbour who floods', () => {
  let w: World
  let runner: Runner | undefined
  before(async () => {
    w = await aWorld({ with: [] })
  })
  afterEach(async () => {
    runner?.handBack()
    await runner?.close()
    runner = undefined
  })
  after(() => w.end())

  const order = (orgId: string, count: number): Promise<void> =>
    makeChange(w.runtime, { requestId: 'test', orgId }, async (change) => {
      for (let n = 0; n < count; n++) change.enqueue(deliverNotificationJob, { deliveryId: randomUUID() })
    })

  it('with ten thousand jobs lets ten of another organisation be done before two hundred of its own', async () => {
    const [loud, quiet] = [randomUUID(), randomUUID()]
    await order(loud, FLOOD)
    await w.runtime.outbox.settled()
    await order(quiet, FEW)
    await w.runtime.outbox.settled()
    const done: (string | null | undefined)[] = []
    runner = runQueue(
      w.runtime,
      deliverNotificationJob.queue,
      new Map([
        [
          deliverNotificationJob.name,
          handleJob(deliverNotificationJob, async (change) => void done.push(change.origin.orgId)),
        ],
      ]),
    )
    await until('the ten are done', async () => done.filter((orgId) => orgId === quiet).length === FEW)
    expect(done.slice(0, done.lastIndexOf(quiet)).filter((orgId) => orgId === loud)).to.have.length.below(200)
  })

  it(
    'with twenty thousand alarms at one instant lets ten of another organisation, at the same instant, be ' +
      'done before two hundred of its own',
    async () => {
      let now = new Date(Date.now() - 2 * HOUR)
      const runtime = openRuntime(w.runtime.config, { now: () => now }, w.runtime.log)
      await whenReady(runtime.redis)
      const due = plusMs(now, 5 * MINUTE)
      const set = async (orgId: string, count: number): Promise<void> => {
        await makeChange(runtime, { requestId: 'test', orgId }, async (change) => {
          for (let n = 0; n < count; n++) change.enqueue(remindApproverJob, { approvalId: randomUUID() }, due)
        })
        await runtime.outbox.settled()
      }
      const [loud, quiet] = [randomUUID(), randomUUID()]
      for (let n = 0; n < 20; n++) await set(loud, 1000)
      await set(quiet, FEW)
      now = plusMs(due, -10 * SECOND)
      await placeAlarms(runtime, now)
      now = new Date()
      const done: (string | null | undefined)[] = []
      runner = runQueue(
        runtime,
        remindApproverJob.queue,
        new Map([
          [
            remindApproverJob.name,
            handleJob(remindApproverJob, async (change) => void done.push(change.origin.orgId)),
          ],
        ]),
      )
      await until('the ten are done', async () => done.filter((orgId) => orgId === quiet).length === FEW)
      expect(done.slice(0, done.lastIndexOf(quiet)).filter((orgId) => orgId === loud)).to.have.length.below(
        200,
      )
      runner.handBack()
      await runner.close()
      runner = undefined
      await runtime.close()
    },
  )

  it('whose jobs take long holds half of the places, and not those of others', async () => {
    const [slow, quick] = [randomUUID(), randomUUID()]
    const begun: (string | null | undefined)[] = []
    const ending = new AbortController()
    runner = runQueue(
      w.runtime,
      callWebhookJob.queue,
      new Map([
        [
          callWebhookJob.name,
          handleJob(callWebhookJob, async ({ origin: { orgId } }) => {
            begun.push(orgId)
            if (orgId === slow) await once(ending.signal, 'abort')
          }),
        ],
      ]),
    )
    const call = async (orgId: string, count: number): Promise<void> => {
      await makeChange(w.runtime, { requestId: 'test', orgId }, async (change) => {
        for (let n = 0; n < count; n++) change.enqueue(callWebhookJob, { deliveryId: randomUUID() })
      })
      await w.runtime.outbox.settled()
    }
    const since = performance.now()
    await call(slow, 1)
    await until('it takes long', async () => begun.length === 1 && performance.now() - since > 2000)
    await call(slow, 30)
    await call(quick, FEW)
    await until('the others are done', async () => begun.filter((orgId) => orgId === quick).length === FEW)
    expect(begun.filter((orgId) => orgId === slow)).to.have.length(w.runtime.config.WORKER_CONCURRENCY / 2)
    ending.abort()
  })
})
