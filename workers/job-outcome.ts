// How a job ends that threw: put off, handed back, tried again after a pause, or for good. For good means that its row says
// so and why, that what it was about is marked by its handler, and that somebody is called (metric, log).

import type { Change } from '../shared/kit/store/change.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { holdJob, markFailed } from '../shared/kit/store/outbox.ts'
import {
  DelayedError,
  UnrecoverableError,
  WaitingError,
  type JobData,
  type QueuedJob,
} from '../shared/kit/store/queue.ts'
import { plusMs, SECOND } from '../shared/kit/time/time.ts'
import { failureOf } from './failure.ts'
import { OfNewerRelease, type AnyHandler } from './handlers/handler.ts'
import { JobHandedBack, type OutageWait } from './outage-wait.ts'

/** It rings again at the time that the row says: it rang early, or what it attempted is to be attempted again. */
export class RetryLater extends Error {
  readonly dueAt: Date
  readonly outcome: 'early' | 'again'
  constructor(dueAt: Date, outcome: 'early' | 'again') {
    super('It rings again.')
    this.dueAt = dueAt
    this.outcome = outcome
  }
}

/** What a newer release ordered waits for one of its workers. */
const NEWER_AGAIN = 10 * SECOND

/** Its row says that it failed for good, and nobody had it tried again since: Redis forgot that, or never heard of it. */
export class FailedEarlier extends UnrecoverableError {}

export function jobOutcomeOf(error: unknown): string {
  if (error instanceof RetryLater) return error.outcome
  if (error instanceof OfNewerRelease) return 'early'
  return error instanceof JobHandedBack ? 'handed_back' : 'failed'
}

/** Postponing and handing back charge no attempt. @returns what BullMQ is to be told */
export async function concludeJob(
  runtime: Runtime,
  patience: OutageWait,
  handler: AnyHandler | undefined,
  error: unknown,
  job: QueuedJob<JobData>,
  token: string | undefined,
): Promise<unknown> {
  if (error instanceof RetryLater) {
    await job.moveToDelayed(error.dueAt.getTime(), token)
    return new DelayedError()
  }
  if (error instanceof OfNewerRelease) {
    runtime.log.warn(
      { err: error, job: job.name, jobId: job.id },
      'this process does not know a job of a newer release; another may',
    )
    await job.moveToDelayed(plusMs(runtime.clock.now(), NEWER_AGAIN).getTime(), token)
    return new DelayedError()
  }
  if (error instanceof JobHandedBack) {
    await job.moveToWait(token)
    return new WaitingError()
  }
  const failure = failureOf(error)
  const isLast = failure instanceof UnrecoverableError || job.attemptsMade + 1 >= (job.opts.attempts ?? 1)
  if (error instanceof FailedEarlier || !isLast) return failure
  try {
    await failForGood(runtime, patience, handler, job, failure.message)
  } catch (fault) {
    if (fault instanceof JobHandedBack) return concludeJob(runtime, patience, handler, fault, job, token)
    throw fault
  }
  sayDead(runtime, job, error)
  return failure
}

function sayDead({ metrics, log }: Runtime, job: QueuedJob<JobData>, error: unknown): void {
  metrics.deadJobs.inc({ queue: job.queueName, job: job.name })
  log.error(
    {
      err: error,
      queue: job.queueName,
      job: job.name,
      jobId: job.id,
      attempt: job.attemptsMade + 1,
      requestId: job.data.requestId,
    },
    'job failed for good',
  )
}

/** A handler that cannot even give up must not keep the row from saying so. */
async function failForGood(
  runtime: Runtime,
  patience: OutageWait,
  handler: AnyHandler | undefined,
  job: QueuedJob<JobData>,
  reason: string,
): Promise<void> {
  const origin = { requestId: job.data.requestId }
  const fail = async ({ db }: Change): Promise<void> => markFailed(db, job.id ?? '', reason)
  try {
    await patience.change(origin, async (giving) => {
      const row = await holdJob(giving.db, job.id ?? '')
      if (row) await handler?.giveUp?.(giving, row.payload, reason)
      await fail(giving)
    })
  } catch (fault) {
    if (fault instanceof JobHandedBack) throw fault
    runtime.log.error(
      { err: fault, job: job.name, jobId: job.id },
      'what a failed job was about could not be marked',
    )
    await patience.change(origin, fail)
  }
}
