// What waits at the same time is carried out together: one transaction, one statement that writes what it causes, one COMMIT.
// Promise: what fails keeps nothing else back: all that went with it is undone, and each is carried out alone. Nobody waits for
// company: who comes alone goes alone, and at once. Who waits for a lock for too long is told, and the others go without them;
// where two groups in a row wait, those behind who have waited as long are told, too, instead of one group after the other.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { unavailable } from '../declare/errors.ts'
import { DATABASE_LIMITS } from './db.ts'

/** They hold what they lock until the last of them is done. */
const MOST_TOGETHER = 16

interface Waiting<T, R> {
  item: T
  /** Monotonic instant at which it came. */
  since: number
  resolve(result: R): void
  reject(error: unknown): void
}

/** Nothing was done, because one of them waited for too long for what somebody else holds. */
export class HeldBack extends Error {
  readonly at: number

  /** @param at which of them */
  constructor(at: number, cause: unknown) {
    super('It waited for too long.', { cause })
    this.at = at
  }
}

function heldBackIn(error: unknown): HeldBack | undefined {
  if (error instanceof HeldBack) return error
  return error instanceof Error ? heldBackIn(error.cause) : undefined
}

/** Whoever comes while others of the same line are being carried out goes with the next. */
export class Gathering<T, R> {
  readonly #carryOut: (items: readonly T[], waited: number) => Promise<readonly R[]>
  readonly #mayGoAlone: (error: unknown) => boolean
  readonly #now: () => number
  readonly #lines = new Map<string, Waiting<T, R>[]>()

  /**
   * @param carryOut all of them or none; `waited`: milliseconds since the first of them came @returns what came of each
   * @param mayGoAlone whether an error says that none was carried out, and the others may do better without one of them
   * @param now monotonic milliseconds
   */
  constructor(
    carryOut: (items: readonly T[], waited: number) => Promise<readonly R[]>,
    mayGoAlone: (error: unknown) => boolean = () => true,
    now = (): number => performance.now(),
  ) {
    this.#carryOut = carryOut
    this.#mayGoAlone = mayGoAlone
    this.#now = now
  }

  join(name: string, item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      const waiting = { item, since: this.#now(), resolve, reject }
      const line = this.#lines.get(name)
      if (line) return void line.push(waiting)
      const begun = [waiting]
      this.#lines.set(name, begun)
      void this.#serve(name, begun)
    })
  }

  async #serve(name: string, line: Waiting<T, R>[]): Promise<void> {
    // Those that came in the same packet are here by then.
    await nextTurn()
    let inARow = 0
    while (line.length > 0) {
      const told = await this.#serveTogether(line.splice(0, MOST_TOGETHER))
      inARow = told === undefined ? 0 : inARow + 1
      // One group may have been kept back by what two of its own need; what keeps back the next, too, which waits for little, is for all.
      if (inARow > 1) this.#tellWhoWaitedAsLong(line, told)
    }
    this.#lines.delete(name)
  }

  #tellWhoWaitedAsLong(line: Waiting<T, R>[], error: unknown): void {
    const younger = line.findIndex(({ since }) => this.#now() - since < DATABASE_LIMITS.requests.lock)
    const told = unavailable(
      'What waited before it could not be done. Nothing of this was done: send it again',
      error,
    )
    for (const { reject } of line.splice(0, younger < 0 ? line.length : younger)) reject(told)
  }

  /**
   * @param isLastTry what keeps one of them back keeps the others back, too, as far as one can wait to know
   * @returns what all of them were told, where nothing was done and no other way was left
   */
  async #serveTogether(some: readonly Waiting<T, R>[], isLastTry = false): Promise<unknown> {
    const [first] = some
    if (!first) return undefined
    try {
      const results = await this.#carryOut(
        some.map(({ item }) => item),
        this.#now() - first.since,
      )
      for (const [at, result] of results.entries()) some[at]?.resolve(result)
    } catch (error) {
      const held = isLastTry ? undefined : heldBackIn(error)?.at
      if (held !== undefined) {
        some[held]?.reject(error)
        return this.#serveTogether(some.toSpliced(held, 1), true)
      }
      const mayGoAlone = !heldBackIn(error) && this.#mayGoAlone(error)
      if (mayGoAlone && some.length > 1)
        await Promise.all(some.map((each) => this.#serveTogether([each], isLastTry)))
      else for (const { reject } of some) reject(error)
      return mayGoAlone ? undefined : error
    }
    return undefined
  }
}
