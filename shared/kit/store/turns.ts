// Organisations take turns in every queue. A few jobs of each go as they come; whoever orders more at once stands back by one
// place for each, so that the flood of one delays the others by little. Start-time fair queueing: a job's place is that of its
// organisation's last job and one more, or the place that is being served now, whichever is later.
// Promise: costs no command while nobody floods. Not promised: one count over all processes; each that orders has its own.

/** Jobs of one organisation that go as they come. */
export const FREE = 20
/** An alarm gets its place so many milliseconds before it rings (workers/alarm-turns.ts). */
export const ALARMS_AHEAD = 15_000
/** What BullMQ takes. */
export const LAST_PLACE = 2 ** 21 - 1
/** Milliseconds until counts are begun anew, or the place that is served is asked for. */
const LOOK = 1000

interface Line {
  since: number
  /** Everybody's next job stands here at least. */
  served: number
  last: Map<string, number>
  furthest: number
}

export class FairTurns {
  readonly #lines = new Map<string, Line>()
  readonly #askServed: (queue: string) => Promise<number | undefined>

  /** @param askServed which place a queue has come to; undefined: nobody stands back */
  constructor(askServed: (queue: string) => Promise<number | undefined>) {
    this.#askServed = askServed
  }

  /** @returns BullMQ's priority: 0 goes before all others, then the lower ones */
  take(queue: string, orgId: string | null, now = performance.now()): number {
    const line = this.#line(queue, now)
    const place = Math.max(line.served, line.last.get(orgId ?? '') ?? 0) + 1
    line.last.set(orgId ?? '', place)
    line.furthest = Math.max(line.furthest, place)
    return Math.min(LAST_PLACE, Math.max(0, place - FREE))
  }

  #line(queue: string, now: number): Line {
    const line = this.#lines.get(queue)
    if (line && now - line.since < LOOK) return line
    if (line && line.furthest > FREE) {
      line.since = now
      // Whoever orders does not wait for this; a Redis that is away leaves the count as it is.
      void this.#askServed(queue)
        .then((place) => this.#goOn(queue, place))
        .catch(() => undefined)
      return line
    }
    const fresh = { since: now, served: 0, last: new Map<string, number>(), furthest: 0 }
    this.#lines.set(queue, fresh)
    return fresh
  }

  #goOn(queue: string, priority: number | undefined): void {
    const line = this.#lines.get(queue)
    if (priority === undefined) this.#lines.delete(queue)
    else if (line) line.served = priority + FREE - 1
  }
}
