// A handler is the one function that carries out a job: a line that calls an action. A job that reaches outside has three:
// it claims what is to be done, reaches out while nothing is locked, and records what came of it.

import type { Attempt } from '../../shared/kit/attempt.ts'
import type { Change } from '../../shared/kit/change.ts'
import type { Job } from '../../shared/kit/job.ts'
import type { Claimed, Outside, Verdict } from '../../shared/kit/outside.ts'

/** Shown at the job in Bull Board. */
export type Progress = (percent: number) => Promise<void>

export interface Handler extends Ending<unknown> {
  job: Job<unknown>
  run: (change: Change, payload: unknown, progress: Progress) => Promise<void>
}

export interface Ending<T> {
  /** Marks what the job was about, in the change that says that it failed for good: nothing waits for it for ever. May come for what is marked already. */
  giveUp?: (change: Change, payload: T, reason: string) => Promise<void>
}

export interface Steps<T, W> extends Ending<T> {
  claim: (change: Change, payload: T) => Promise<Claimed<W>>
  reach: (outside: Outside, work: W) => Promise<Attempt>
  record: (change: Change, work: W, attempt: Attempt) => Promise<Verdict>
}

export interface OutsideHandler extends Steps<unknown, unknown> {
  job: Job<unknown>
}

export type AnyHandler = Handler | OutsideHandler

export function handle<T>(job: Job<T>, run: (change: Change, payload: T, progress: Progress) => Promise<void>, ending: Ending<T> = {}): Handler {
  return { job, run: (change, payload, progress) => run(change, job.check(payload, `job ${job.name}`), progress), ...checked(job, ending) }
}

function checked<T>(job: Job<T>, { giveUp }: Ending<T>): Ending<unknown> {
  return giveUp ? { giveUp: (change, payload, reason) => giveUp(change, job.check(payload, `job ${job.name}`), reason) } : {}
}

export function handleOutside<T, W>(job: Job<T>, { claim, reach, record, giveUp }: Steps<T, W>): OutsideHandler {
  return {
    job, ...checked(job, { giveUp }),
    claim: (change, payload) => claim(change, job.check(payload, `job ${job.name}`)),
    // What was claimed is what is reached for: the runner hands it on as it is.
    reach: (outside, work) => reach(outside, work as W),
    record: (change, work, attempt) => record(change, work as W, attempt),
  }
}
