// A handler is the one function that carries out a job: a line that calls an action. A job that reaches outside has three:
// it claims what is to be done, reaches out while nothing is locked, and records what came of it.

import type { DeliveryResult } from '../../shared/kit/outside/delivery-result.ts'
import type { Change } from '../../shared/kit/store/change.ts'
import { untilAllEnded } from '../../shared/kit/store/transaction.ts'
import { AppError } from '../../shared/kit/declare/errors.ts'
import type { JobDeclaration } from '../../shared/kit/declare/job.ts'
import { UNKNOWN_FIELD } from '../../shared/kit/declare/schema.ts'
import type {
  ClaimedWork,
  LongWork,
  ExternalWork,
  ExternalOutcome,
} from '../../shared/kit/outside/external-work.ts'

export interface Handler extends Ending<unknown> {
  job: JobDeclaration<unknown>
  /** Several only where they are gathered; their changes are one transaction. */
  run: (due: readonly Due<unknown>[]) => Promise<void>
  /** Those of one organisation that wait at the same time are carried out in one transaction (together.ts). */
  isGathered: boolean
}

/** A job that is to be carried out, and the change in which it is. */
export interface Due<T> {
  change: Change
  payload: T
}

interface Ending<T> {
  /**
   * Marks what the job was about, in the change that says that it failed for good: nothing waits for it for
   * ever. May come for what is marked already.
   */
  giveUp?: (change: Change, payload: T, reason: string) => Promise<void>
}

interface Steps<T, W, A extends DeliveryResult = DeliveryResult> extends Ending<T> {
  claim: (change: Change, payload: T) => Promise<ClaimedWork<W>>
  reach: (outside: ExternalWork, work: W, long: LongWork) => Promise<A>
  record: (change: Change, work: W, attempt: A) => Promise<ExternalOutcome>
}

export interface OutsideHandler extends Steps<unknown, unknown> {
  job: JobDeclaration<unknown>
}

export type AnyHandler = Handler | OutsideHandler

export function handleJob<T>(
  job: JobDeclaration<T>,
  run: (change: Change, payload: T) => Promise<void>,
  { isGathered = false, ...ending }: Ending<T> & Partial<Pick<Handler, 'isGathered'>> = {},
): Handler {
  return {
    job,
    run: (due) => untilAllEnded(due.map(async ({ change, payload }) => run(change, payloadOf(job, payload)))),
    isGathered,
    ...checked(job, ending),
  }
}

/** Of jobs that ask for the same: statements for all of them, instead of statements for each. */
export function handleJobsTogether<T>(
  job: JobDeclaration<T>,
  run: (due: readonly Due<T>[]) => Promise<void>,
): Handler {
  return {
    job,
    run: async (due) => run(due.map(({ change, payload }) => ({ change, payload: payloadOf(job, payload) }))),
    isGathered: true,
  }
}

/** This process does not know it, or not all that it holds: it waits for a worker of the release that ordered it. */
export class OfNewerRelease extends Error {}

/** A newer release may add fields, and only it knows what they mean. */
function payloadOf<T>(job: JobDeclaration<T>, payload: unknown): T {
  try {
    return job.check(payload, `job ${job.name}`)
  } catch (error) {
    const isNewer =
      error instanceof AppError && error.errors?.every(({ message }) => message === UNKNOWN_FIELD)
    throw isNewer ? new OfNewerRelease(error.message) : error
  }
}

function checked<T>(job: JobDeclaration<T>, { giveUp }: Ending<T>): Ending<unknown> {
  return giveUp
    ? { giveUp: (change, payload, reason) => giveUp(change, payloadOf(job, payload), reason) }
    : {}
}

export function handleOutsideJob<T, W, A extends DeliveryResult>(
  job: JobDeclaration<T>,
  { claim, reach, record, giveUp }: Steps<T, W, A>,
): OutsideHandler {
  return {
    job,
    ...checked(job, { giveUp }),
    claim: (change, payload) => claim(change, payloadOf(job, payload)),
    // What was claimed is what is reached for: the runner hands it on as it is.
    reach: (outside, work, long) => reach(outside, work as W, long),
    record: (change, work, attempt) => record(change, work as W, attempt as A),
  }
}
