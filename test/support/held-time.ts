// Time of the simulation: pauses and monotonic instants stand still until it moves them on. The library's own timers,
// of which the outcome does not depend, go on.

import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'

interface Pause {
  due: number
  end(): void
}

/** Milliseconds. Whoever pauses for no longer, as between two reads of the log, waits for nothing that happens. */
const BREATH = 2

export class HeldTime {
  readonly #real = {
    pause: timers.setTimeout,
    turn: timers.setImmediate,
    now: performance.now.bind(performance),
  }
  #now = 1_000_000
  #pauses: Pause[] = []
  /** Turns of the loop that somebody waits for. */
  turns = 0

  begin(): void {
    const pause = <T>(milliseconds = 0, value?: T): Promise<T | undefined> =>
      milliseconds <= BREATH
        ? turn().then(() => value)
        : new Promise((resolve) => {
            this.#pauses.push({ due: this.#now + milliseconds, end: () => resolve(value) })
          })
    const turn = async (): Promise<void> => {
      this.turns++
      await this.#real.turn()
      this.turns--
    }
    Object.assign(timers, { setTimeout: pause, setImmediate: turn })
    // For those who have imported them by name.
    syncBuiltinESMExports()
    performance.now = () => this.#now
  }

  end(): void {
    Object.assign(timers, { setTimeout: this.#real.pause, setImmediate: this.#real.turn })
    syncBuiltinESMExports()
    performance.now = this.#real.now
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds
  }

  /** Ends the pauses that are over; each time they are over, those who wait have to be given their turn. */
  ring(): void {
    const due = this.#pauses.filter((pause) => pause.due <= this.#now)
    this.#pauses = this.#pauses.filter((pause) => pause.due > this.#now)
    for (const pause of due) pause.end()
  }

  nextTurn(): Promise<void> {
    return this.#real.turn()
  }
}
