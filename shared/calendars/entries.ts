// What stands in a calendar. Pure.

import type { NamedTrip } from '../bookings/queries.ts'
import type { BookingStatus } from '../bookings/schema.ts'
import { spansOf } from '../bookings/span.ts'
import type { CalendarEntry } from '../kit/text/icalendar.ts'
import type { Locale } from '../organisations/schema.ts'

export interface CalendarReader {
  locale: Locale
  timezone: string
}

/** Many days of a schedule are many entries: a program is not asked to count days in a zone that it may not know. */
const MOST_ENTRIES = 2000

const STATUSES: Readonly<Record<BookingStatus, CalendarEntry['status']>> = {
  PENDING_APPROVAL: 'TENTATIVE',
  PENDING: 'TENTATIVE',
  CONFIRMED: 'CONFIRMED',
  ASSIGNED: 'CONFIRMED',
  IN_PROGRESS: 'CONFIRMED',
  COMPLETED: 'CONFIRMED',
  REDIRECTED_EXTERNAL: 'CONFIRMED',
  CANCELLED: 'CANCELLED',
}

const WORDS = {
  trip: { vi: 'Chuyến đi', en: 'Trip' },
  requester: { vi: 'Người đặt', en: 'Asked for by' },
  passengers: { vi: 'Số người', en: 'Passengers' },
  stops: { vi: 'Điểm dừng', en: 'Stops' },
  resource: { vi: 'Phương tiện', en: 'Vehicle or place' },
  driver: { vi: 'Tài xế', en: 'Driver' },
} as const satisfies Record<string, Record<Locale, string>>

/** @param trips in the order in which they begin */
export function entriesOf(trips: readonly NamedTrip[], reader: CalendarReader): CalendarEntry[] {
  const entries: CalendarEntry[] = []
  // Those of a rule are computed, so that no more of them are than are shown.
  for (const trip of trips) {
    if (entries.length >= MOST_ENTRIES) break
    entries.push(...entriesOfTrip(trip, reader))
  }
  return entries.slice(0, MOST_ENTRIES)
}

/** A schedule over days is one entry for each day. */
function entriesOfTrip(trip: NamedTrip, { locale, timezone }: CalendarReader): CalendarEntry[] {
  const entry = {
    sequence: trip.version,
    status: STATUSES[trip.status],
    changedAt: trip.updatedAt,
    summary: `${trip.purpose?.trim() || WORDS.trip[locale]} (${trip.bookingCode})`,
    description: describe(trip, locale),
  }
  const spans = spansOf(trip, trip.durationMinutes ?? 0, timezone)
  return spans.map(({ from, to }, day) => ({
    uid: spans.length > 1 ? `${trip.id}-${day + 1}@bellhop` : `${trip.id}@bellhop`,
    from,
    to,
    ...entry,
  }))
}

function describe(trip: NamedTrip, locale: Locale): string {
  const lines: readonly [keyof typeof WORDS, string | null][] = [
    ['requester', trip.requesterName],
    ['passengers', String(trip.passengerCount)],
    [
      'stops',
      trip.stops?.map(({ name, address }) => (address ? `${name} (${address})` : name)).join(' → ') ?? null,
    ],
    ['resource', trip.resourceName],
    ['driver', trip.driverName],
  ]
  return lines.flatMap(([word, value]) => (value ? [`${WORDS[word][locale]}: ${value}`] : [])).join('\n')
}
