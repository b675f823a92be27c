// Shares of the pool of connections. Whoever waits for a lock holds a connection, so that one table, or one room, that
// somebody keeps locked would use them all up, and nothing else would be served. So no kind of work gets them all, and a
// kind of which some has been under way for long gets fewer. The rest of it waits in line, with no connection. A line that
// moves refuses nobody: however busy this process or the server is, what is done is done.

import { setTimeout as pause } from 'node:timers/promises'
import { AppError, unavailable } from '../declare/errors.ts'
import { SECOND } from '../time/time.ts'

/** What a piece of work is about: a part of the product, such as `chat`, and one thing in it, where it is about one. */
export interface WorkKind {
  part: string
  thing?: string | undefined
}

export interface PoolShares {
  /**
   * Runs the work when its kind has a place. @throws AppError 503 after ten seconds in a line of which
   * nothing was done meanwhile, or a minute in any
   */
  hold<T>(kind: WorkKind, work: () => Promise<T>): Promise<T>
}

/** What waits for nothing is over by then, on a busy machine as well. */
const SLOW_AFTER = 3 * SECOND
/** As long as somebody waits for a connection of the pool (db.ts). */
const PATIENCE = 10 * SECOND
/** Proxies have given up on an answer by then. */
const LONGEST = 60 * SECOND
const LOOK = SECOND

interface Place {
  readonly key: string
  /** How many at a time, and how many while some of them are slow. */
  readonly most: number
  readonly mostIfSlow: number
}

/** What is under way of a kind. */
interface UnderWay {
  /** Monotonic instants at which each began, the oldest first. */
  all: Set<{ at: number }>
  /** When the last of it was done, and not given up because of a lock or a server; at first, when it came. */
  movedAt: number
}

/** Says that a piece of work has ended. @param isDone it was not given up because of a lock or a server */
type EndWork = (isDone: boolean) => void

/** @param pool connections of this process @param now monotonic milliseconds */
export function openPoolShares(pool: number, now = (): number => performance.now()): PoolShares {
  const waitingLine = new WaitingLine(now)
  return {
    async hold(kind, work) {
      const end = await waitingLine.enter(placesOf(pool, kind))
      let isDone = true
      try {
        return await work()
      } catch (error) {
        isDone = !(error instanceof AppError) || error.status !== 503
        throw error
      } finally {
        end(isDone)
      }
    },
  }
}

function placesOf(pool: number, { part, thing }: WorkKind): Place[] {
  const half = Math.ceil(pool / 2)
  const whole = { key: part, most: Math.max(1, pool - 2), mostIfSlow: half }
  if (thing === undefined) return [whole]
  // Fewer than its part has while it is slow, so that something is left for the other things in it.
  const quarter = Math.ceil(half / 2)
  return [whole, { key: `${part}/${thing}`, most: quarter, mostIfSlow: Math.min(2, quarter) }]
}

class WaitingLine {
  readonly #now: () => number
  readonly #kinds = new Map<string, UnderWay>()
  readonly #waiting = new Set<{ places: readonly Place[]; admit: () => void }>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** @throws AppError 503 */
  async enter(places: readonly Place[]): Promise<EndWork> {
    return this.#haveRoom(places) ? this.#take(places) : this.#wait(places)
  }

  async #wait(places: readonly Place[]): Promise<EndWork> {
    const tired = new AbortController()
    const admitted = new Promise<EndWork>((resolve) => {
      const waiting = {
        places,
        admit: () => {
          this.#waiting.delete(waiting)
          resolve(this.#take(places))
        },
      }
      this.#waiting.add(waiting)
      tired.signal.addEventListener('abort', () => this.#waiting.delete(waiting))
    })
    try {
      return await Promise.race([admitted, this.#giveUp(places, tired.signal)])
    } finally {
      tired.abort()
    }
  }

  /** @throws AppError 503 */
  async #giveUp(places: readonly Place[], waiting: AbortSignal): Promise<never> {
    for (const since = this.#now(); ;) {
      await pause(LOOK, undefined, { signal: waiting })
      const waited = this.#now() - since
      if (waited > LONGEST || (waited > PATIENCE && places.some((place) => this.#isStuck(place))))
        throw unavailable(
          'Too much of this kind is under way, and some of it waits. Nothing was done; try again in a moment',
        )
    }
  }

  #take(places: readonly Place[]): EndWork {
    const mine = { at: this.#now() }
    for (const { key } of places) {
      const kind = this.#kinds.get(key) ?? { all: new Set(), movedAt: mine.at }
      this.#kinds.set(key, kind)
      kind.all.add(mine)
    }
    return (isDone) => {
      for (const { key } of places) this.#leave(key, mine, isDone)
      for (const waiting of this.#waiting) if (this.#haveRoom(waiting.places)) waiting.admit()
    }
  }

  #leave(key: string, mine: { at: number }, isDone: boolean): void {
    const kind = this.#kinds.get(key)
    kind?.all.delete(mine)
    if (kind && isDone) kind.movedAt = this.#now()
    if (kind?.all.size === 0) this.#kinds.delete(key)
  }

  #haveRoom(places: readonly Place[]): boolean {
    return places.every((place) => this.#hasRoom(place))
  }

  #hasRoom({ key, most, mostIfSlow }: Place): boolean {
    const all = this.#kinds.get(key)?.all
    const [oldest] = all ?? []
    const isSlow = oldest !== undefined && this.#now() - oldest.at > SLOW_AFTER
    return (all?.size ?? 0) < (isSlow ? mostIfSlow : most)
  }

  #isStuck(place: Place): boolean {
    const movedAt = this.#kinds.get(place.key)?.movedAt
    return !this.#hasRoom(place) && movedAt !== undefined && this.#now() - movedAt > PATIENCE
  }
}
