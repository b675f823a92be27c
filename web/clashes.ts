// Where the plan does not work out: two trips at once with one vehicle or driver, trips that should have begun, and vehicles that
// should be back. Drawn, never decided by: what the server lets stand (conflicts: warn) is shown here.

import { dayAfter, daysBetween } from './days.ts'
import { isOnDay } from './recurrence.ts'

export interface Trip {
  id: string
  status: string
  scheduledDate: string
  scheduledTime: string
  endDate: string | null
  recurrence: string | null
  durationMinutes: number | null
  startsAt: string | null
  endsAt: string | null
  assignedResourceId: string | null
  assignedDriverId: string | null
}

export interface Clash<Booking extends Trip> {
  /** The vehicle, or the driver. */
  of: 'assignedResourceId' | 'assignedDriverId'
  id: string
  date: string
  one: Booking
  other: Booking
}

const minutesOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

interface Occurrence<Booking extends Trip> {
  booking: Booking
  date: string
  /** In minutes of the clocks there, since the first day that is looked at began. */
  begins: number
  ends: number
}

const HOUR = 60
const A_DAY = 24 * HOUR

/** @param dates as 2031-03-10, one after the other @returns each pair once, on the first of these days */
export function findClashes<Booking extends Trip>(
  bookings: readonly Booking[],
  dates: readonly string[],
): Clash<Booking>[] {
  const found = new Map<string, Clash<Booking>>()
  for (const of of ['assignedResourceId', 'assignedDriverId'] as const)
    for (const id of new Set(bookings.map((each) => each[of]))) {
      if (id === null) continue
      const trips = bookings.filter((each) => each[of] === id)
      for (const { one, other, date } of clashesAmong(trips, dates)) {
        const key = [of, one.id, other.id].toSorted().join()
        if (!found.has(key)) found.set(key, { of, id, date, one, other })
      }
    }
  return [...found.values()]
}

function clashesAmong<Booking extends Trip>(
  trips: readonly Booking[],
  dates: readonly string[],
): Omit<Clash<Booking>, 'of' | 'id'>[] {
  const inOrder = trips
    .flatMap((each) => occurrencesOf(each, dates))
    .toSorted((first, second) => first.begins - second.begins)
  return inOrder.flatMap((one, at) => {
    const after = inOrder.slice(at + 1)
    const end = after.findIndex(({ begins }) => begins >= one.ends)
    return after
      .slice(0, end < 0 ? undefined : end)
      .filter(({ booking, ends }) => booking !== one.booking && Math.min(ends, one.ends) > 0)
      .map((other) => ({ one: one.booking, other: other.booking, date: dayOf(other, dates) }))
  })
}

/** Also those that began before the first of these days and are not over then. */
function occurrencesOf<Booking extends Trip>(
  booking: Booking,
  dates: readonly string[],
): Occurrence<Booking>[] {
  const { scheduledTime, durationMinutes } = booking
  const minutes = durationMinutes ?? HOUR
  const [first] = dates
  if (first === undefined) return []
  const earlier = Array.from({ length: Math.ceil(minutes / A_DAY) }, (_, at) => dayAfter(first, -at - 1))
  return [...earlier, ...dates]
    .filter((date) => isOnDay(booking, date))
    .map((date) => {
      const begins = daysBetween(first, date) * A_DAY + minutesOf(scheduledTime)
      return { booking, date, begins, ends: begins + minutes }
    })
}
/** The first that is looked at, where it began before. */
const dayOf = ({ date }: { date: string }, [first = date]: readonly string[]): string =>
  date < first ? first : date

/** Whether it should be on its way, or back, by now. */
export function isLate(
  { status, startsAt, endsAt }: Pick<Trip, 'status' | 'startsAt' | 'endsAt'>,
  now: Date,
): boolean {
  const due = { ASSIGNED: startsAt, IN_PROGRESS: endsAt }[status]
  return typeof due === 'string' && new Date(due) < now
}
