// What the clocks on the walls of a time zone show. The only importer of luxon, for what IANA says of a zone.
// A wall time is written as the milliseconds that the same reading would have in UTC.

import { IANAZone } from 'luxon'
import { DAY, MINUTE } from './time.ts'

export function wallAt(zone: string, at: number): number {
  return at + offsetAt(zone, at)
}

/** @returns YYYY-MM-DD */
export function dayAt(zone: string, at: Date): string {
  return new Date(wallAt(zone, at.getTime())).toISOString().slice(0, 10)
}

/** The first instant at which the clocks show `wall` or later: the change itself, for a time that it leaves out. */
export function firstAt(zone: string, wall: number): number {
  const { before, after, change } = offsetsAround(zone, wall)
  const early = wall - before
  return early < change ? early : Math.max(change, wall - after)
}

/** The instant from which on they show `wall` or later for good: of a time that comes twice, the second. */
export function lastAt(zone: string, wall: number): number {
  const { before, after, change } = offsetsAround(zone, wall)
  const late = wall - after
  return late > change ? late : Math.min(change, wall - before)
}

/** By zone: its offset at the beginning of a day in UTC, by the number of that day. Asking IANA costs a hundred times as much. */
const offsets = new Map<string, Map<number, number>>()
/** Of each zone, some years. */
const MOST_DAYS = 2_000

/** Where a day begins and ends with the same offset it has no other: no zone changes its clocks twice in two days. */
function offsetAt(zone: string, at: number): number {
  const day = Math.floor(at / DAY)
  const offset = offsetOfDay(zone, day)
  return offset === offsetOfDay(zone, day + 1) ? offset : computeOffset(zone, at)
}

function offsetOfDay(zone: string, day: number): number {
  const days = offsets.get(zone) ?? new Map<number, number>()
  const offset = days.get(day) ?? computeOffset(zone, day * DAY)
  if (days.size >= MOST_DAYS) days.clear()
  offsets.set(zone, days.set(day, offset))
  return offset
}

function computeOffset(zone: string, at: number): number {
  return IANAZone.create(zone).offset(at) * MINUTE
}

interface Offsets {
  before: number
  after: number
  /** The first instant with the offset `after`; never, when there is no change near. */
  change: number
}

/**
 * A day to both sides holds every offset there is (−12 to +14 hours). No zone changes its clocks twice in two days, and all do so
 * on a whole minute.
 */
function offsetsAround(zone: string, wall: number): Offsets {
  let [early, late] = [wall - DAY, wall + DAY]
  const [before, after] = [offsetAt(zone, early), offsetAt(zone, late)]
  if (before === after) return { before, after, change: Infinity }
  while (late - early > MINUTE) {
    const middle = early + Math.floor((late - early) / 2 / MINUTE) * MINUTE
    if (offsetAt(zone, middle) === before) early = middle
    else late = middle
  }
  return { before, after, change: late }
}
