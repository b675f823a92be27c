// How far we are in each partition, and whether all that is there was pushed to us: numbers are consecutive, so that a push
// which never came is arithmetic.

import type { LogEntry } from '../../shared/kit/store/stream.ts'
import type { PartitionPosition } from './continuity.ts'

export interface LogPlace extends PartitionPosition {
  /** The highest number that is known to be there. */
  reaches: number
  /** Up to here it is known of every entry whether it was pushed. */
  pushed: number
}

/** Where following begins, or goes on: what came before was not to be pushed. */
export function placeAt({ partition, seq, epoch, mark }: PartitionPosition): LogPlace {
  return { partition, seq, epoch, mark, reaches: seq, pushed: seq }
}

/** @param entries of the place's epoch, as they were pushed @returns whether none before them was left out */
export function notePushed(place: LogPlace, entries: readonly LogEntry[]): boolean {
  let isWhole = true
  for (const { seq } of entries) {
    if (seq > place.pushed + 1) isWhole = false
    place.pushed = Math.max(place.pushed, seq)
  }
  place.reaches = Math.max(place.reaches, place.pushed)
  return isWhole
}

/** @returns whether all was pushed that the last look at the heads found there */
export function judgePushes(places: readonly LogPlace[]): boolean {
  const isWhole = places.every(({ reaches, pushed }) => reaches <= pushed)
  for (const place of places) place.pushed = Math.max(place.pushed, place.reaches)
  return isWhole
}

/** Those that follow on from where we are. Others had been read before they came, or come after a hole. */
export function unbrokenAfter({ seq: at }: LogPlace, entries: readonly LogEntry[]): LogEntry[] {
  let next = at + 1
  return entries.filter(({ seq }) => seq === next && next++)
}
