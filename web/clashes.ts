// Where the plan does not work out: two trips at once with one vehicle or driver, trips that should have begun, and vehicles that
// should be back. Drawn, never decided by: what the server lets stand (conflicts: warn) is shown here.

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

function areAtOnce(one: Trip, other: Trip): boolean {
  const [first, second] = [minutesOf(one.scheduledTime), minutesOf(other.scheduledTime)]
  return first < second + (other.durationMinutes ?? 60) && second < first + (one.durationMinutes ?? 60)
}

/** @param dates as 2031-03-10 @returns each pair once, on the first of these days */
export function findClashes<Booking extends Trip>(
  bookings: readonly Booking[],
  dates: readonly string[],
): Clash<Booking>[] {
  const found = new Map<string, Clash<Booking>>()
  for (const of of ['assignedResourceId', 'assignedDriverId'] as const)
    for (const date of dates)
      for (const clash of clashesOn(bookings, date, of)) {
        const key = [of, clash.one.id, clash.other.id].join()
        if (!found.has(key)) found.set(key, clash)
      }
  return [...found.values()]
}

function clashesOn<Booking extends Trip>(
  bookings: readonly Booking[],
  date: string,
  of: Clash<Booking>['of'],
): Clash<Booking>[] {
  const here = bookings.filter((each) => isOnDay(each, date))
  return here.flatMap((one, at) => {
    const id = one[of]
    if (id === null) return []
    const others = here.slice(at + 1).filter((other) => other[of] === id && areAtOnce(one, other))
    return others.map((other) => ({ of, id, date, one, other }))
  })
}

/** Whether it should be on its way, or back, by now. */
export function isLate(
  { status, startsAt, endsAt }: Pick<Trip, 'status' | 'startsAt' | 'endsAt'>,
  now: Date,
): boolean {
  const due = { ASSIGNED: startsAt, IN_PROGRESS: endsAt }[status]
  return typeof due === 'string' && new Date(due) < now
}
