// What waits at the same time is carried out together: one transaction, one statement that writes what it causes, one COMMIT.
// Promise: what fails keeps nothing else back: all that went with it is undone, and each is carried out alone. Nobody waits for
// company: who comes alone goes alone, and at once.

import { setImmediate as nextTurn } from 'node:timers/promises'

/** They hold what they lock until the last of them is done. */
const MOST_TOGETHER = 16

interface Waiting<T, R> {
  item: T
  resolve(result: R): void
  reject(error: unknown): void
}

/** Whoever comes while others of the same line are being carried out goes with the next. */
export class Gathering<T, R> {
  readonly #carryOut: (items: readonly T[]) => Promise<readonly R[]>
  readonly #mayGoAlone: (error: unknown) => boolean
  readonly #lines = new Map<string, Waiting<T, R>[]>()

  /**
   * @param carryOut all of them or none @returns what came of each
   * @param mayGoAlone whether an error says that none was carried out, and the others may do better without one of them
   */
  constructor(
    carryOut: (items: readonly T[]) => Promise<readonly R[]>,
    mayGoAlone: (error: unknown) => boolean = () => true,
  ) {
    this.#carryOut = carryOut
    this.#mayGoAlone = mayGoAlone
  }

  join(name: string, item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      const line = this.#lines.get(name)
      if (line) return void line.push({ item, resolve, reject })
      const begun = [{ item, resolve, reject }]
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

  async #serveTogether(some: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.#carryOut(some.map(({ item }) => item))
      for (const [at, result] of results.entries()) some[at]?.resolve(result)
    } catch (error) {
      if (some.length > 1 && this.#mayGoAlone(error))
        await Promise.all(some.map((each) => this.#serveTogether([each])))
      else for (const { reject } of some) reject(error)
    }
  }
}
