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

/** @param pool connections of this process @param now monotonic milliseconds */
export function openPoolShares(pool: number, now = (): number => performance.now()): PoolShares {
  const half = Math.ceil(pool / 2)
  const kinds = new Map<string, UnderWay>()
  const line = new Set<{ places: readonly Place[]; admit: () => void }>()

  const placesOf = ({ part, thing }: WorkKind): Place[] => [
    { key: part, most: Math.max(1, pool - 2), mostIfSlow: half },
    // Fewer than its part has while it is slow, so that something is left for the other things in it.
    ...(thing === undefined
      ? []
      : [
          {
            key: `${part}/${thing}`,
            most: Math.ceil(half / 2),
            mostIfSlow: Math.min(2, Math.ceil(half / 2)),
          },
        ]),
  ]
  const hasPlace = ({ key, most, mostIfSlow }: Place): boolean => {
    const all = kinds.get(key)?.all
    const [oldest] = all ?? []
    const isSlow = oldest !== undefined && now() - oldest.at > SLOW_AFTER
    return (all?.size ?? 0) < (isSlow ? mostIfSlow : most)
  }
  const isStuck = (place: Place): boolean =>
    !hasPlace(place) && now() - (kinds.get(place.key)?.movedAt ?? now()) > PATIENCE
  const take = (places: readonly Place[]): ((isDone: boolean) => void) => {
    const mine = { at: now() }
    for (const { key } of places) {
      const kind = kinds.get(key) ?? { all: new Set(), movedAt: mine.at }
      kinds.set(key, kind)
      kind.all.add(mine)
    }
    return (isDone) => {
      for (const { key } of places) leave(key, mine, isDone)
      for (const waiting of line) if (waiting.places.every(hasPlace)) waiting.admit()
    }
  }
  const leave = (key: string, mine: { at: number }, isDone: boolean): void => {
    const kind = kinds.get(key)
    kind?.all.delete(mine)
    if (kind && isDone) kind.movedAt = now()
    if (kind?.all.size === 0) kinds.delete(key)
  }
  /** @throws AppError 503 */
  const loseHope = async (places: readonly Place[], waiting: AbortSignal): Promise<never> => {
    for (const since = now(); ;) {
      await pause(LOOK, undefined, { signal: waiting })
      if (now() - since > LONGEST || (now() - since > PATIENCE && places.some(isStuck))) {
        throw unavailable(
          'Too much of this kind is under way, and some of it waits. Nothing was done; try again in a moment',
        )
      }
    }
  }
  const wait = async (places: readonly Place[]): Promise<(isDone: boolean) => void> => {
    const tired = new AbortController()
    const admitted = new Promise<(isDone: boolean) => void>((resolve) => {
      const waiting = {
        places,
        admit: () => {
          line.delete(waiting)
          resolve(take(places))
        },
      }
      line.add(waiting)
      tired.signal.addEventListener('abort', () => line.delete(waiting))
    })
    try {
      return await Promise.race([admitted, loseHope(places, tired.signal)])
    } finally {
      tired.abort()
    }
  }

  return {
    async hold(kind, work) {
      const places = placesOf(kind)
      const end = places.every(hasPlace) ? take(places) : await wait(places)
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
