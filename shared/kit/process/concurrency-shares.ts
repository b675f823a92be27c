// Whoever is slow must not hold every place that there is for work of a kind, be it a server outside that hangs or an
// organisation whose jobs take long: each has at most half of the places that the others leave, so that one is left for
// somebody else. Whoever is above that comes back in a moment.
// Promise: in one process, and forgotten with it.

interface Lane {
  /** Places whose work has not begun: it waits for a connection, say, and how long that takes says nothing about it. */
  waiting: number
  /** When each of the others began, on this process's own clock. */
  begun: number[]
  /** When the last one that was sent away comes back. */
  nextAt: number
  slowUntil: number
}

interface Places {
  all: number
  /** Milliseconds after which a piece of work is over, whatever became of it. */
  longest: number
  /** Lanes whose work takes no longer have as many places as they want; 0: none has. */
  slowAfter: number
}

const SOON = 1000
/** However many wait, the last comes back by then: it may be well again. */
const LATEST = 60_000
/** So long somebody stays slow. */
const MEMORY = 60_000

export class ConcurrencyShares {
  readonly #lanes = new Map<string, Lane>()
  readonly #now: () => number

  constructor(now = (): number => performance.now()) {
    this.#now = now
  }

  /** @returns undefined: go; else how many milliseconds to wait */
  enter(name: string, { all, longest, slowAfter }: Places): number | undefined {
    const now = this.#now()
    this.#forget(now, longest)
    const lane = this.#lanes.get(name) ?? { waiting: 0, begun: [], nextAt: now, slowUntil: 0 }
    this.#lanes.set(name, lane)
    const most = Math.max(1, Math.floor((all - this.#countOthers(name)) / 2))
    const [oldest = now] = lane.begun
    if (now - oldest >= slowAfter && slowAfter > 0) lane.slowUntil = now + MEMORY
    const isCapped = slowAfter === 0 || now < lane.slowUntil
    if (!isCapped || countOf(lane) < most) {
      lane.waiting++
      return undefined
    }
    // They come back one after the other, at the pace at which the slowest has been served so far: not all of them, to be sent away again.
    lane.nextAt = Math.min(Math.max(lane.nextAt, now) + (now - oldest) / most, now + LATEST)
    return Math.max(SOON, lane.nextAt - now)
  }

  /** What got a place is being worked on from here on. */
  begin(name: string): void {
    const lane = this.#lanes.get(name)
    if (!lane) return
    lane.waiting = Math.max(0, lane.waiting - 1)
    lane.begun.push(this.#now())
  }

  leave(name: string): void {
    const lane = this.#lanes.get(name)
    if (lane && lane.begun.shift() === undefined) lane.waiting = Math.max(0, lane.waiting - 1)
    this.#forget(this.#now(), Infinity)
  }

  /** What was begun and never left, too. */
  #forget(now: number, longest: number): void {
    for (const [name, lane] of this.#lanes) {
      lane.begun = lane.begun.filter((at) => now - at < longest)
      if (countOf(lane) === 0 && now >= lane.slowUntil) this.#lanes.delete(name)
    }
  }

  #countOthers(name: string): number {
    return [...this.#lanes].reduce((sum, [each, lane]) => (each === name ? sum : sum + countOf(lane)), 0)
  }
}

const countOf = ({ waiting, begun }: Lane): number => waiting + begun.length
