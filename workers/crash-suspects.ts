// A job whose worker ended while it ran may have been the reason, or one of many that ran beside it. So it is a suspect:
// suspects run one at a time in a process, and each is counted before it begins. What has ended three workers is not run again.

import { countCrash, findJobState, takeBackCrash } from '../shared/kit/store/outbox.ts'
import { UnrecoverableError, type JobData, type QueuedJob } from '../shared/kit/store/queue.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { plusMs, SECOND } from '../shared/kit/time/time.ts'
import { RetryLater } from './job-outcome.ts'
import { orUntil, type OutageWait } from './outage-wait.ts'

/** The first, when it ran among others, is one of them. */
const MOST_CRASHES = 3

/** Of the process, whichever worker runs it: what a suspect may end is the process with all its queues. */
let lastSuspect: Promise<unknown> = Promise.resolve()

/** Waits in line only where it may be run: whoever lost its lock without ending, as on a busy machine, goes on with it or has done it. */
export async function runCrashSuspect<T>(
  runtime: Runtime,
  patience: OutageWait,
  ending: AbortSignal,
  job: QueuedJob<JobData>,
  run: () => Promise<T>,
): Promise<T> {
  const state = await patience.change({ requestId: job.data.requestId }, ({ db }) =>
    findJobState(db, job.id ?? ''),
  )
  if (state === 'done') return run()
  if (state === 'held') throw new RetryLater(plusMs(runtime.clock.now(), SECOND), 'early')
  const turn = orUntil(ending, lastSuspect).then(() => runCounted(runtime, patience, job, run))
  lastSuspect = turn.catch(() => undefined)
  return turn
}

async function runCounted<T>(
  runtime: Runtime,
  patience: OutageWait,
  job: QueuedJob<JobData>,
  run: () => Promise<T>,
): Promise<T> {
  const id = job.id ?? ''
  const crashes = await patience.change({ requestId: job.data.requestId }, ({ db }) => countCrash(db, id))
  if (crashes !== undefined && crashes >= MOST_CRASHES)
    throw new UnrecoverableError(`${MOST_CRASHES} workers ended while they ran it`)
  runtime.log.warn({ job: job.name, jobId: id, crashes }, 'a job whose worker ended is run again, alone')
  try {
    return await run()
  } finally {
    // Counted once too often when this fails: it has two more workers to end.
    await takeBackCrash(runtime.db, id).catch((error: unknown) =>
      runtime.log.warn({ err: error, jobId: id }, 'a job that did not end its worker stays counted'),
    )
  }
}
