// Runs the jobs of one queue. For each: take its row, run its handler in the same transaction, commit, ship what it caused;
// what reaches outside goes its own way (outside.ts).
// Promise: what a handler does to the database it does once, however often the job rings. Not promised: that it is tried
// only once, or at once.

import { setMaxListeners } from 'node:events'
import { makeChange } from '../shared/kit/change.ts'
import type { House } from '../shared/kit/house.ts'
import { holdJob, markFailed, takeJob } from '../shared/kit/outbox.ts'
import { DelayedError, queuePrefix, UnrecoverableError, WaitingError, Worker, type JobData, type QueuedJob } from '../shared/kit/queue.ts'
import { openBlocking } from '../shared/kit/redis.ts'
import { troubleTeller } from '../shared/kit/trouble.ts'
import type { AnyHandler } from './handlers/handler.ts'
import { failureOf } from './failure.ts'
import { Again, reachOutside } from './outside.ts'

export interface Runner {
  readonly queue: string
  /** Takes no more jobs and waits for those under way; `handBack` gives up on them. */
  close(): Promise<void>
  handBack(): void
}

class HandedBack extends Error {}

/** @param warn of trouble with the queues' server, which they all have at once */
export function runQueue(house: House, queue: string, handlers: ReadonlyMap<string, AnyHandler>, warn = troubleTeller(house)): Runner {
  const connection = openBlocking(house.config)
  const ending = new AbortController()
  setMaxListeners(0, ending.signal)
  const worker = new Worker<JobData>(queue, (job, token) => runJob(house, handlers, ending.signal, job, token), {
    connection,
    prefix: queuePrefix(house.config, queue),
    concurrency: house.config.WORKER_CONCURRENCY,
    // A worker that was killed loses its jobs to another after at most lock + interval. A stall is no fault of the job,
    // so it may happen to it several times before somebody has to look.
    lockDuration: house.config.JOB_LOCK,
    stalledInterval: Math.ceil(house.config.JOB_LOCK / 2),
    maxStalledCount: 3,
  })
  worker.on('error', (error) => warn({ err: error, queue }, 'queue trouble'))
  worker.on('failed', (job, error) => {
    const isFinal = job?.finishedOn !== undefined
    house.log[isFinal ? 'error' : 'warn']({ err: error, queue, job: job?.name, jobId: job?.id, attempt: job?.attemptsMade, requestId: job?.data.requestId }, isFinal ? 'job failed for good' : 'job failed; it will be tried again')
    if (isFinal) giveUp(house, handlers.get(job.name), job).catch((fault: unknown) => house.log.warn({ err: fault, jobId: job.id }, 'a failure was not written down'))
  })

  return {
    queue,
    handBack: () => ending.abort(new HandedBack('The worker is stopping.')),
    async close() {
      // A worker cannot say goodbye to a Redis that is away: it would wait for it for ever.
      await worker.close(house.redis.status !== 'ready')
      connection.disconnect()
    },
  }
}

/** The row says so before anything else can fail; then whatever the job was about learns of it. */
async function giveUp(house: House, handler: AnyHandler | undefined, { id = '', data: { requestId } }: QueuedJob<JobData>): Promise<void> {
  await markFailed(house.db, id)
  await makeChange(house, { requestId }, async (change) => {
    const row = await holdJob(change.db, id)
    if (row) await handler?.giveUp?.(change, row.payload)
  })
}

async function runJob(house: House, handlers: ReadonlyMap<string, AnyHandler>, ending: AbortSignal, job: QueuedJob<JobData>, token: string | undefined): Promise<void> {
  const timer = house.metrics.jobs.startTimer({ job: job.name })
  try {
    const outcome = await carryOut(house, handlers.get(job.name), ending, job)
    timer({ outcome })
    house.log.debug({ job: job.name, jobId: job.id, outcome, requestId: job.data.requestId }, 'job')
  } catch (error) {
    timer({ outcome: error instanceof Again ? error.outcome : error instanceof HandedBack ? 'handed_back' : 'failed' })
    throw await translated(error, job, token)
  }
}

async function carryOut(house: House, handler: AnyHandler | undefined, ending: AbortSignal, job: QueuedJob<JobData>): Promise<'done' | 'repeated'> {
  ending.throwIfAborted()
  const origin = { requestId: job.data.requestId }
  if (handler && 'reach' in handler) return reachOutside(house, handler, origin, job.id ?? '', (work) => orUntil(ending, work))
  return makeChange(house, origin, async (change) => {
    const row = await takeJob(change.db, job.id ?? '')
    if (!row) return 'repeated'
    if (row.dueAt && change.now < row.dueAt) throw new Again(row.dueAt, 'early')
    if (!handler) throw new UnrecoverableError(`This process has no handler for ${row.name}`)
    await orUntil(ending, handler.run(change, row.payload, (percent) => job.updateProgress(percent)))
    return 'done'
  })
}

/** Postponing charges no attempt; what cannot succeed is not tried again; all else is, after a pause. */
async function translated(error: unknown, job: QueuedJob<JobData>, token: string | undefined): Promise<unknown> {
  if (error instanceof Again) {
    await job.moveToDelayed(error.dueAt.getTime(), token)
    return new DelayedError()
  }
  if (error instanceof HandedBack) {
    await job.moveToWait(token)
    return new WaitingError()
  }
  return failureOf(error)
}

/** The listener goes with the job: the signal outlives thousands of them. */
async function orUntil<T>(ending: AbortSignal, work: Promise<T>): Promise<T> {
  let giveUp = (): void => undefined
  const ended = new Promise<never>((_, reject) => { giveUp = () => reject(ending.reason) })
  ending.addEventListener('abort', giveUp)
  try {
    return await Promise.race([work, ended])
  } finally {
    ending.removeEventListener('abort', giveUp)
  }
}
