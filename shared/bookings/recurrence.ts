// On which days a schedule repeats itself: a part of RFC 5545. Pure.

import { invalid } from '../kit/declare/errors.ts'
import { listDaysOfRule } from '../kit/text/icalendar.ts'
import { DAY } from '../kit/time/time.ts'
import type { BookingAsk } from './schema.ts'

/** From the first to the last, whatever lies between. */
export const MOST_DAYS = 366

/** @param first YYYY-MM-DD @returns such days, no more than a booking has */
export function daysOfRule(rule: string, first: string): string[] {
  return listDaysOfRule(rule, first, dayAfter(first, MOST_DAYS))
}

/** @param ask with its end resolved @returns the same with a rule that ends by itself, and its last day @throws AppError 422 */
export function settleRecurrence(ask: BookingAsk): BookingAsk {
  const { recurrence, bookingType, scheduledDate, endDate } = ask
  if (!recurrence) return ask
  if (bookingType !== 'BLOCK_SCHEDULE') throw invalid('recurrence: only a BLOCK_SCHEDULE repeats itself')
  const { UNTIL: until, COUNT: count } = partsOf(recurrence)
  if ([until, count, endDate].filter(Boolean).length !== 1)
    throw invalid('recurrence: it ends by its UNTIL, its COUNT, or endDate, and by one of them')
  const rule = endDate ? `${recurrence};UNTIL=${endDate.replaceAll('-', '')}` : recurrence
  const days = daysOfRule(rule, scheduledDate)
  if (days[0] !== scheduledDate)
    throw invalid(`recurrence: it does not fall on ${scheduledDate}, the day on which it begins`)
  const isCut = count
    ? days.length < Number(count)
    : (endDate ?? dayOf(until)) > dayAfter(scheduledDate, MOST_DAYS)
  if (isCut) throw invalid(`recurrence: it must end within ${MOST_DAYS} days`)
  return { ...ask, recurrence: rule, endDate: days.at(-1) ?? scheduledDate }
}

/** The same rule, to be ended in another way. */
export function withoutEnd(rule: string): string {
  return rule
    .split(';')
    .filter((part) => !/^(?:UNTIL|COUNT)=/.test(part))
    .join(';')
}

/** @throws AppError 422 for what has the form of a rule and is none */
function partsOf(rule: string): Partial<Record<string, string>> {
  const entries = rule.split(';').map((part) => part.split('=', 2))
  const parts: Partial<Record<string, string>> = Object.fromEntries(entries)
  if (Object.keys(parts).length !== entries.length)
    throw invalid('recurrence: each of its parts stands there once')
  if (parts['FREQ'] !== 'MONTHLY' && /\d/.test(parts['BYDAY'] ?? ''))
    throw invalid('recurrence: only of a month a weekday has a number')
  if (parts['UNTIL'] && Number.isNaN(Date.parse(dayOf(parts['UNTIL']))))
    throw invalid('recurrence: UNTIL is no day')
  return parts
}

/** @param until YYYYMMDD @returns YYYY-MM-DD */
function dayOf(until = ''): string {
  return until.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10)
}
