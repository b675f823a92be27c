// A handler is the one function that carries out a job: a line that calls an action.

import type { Change } from '../../shared/kit/change.ts'
import type { Job } from '../../shared/kit/job.ts'

/** Shown at the job in Bull Board. */
export type Progress = (percent: number) => Promise<void>

export interface Handler {
  job: Job<unknown>
  run: (change: Change, payload: unknown, progress: Progress) => Promise<void>
}

export function handle<T>(job: Job<T>, run: (change: Change, payload: T, progress: Progress) => Promise<void>): Handler {
  return { job, run: (change, payload, progress) => run(change, job.check(payload, `job ${job.name}`), progress) }
}
