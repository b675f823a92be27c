// Jobs that a change may carry out itself instead of ordering them: so that what they do has happened when the answer leaves.
// The process knows how if it loaded the domain whose job it is; another orders the job.

import type { JobDeclaration } from '../declare/job.ts'
import type { Change } from './change.ts'

type Run = (change: Change, payload: never) => Promise<void>

/** Filled while modules load, and not changed afterwards. */
const known = new Map<string, Run>()

/** @param run what the job's handler does */
export function carryOutAtOnce<T>(
  job: JobDeclaration<T>,
  run: (change: Change, payload: T) => Promise<void>,
): void {
  known.set(job.name, run)
}

/** In this change where that is possible, else by a worker. */
export async function carryOutOrEnqueue<T>(
  change: Change,
  job: JobDeclaration<T>,
  payload: T,
): Promise<void> {
  const run = known.get(job.name)
  if (run) await run(change, job.check(payload, `job ${job.name}`) as never)
  else change.enqueue(job, payload)
}
