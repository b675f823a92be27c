// When a booking takes place, and what it keeps from others. Pure.

import { invalid } from '../kit/declare/errors.ts'
import { DAY, MINUTE } from '../kit/time/time.ts'
import { dayAt, firstAt, wallAt } from '../kit/time/zone.ts'
import type { Organisation } from '../organisations/schema.ts'
import { daysOfRule, MOST_DAYS, settleRecurrence } from './recurrence.ts'
import type { Booking, BookingAsk, BookingRequest } from './schema.ts'

/** Half open: the next may begin at its end. */
interface Span {
  from: Date
  to: Date
}

type When = Pick<Booking, 'bookingType' | 'scheduledDate' | 'scheduledTime' | 'endDate'> &
  Partial<Pick<Booking, 'recurrence'>>

/** Where an organisation does not say otherwise. */
const USUAL_MINUTES: Readonly<Record<Booking['bookingType'], number>> = {
  SINGLE_TRIP: 60,
  MULTI_STOP: 180,
  BLOCK_SCHEDULE: 540,
}
const LEAST_MINUTES = 5

export function usualMinutes(
  bookingType: Booking['bookingType'],
  { settings }: Pick<Organisation, 'settings'>,
): number {
  return settings.durationMinutes?.[bookingType] ?? USUAL_MINUTES[bookingType]
}

/** A schedule over days takes its time on each of them; any other trip is one span, over nights too. */
export function spansOf(when: When, minutes: number, timezone: string): Span[] {
  const [first, last] = [Date.parse(when.scheduledDate), Date.parse(when.endDate ?? when.scheduledDate)]
  const startOn = (day: number): number => firstAt(timezone, day + timeOf(when.scheduledTime))
  if (when.bookingType !== 'BLOCK_SCHEDULE')
    return [{ from: new Date(startOn(first)), to: new Date(startOn(last) + minutes * MINUTE) }]
  const days = when.recurrence
    ? daysOfRule(when.recurrence, when.scheduledDate).map((day) => Date.parse(day))
    : Array.from({ length: Math.round((last - first) / DAY) + 1 }, (_, n) => first + n * DAY)
  return days.map(startOn).map((from) => ({ from: new Date(from), to: new Date(from + minutes * MINUTE) }))
}

/** On how many days it takes place. */
export function countDays({
  recurrence,
  scheduledDate,
  endDate,
}: Pick<BookingAsk, 'recurrence' | 'scheduledDate' | 'endDate'>): number {
  if (recurrence) return daysOfRule(recurrence, scheduledDate).length
  return 1 + Math.round((Date.parse(endDate ?? scheduledDate) - Date.parse(scheduledDate)) / DAY)
}

/** Milliseconds since midnight. @param time HH:mm */
function timeOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return (hours * 60 + minutes) * MINUTE
}

/** @throws AppError 422 */
export function mustEndInAYear({
  scheduledDate,
  endDate,
}: Pick<BookingAsk, 'scheduledDate' | 'endDate'>): void {
  if (endDate && Date.parse(endDate) - Date.parse(scheduledDate) > MOST_DAYS * DAY)
    throw invalid(`endDate must not be more than ${MOST_DAYS} days after scheduledDate`)
}

/** What begins at an instant begins on a day and at a time of the organisation's. @throws AppError 422 */
export function resolveTimes(given: BookingRequest, timezone: string): BookingAsk {
  return settleRecurrence(resolveInstants(given, timezone))
}

function resolveInstants({ startsAt, endsAt, ...ask }: BookingRequest, timezone: string): BookingAsk {
  if (startsAt && (ask.scheduledDate ?? ask.scheduledTime))
    throw invalid('startsAt and scheduledDate with scheduledTime say the same: give one of them')
  const { scheduledDate = '', scheduledTime = '' } = startsAt ? placeOf(startsAt, timezone) : ask
  const begun = { ...ask, scheduledDate, scheduledTime }
  if (!endsAt) return begun
  if (ask.endDate ?? ask.durationMinutes)
    throw invalid('endsAt and endDate with durationMinutes say the same: give one of them')
  return { ...begun, ...lengthUntil(endsAt, begun, timezone) }
}

function placeOf(instant: string, timezone: string): Pick<Booking, 'scheduledDate' | 'scheduledTime'> {
  const at = new Date(instant)
  if (at.getTime() % MINUTE !== 0) throw invalid('startsAt must be a whole minute')
  const scheduledTime = new Date(wallAt(timezone, at.getTime())).toISOString().slice(11, 16)
  return { scheduledDate: dayAt(timezone, at), scheduledTime }
}

/** On as many days as it lasts, of each the minutes from the time at which it began. */
function lengthUntil(
  instant: string,
  { scheduledDate, scheduledTime }: Pick<Booking, 'scheduledDate' | 'scheduledTime'>,
  timezone: string,
): { endDate?: string; durationMinutes: number } {
  const end = new Date(instant).getTime()
  const first = Date.parse(scheduledDate)
  const startOn = (day: number): number => firstAt(timezone, day + timeOf(scheduledTime))
  const days = Math.ceil((end - startOn(first)) / DAY) - 1
  const durationMinutes = (end - startOn(first + Math.max(0, days) * DAY)) / MINUTE
  if (!Number.isInteger(durationMinutes) || durationMinutes < LEAST_MINUTES)
    throw invalid(`endsAt must be a whole minute, at least ${LEAST_MINUTES} minutes after the beginning`)
  const endDate = new Date(first + days * DAY).toISOString().slice(0, 10)
  return { ...(days > 0 && { endDate }), durationMinutes }
}

/** @returns from the first instant to the last */
export function wholeOf(spans: readonly Span[]): { startsAt: Date | null; endsAt: Date | null } {
  return { startsAt: spans.at(0)?.from ?? null, endsAt: spans.at(-1)?.to ?? null }
}

/** With the minutes after each in which it is made ready for the next. */
export function withBuffer(spans: readonly Span[], bufferMinutes: number): Span[] {
  return spans.map(({ from, to }) => ({ from, to: new Date(to.getTime() + bufferMinutes * MINUTE) }))
}

/** As PostgreSQL reads a multirange. */
export function multirangeOf(spans: readonly Span[]): string {
  return `{${spans.map(({ from, to }) => `[${from.toISOString()},${to.toISOString()})`).join(',')}}`
}
