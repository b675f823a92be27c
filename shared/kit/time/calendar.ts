// Opening hours: the one engine for everything that asks "are we open?". Pure; who asks brings the instant.
// Days and times are those of the calendar's zone; lengths are what really passes. A slot begins when the clocks there first
// show its `from` and ends when they show its `to` for good. So the night on which they are put forward is an hour shorter and
// the one on which they are put back an hour longer; a slot within the hour left out is none, and one within the hour that comes
// twice lasts from its first beginning to its second end. A slot over midnight belongs, holidays included, to the day on which it begins.
// It looks a year ahead and back, and no further. A calendar is read once, and each of its days computed once, however often it is
// asked: what a question costs is a step for each day that it passes, and not what the organisation wrote into its calendar.

import { DAY, MINUTE, plusMs } from './time.ts'
import { firstAt, lastAt, wallAt } from './zone.ts'

/** Times of day, HH:mm. An end that is not after its beginning is on the next day: 00:00 to 00:00 is the whole day. */
export interface Slot {
  from: string
  to: string
}

export interface Calendar {
  /** IANA. */
  timezone: string
  /** Day 0 is Sunday. In any order; they may touch and overlap. Null: around the clock, but for the holidays. */
  weekly: readonly (Slot & { day: number })[] | null
  /** In place of the week on that date, YYYY-MM-DD; without slots closed. */
  holidays: readonly { date: string; slots?: readonly Slot[] }[]
}

/** The same on every day of the year. */
export function everyDay(timezone: string, slot: Slot): Calendar {
  return { timezone, weekly: [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, ...slot })), holidays: [] }
}

/** The next instant after `at` at which the clocks there first show this time of day, HH:mm. */
export function nextTimeOfDay(timezone: string, time: string, at: Date): Date {
  const now = at.getTime()
  const today = Math.floor(wallAt(timezone, now) / DAY) * DAY + lengthOf(time)
  const next = firstAt(timezone, today)
  return new Date(next > now ? next : firstAt(timezone, today + DAY))
}

/** A week's calendar comes round in a week; only holidays could put an opening off for longer. */
const HORIZON = 366 * DAY

/** Half-open, in milliseconds. */
interface Period {
  start: number
  end: number
}

export function isOpen(calendar: Calendar, at: Date): boolean {
  const now = at.getTime()
  return [...slotsBetween(calendar, now, now)].some(({ start, end }) => start <= now && now < end)
}

/** The first opening after the instant: while open, the one after the next closing. Undefined: there is none. */
export function nextOpening(calendar: Calendar, at: Date): Date | undefined {
  const now = at.getTime()
  for (const { start } of periodsBetween(calendar, now, now + HORIZON))
    if (start > now) return new Date(start)
  return undefined
}

/** The first closing after the instant. Undefined: there is none until then, a year ahead unless given. */
export function nextClosing(calendar: Calendar, at: Date, until = plusMs(at, HORIZON)): Date | undefined {
  for (const { end } of periodsBetween(calendar, at.getTime(), until.getTime())) {
    if (end > at.getTime()) return end <= until.getTime() ? new Date(end) : undefined
  }
  return undefined
}

/** Open now, and no longer so in that many minutes. */
export function closesWithin(calendar: Calendar, at: Date, minutes: number): boolean {
  return isOpen(calendar, at) && nextClosing(calendar, at, plusMs(at, minutes * MINUTE)) !== undefined
}

/** Since when it has been closed, a year at most: it names the closed period. Undefined: it is open. */
export function closedSince(calendar: Calendar, at: Date): Date | undefined {
  if (isOpen(calendar, at)) return undefined
  const now = at.getTime()
  const endsOf = (day: number): number[] =>
    slotsOn(calendar, day)
      .filter(({ start }) => start <= now)
      .map(({ end }) => end)
  const today = dayOf(calendar, now)
  for (let day = today; day > today - HORIZON / DAY; day--) {
    // A slot of the day before can last until after those of this day.
    if (endsOf(day).length > 0) return new Date(Math.max(...endsOf(day), ...endsOf(day - 1)))
  }
  return plusMs(at, -HORIZON)
}

/**
 * The first instant by which it has been open for so long since `at`: a length that is used up at closing time ends at closing
 * time. Undefined: it is not open for so long within a year.
 */
export function addOpenTime(calendar: Calendar, at: Date, milliseconds: number): Date | undefined {
  let [now, left] = [at.getTime(), milliseconds]
  if (left <= 0) return at
  for (const { start, end } of slotsBetween(calendar, now, now + HORIZON)) {
    const begin = Math.max(start, now)
    if (left <= end - begin) return new Date(begin + left)
    if (begin < end) [now, left] = [end, left - (end - begin)]
  }
  return undefined
}

/** How long it is open from one instant to a later one. */
export function openTimeBetween(calendar: Calendar, from: Date, until: Date): number {
  let sum = 0
  for (const { start, end } of periodsBetween(calendar, from.getTime(), until.getTime())) {
    sum += Math.max(0, Math.min(end, until.getTime()) - Math.max(start, from.getTime()))
  }
  return sum
}

/** Open periods, those that touch or overlap as one. They are whole but for what lies before `from` and after `until`. */
function* periodsBetween(calendar: Calendar, from: number, until: number): Generator<Period> {
  let open: Period | undefined
  for (const slot of slotsBetween(calendar, from, until)) {
    if (open && slot.start > open.end) yield open
    open = open && slot.start <= open.end ? { start: open.start, end: Math.max(open.end, slot.end) } : slot
  }
  if (open) yield open
}

/** By their beginning. The day before can reach into the first. */
function* slotsBetween(calendar: Calendar, from: number, until: number): Generator<Period> {
  const last = dayOf(calendar, until)
  for (let day = dayOf(calendar, from) - 1; day <= last; day++) yield* slotsOn(calendar, day)
}

const WHOLE_DAY: readonly Slot[] = [{ from: '00:00', to: '00:00' }]

interface ReadCalendar {
  byWeekday: readonly (readonly Slot[])[]
  holidays: ReadonlyMap<number, readonly Slot[]>
  /** What was computed by now. */
  periods: Map<number, readonly Period[]>
}

/** Days are counted from 1970-01-01, a Thursday. */
const WEEKDAY_OF_DAY_0 = 4
const readCalendars = new WeakMap<Calendar, ReadCalendar>()

/** Calendars are values: whoever changes one makes another. */
function readingOf(calendar: Calendar): ReadCalendar {
  const known = readCalendars.get(calendar)
  if (known) return known
  const { weekly, holidays } = calendar
  const reading: ReadCalendar = {
    byWeekday: [0, 1, 2, 3, 4, 5, 6].map((day) => weekly?.filter((slot) => slot.day === day) ?? WHOLE_DAY),
    // Of a date that stands there twice the first holds.
    holidays: new Map(
      holidays.map(({ date, slots = [] }) => [Date.parse(date) / DAY, slots] as const).toReversed(),
    ),
    periods: new Map(),
  }
  readCalendars.set(calendar, reading)
  return reading
}

/** Those that begin on a day. */
function slotsOn(calendar: Calendar, day: number): readonly Period[] {
  const { byWeekday, holidays, periods } = readingOf(calendar)
  const known = periods.get(day)
  if (known) return known
  const slots = holidays.get(day) ?? byWeekday[(((day + WEEKDAY_OF_DAY_0) % 7) + 7) % 7] ?? []
  const computed = slots
    .map((slot) => periodOf(calendar.timezone, day * DAY, slot))
    .filter(({ start, end }) => start < end)
    .toSorted((a, b) => a.start - b.start)
  periods.set(day, computed)
  return computed
}

function periodOf(zone: string, midnight: number, { from, to }: Slot): Period {
  const [start, end] = [lengthOf(from), lengthOf(to)]
  return {
    start: firstAt(zone, midnight + start),
    end: lastAt(zone, midnight + end + (end > start ? 0 : DAY)),
  }
}

function dayOf({ timezone }: Calendar, at: number): number {
  return Math.floor(wallAt(timezone, at) / DAY)
}

/** Of a time of day, since midnight. */
function lengthOf(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE
}
