// Shares of the pool of connections. Whoever waits for a lock holds a connection, so that one table, or one room, that
// somebody keeps locked would use them all up, and nothing else would be served. So no kind of work gets them all, and a
// kind of which some has been under way for long gets fewer. The rest of it waits in line, with no connection.

import { setTimeout as pause } from 'node:timers/promises'
import { unavailable } from './errors.ts'
import { SECOND } from './time.ts'

/** What a piece of work is about: a part of the house, such as `chat`, and one thing in it, where it is about one. */
export interface Kind {
  part: string
  thing?: string | undefined
}

export interface Shares {
  /** Runs the work when its kind has a place. @throws AppError 503 after ten seconds in line */
  hold<T>(kind: Kind, work: () => Promise<T>): Promise<T>
}

/** What waits for nothing is over by then. */
const SLOW_AFTER = SECOND
/** As long as somebody waits for a connection of the pool (db.ts). */
const PATIENCE = 10 * SECOND

interface Place {
  readonly key: string
  /** How many at a time, and how many while some of them are slow. */
  readonly most: number
  readonly mostIfSlow: number
}

/** @param pool connections of this process @param now monotonic milliseconds */
export function openShares(pool: number, now = (): number => performance.now()): Shares {
  const half = Math.ceil(pool / 2)
  /** Monotonic instants at which the work of a kind began, the oldest first. */
  const begun = new Map<string, Set<{ at: number }>>()
  const line = new Set<{ places: readonly Place[]; admit: () => void }>()

  const placesOf = ({ part, thing }: Kind): Place[] => [
    { key: part, most: Math.max(1, pool - 2), mostIfSlow: half },
    // Fewer than its part has while it is slow, so that something is left for the other things in it.
    ...(thing === undefined ? [] : [{ key: `${part}/${thing}`, most: Math.ceil(half / 2), mostIfSlow: Math.min(2, Math.ceil(half / 2)) }]),
  ]
  const hasPlace = ({ key, most, mostIfSlow }: Place): boolean => {
    const all = begun.get(key)
    const [oldest] = all ?? []
    const isSlow = oldest !== undefined && now() - oldest.at > SLOW_AFTER
    return (all?.size ?? 0) < (isSlow ? mostIfSlow : most)
  }
  const take = (places: readonly Place[]): (() => void) => {
    const mine = { at: now() }
    for (const { key } of places) begun.set(key, (begun.get(key) ?? new Set()).add(mine))
    return () => {
      for (const { key } of places) if (begun.get(key)?.delete(mine) && begun.get(key)?.size === 0) begun.delete(key)
      for (const waiting of line) if (waiting.places.every(hasPlace)) waiting.admit()
    }
  }
  const wait = async (places: readonly Place[]): Promise<() => void> => {
    const tired = new AbortController()
    const admitted = new Promise<() => void>((resolve) => {
      const waiting = { places, admit: () => { line.delete(waiting); resolve(take(places)) } }
      line.add(waiting)
      tired.signal.addEventListener('abort', () => line.delete(waiting))
    })
    const late = pause(PATIENCE, undefined, { signal: tired.signal }).then(() => {
      throw unavailable('Too much of this kind is under way, and some of it waits. Nothing was done; try again in a moment')
    })
    try {
      return await Promise.race([admitted, late])
    } finally {
      tired.abort()
    }
  }

  return {
    async hold(kind, work) {
      const places = placesOf(kind)
      const leave = places.every(hasPlace) ? take(places) : await wait(places)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
