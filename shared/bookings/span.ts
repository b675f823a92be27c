// When a booking takes place, and what it keeps from others. Pure.

import { invalid } from '../kit/declare/errors.ts'
import { DAY, MINUTE } from '../kit/time/time.ts'
import { firstAt } from '../kit/time/zone.ts'
import type { Organisation } from '../organisations/schema.ts'
import type { Booking } from './schema.ts'

/** Half open: the next may begin at its end. */
interface Span {
  from: Date
  to: Date
}

type When = Pick<Booking, 'bookingType' | 'scheduledDate' | 'scheduledTime' | 'endDate'>

/** Where an organisation does not say otherwise. */
const USUAL_MINUTES: Readonly<Record<Booking['bookingType'], number>> = {
  SINGLE_TRIP: 60,
  MULTI_STOP: 180,
  BLOCK_SCHEDULE: 540,
}
const MOST_DAYS = 366

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
  return Array.from({ length: Math.round((last - first) / DAY) + 1 }, (_, n) => startOn(first + n * DAY)).map(
    (from) => ({ from: new Date(from), to: new Date(from + minutes * MINUTE) }),
  )
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
}: Pick<When, 'scheduledDate'> & { endDate?: string }): void {
  if (endDate && Date.parse(endDate) - Date.parse(scheduledDate) > MOST_DAYS * DAY)
    throw invalid(`endDate must not be more than ${MOST_DAYS} days after scheduledDate`)
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
