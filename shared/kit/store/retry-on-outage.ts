// What failed because a server was away, or because others changed the same rows, is done again from its start.

import { setTimeout as pause } from 'node:timers/promises'
import { AppError, outageAsError } from '../declare/errors.ts'
import { outageOf } from './outage.ts'

/** Whoever asks waits; the pool of connections has waited already for a server that is away (db.ts). */
const PATIENCE = 3000
/** So that two that stand in each other's way do not meet again at once. */
const FIRST_PAUSE = 10

/** @param work leaves nothing behind when it fails @throws AppError 503 saying that nothing was done */
export async function retryOnOutage<T>(work: () => Promise<T>): Promise<T> {
  const since = performance.now()
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      const outage = error instanceof AppError ? undefined : outageOf(error)
      const isWorthIt = outage !== undefined && outage !== 'busy' && performance.now() - since < PATIENCE
      if (!isWorthIt) throw outageAsError(error, 'Nothing was done; try again in a moment.')
      await pause(Math.random() * Math.min(FIRST_PAUSE * 2 ** tries, 400))
    }
  }
}
