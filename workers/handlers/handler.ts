// A handler is the one function that carries out a job: a line that calls an action.

import type { Change } from '../../shared/kit/change.ts'
import type { Job } from '../../shared/kit/job.ts'

export interface Handler {
  job: Job<unknown>
  run: (change: Change, payload: unknown) => Promise<void>
}

export function handle<T>(job: Job<T>, run: (change: Change, payload: T) => Promise<void>): Handler {
  return { job, run: (change, payload) => run(change, job.check(payload, `job ${job.name}`)) }
}
