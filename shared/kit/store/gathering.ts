// What waits at the same time is carried out together: one transaction, one statement that writes what it causes, one COMMIT.
// Promise: what fails keeps nothing else back: all that went with it is undone, and each is carried out alone. Nobody waits for
// company: who comes alone goes alone, and at once. Who waits for a lock for too long is told, and the others go without them.

import { setImmediate as nextTurn } from 'node:timers/promises'

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
  readonly #lines = new Map<string, Waiting<T, R>[]>()

  /**
   * @param carryOut all of them or none; `waited`: milliseconds since the first of them came @returns what came of each
   * @param mayGoAlone whether an error says that none was carried out, and the others may do better without one of them
   */
  constructor(
    carryOut: (items: readonly T[], waited: number) => Promise<readonly R[]>,
    mayGoAlone: (error: unknown) => boolean = () => true,
  ) {
    this.#carryOut = carryOut
    this.#mayGoAlone = mayGoAlone
  }

  join(name: string, item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      const waiting = { item, since: performance.now(), resolve, reject }
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
    while (line.length > 0) await this.#serveTogether(line.splice(0, MOST_TOGETHER))
    this.#lines.delete(name)
  }

  /** @param isLastTry what keeps one of them back keeps the others back, too, as far as one can wait to know */
  async #serveTogether(some: readonly Waiting<T, R>[], isLastTry = false): Promise<void> {
    const [first] = some
    if (!first) return
    try {
      const results = await this.#carryOut(
        some.map(({ item }) => item),
        performance.now() - first.since,
      )
      for (const [at, result] of results.entries()) some[at]?.resolve(result)
    } catch (error) {
      const held = isLastTry ? undefined : heldBackIn(error)?.at
      if (held !== undefined) {
        some[held]?.reject(error)
        await this.#serveTogether(some.toSpliced(held, 1), true)
      } else if (some.length > 1 && !heldBackIn(error) && this.#mayGoAlone(error))
        await Promise.all(some.map((each) => this.#serveTogether([each], isLastTry)))
      else for (const { reject } of some) reject(error)
    }
  }
}
