// What fails because PostgreSQL or Redis is away is no attempt: the job keeps its place and waits until both answer. Its
// place is taken meanwhile, so that a worker whose servers are away takes no more jobs.

import { setTimeout as pause } from 'node:timers/promises'
import { makeChanges, type Change, type Origin } from '../shared/kit/store/change.ts'
import { rowsOf } from '../shared/kit/store/db.ts'
import { AppError } from '../shared/kit/declare/errors.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { outageOf } from '../shared/kit/store/outage.ts'
import { mustAnswer } from '../shared/kit/store/redis.ts'

/** Does something again as often as a server is away. @throws JobHandedBack when the worker stops meanwhile */
export interface OutageWait {
  change<T>(origin: Origin, work: (change: Change) => Promise<T>): Promise<T>
  /** Several in one transaction. @param origin of the first, for the log */
  changes<T>(origin: Origin, work: (begin: (origin: Origin) => Change) => Promise<T>): Promise<T>
  /** Of what is no change, and begins from its start each time. */
  doAgain<T>(origin: Origin, work: () => Promise<T>): Promise<T>
  /** Whether no job waits for a server, nor did a moment ago: how long jobs take says something about them. */
  isCalm(): boolean
}

/** The worker stops before the job is over: another one begins it again. */
export class JobHandedBack extends Error {}

const FIRST_LOOK = 200
const LOOK = 1000
/** What waited is over by then. */
const CALM_AFTER = 5000

/** @param warn of the server that is away */
export function openOutageWait(
  runtime: Runtime,
  ending: AbortSignal,
  warn: (fields: object, message: string) => void,
): OutageWait {
  const recovery = openRecovery(runtime, ending)

  /**
   * @param attempt whose `refused` is told what the work itself threw: refusals in words have been judged
   * there (a storage that is away is waited for by attempts)
   */
  async function untilDone<T>(
    { requestId }: Origin,
    attempt: (refused: (error: unknown) => never) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      ending.throwIfAborted()
      let refusal: unknown
      try {
        return await attempt((error) => {
          throw (refusal = error)
        })
      } catch (error) {
        if ((error === refusal && error instanceof AppError) || !isWorthWaiting(error)) throw error
        warn({ err: error, requestId }, 'a server is away; the job waits for it')
        await recovery.wait()
      }
    }
  }

  const changes: OutageWait['changes'] = (origin, work) =>
    untilDone(origin, (refused) => makeChanges(runtime, (begin) => work(begin).catch(refused)))

  return {
    change: (origin, work) => changes(origin, (begin) => work(begin(origin))),
    changes,
    isCalm: recovery.isCalm,
    doAgain: (origin, work) => untilDone(origin, (refused) => work().catch(refused)),
  }
}

/** All jobs that wait for a server wait for the same look at them. */
function openRecovery(
  runtime: Runtime,
  ending: AbortSignal,
): { wait(): Promise<void> } & Pick<OutageWait, 'isCalm'> {
  let back: Promise<void> | undefined
  let backAt = -Infinity
  return {
    async wait() {
      back ??= untilServersAnswer(runtime, ending).finally(() => {
        back = undefined
        backAt = performance.now()
      })
      await orUntil(ending, back)
    },
    isCalm: () => back === undefined && performance.now() - backAt > CALM_AFTER,
  }
}

/** A statement that takes too long is the job's own fault. */
function isWorthWaiting(error: unknown): boolean {
  const outage = outageOf(error)
  return outage === 'away' || (outage === 'busy' && !isTooSlow(error))
}

function isTooSlow(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && error.code === '57014') || isTooSlow(error.cause)
}

/** Ends with the worker, too. */
async function untilServersAnswer(runtime: Runtime, ending: AbortSignal): Promise<void> {
  for (let wait = FIRST_LOOK; !ending.aborted; wait = LOOK) {
    await pause(wait, undefined, { signal: ending }).catch(() => undefined)
    if (
      await Promise.all([rowsOf(runtime.db, 'select 1'), mustAnswer(runtime.redis)]).then(
        () => true,
        () => false,
      )
    )
      return
  }
}

/** The listener goes with the job: the signal outlives thousands of them. */
export async function orUntil<T>(ending: AbortSignal, work: Promise<T>): Promise<T> {
  let giveUp = (): void => undefined
  const ended = new Promise<never>((_, reject) => {
    giveUp = () => reject(ending.reason)
  })
  ending.addEventListener('abort', giveUp)
  try {
    return await Promise.race([work, ended])
  } finally {
    ending.removeEventListener('abort', giveUp)
  }
}
