// What a booking says to whoever decides on it, in every language.

import type { Localised, Subject, SubjectDetails } from '../approvals/schema.ts'
import type { Facts } from '../approvals/policy/schema.ts'
import type { User } from '../users/schema.ts'
import { askTogether } from '../kit/store/ask-together.ts'
import { preparedRowsOf, toSnakeCase, type Db } from '../kit/store/db.ts'
import { formatDay, formatNumber } from '../kit/text/locale.ts'
import type { Locale } from '../organisations/schema.ts'
import type { Booking, BookingAsk } from './schema.ts'
import { countDays } from './span.ts'
import { BOOKING_COLUMNS, type BookingRow } from './table.ts'

const LABELS = {
  date: { vi: 'Ngày', en: 'Day' },
  time: { vi: 'Giờ', en: 'Time' },
  times: { vi: 'Số lần', en: 'Times' },
  type: { vi: 'Loại chuyến', en: 'Kind of trip' },
  stops: { vi: 'Điểm dừng', en: 'Stops' },
  passengers: { vi: 'Số người', en: 'Passengers' },
  distance: { vi: 'Quãng đường', en: 'Distance' },
  amount: { vi: 'Chi phí', en: 'Cost' },
  purpose: { vi: 'Mục đích', en: 'Purpose' },
} as const satisfies Record<string, Localised>

const TYPES: Readonly<Record<Booking['bookingType'], Localised>> = {
  SINGLE_TRIP: { vi: 'Một chuyến', en: 'Single trip' },
  MULTI_STOP: { vi: 'Nhiều điểm dừng', en: 'Several stops' },
  BLOCK_SCHEDULE: { vi: 'Theo lịch nhiều ngày', en: 'Schedule over days' },
}

const PRIVATE: Localised = { vi: 'việc riêng', en: 'private' }

export function subjectOf(booking: Booking): Subject {
  return {
    type: 'BOOKING',
    id: booking.id,
    label: { code: booking.bookingCode, date: booking.scheduledDate },
  }
}

/** What the rules of an approval policy may look at. */
export function factsOf(
  ask: BookingAsk,
  requester: Pick<User, 'role' | 'positionLevel' | 'userSegment' | 'department'>,
  leadTime: number | null,
): Facts {
  return {
    'subject.type': 'BOOKING',
    bookingType: ask.bookingType ?? 'SINGLE_TRIP',
    isBusinessTrip: ask.isBusinessTrip ?? true,
    passengerCount: ask.passengerCount,
    distanceKm: ask.distanceKm ?? null,
    amount: ask.amount ?? null,
    resourceKind: ask.resourceKind ?? null,
    days: countDays(ask),
    weekday: new Date(ask.scheduledDate).getUTCDay(),
    leadTime,
    'requester.role': requester.role,
    'requester.positionLevel': requester.positionLevel,
    'requester.userSegment': requester.userSegment,
    'requester.department': requester.department,
  }
}

export function detailsOf(booking: Booking): SubjectDetails {
  const { distanceKm, amount, stops } = booking
  const purpose = booking.purpose?.trim() ? booking.purpose : null
  const values: [Localised, ((locale: Locale) => string) | false][] = [
    [LABELS.date, (locale) => daysOf(booking, locale)],
    [LABELS.time, (locale) => hoursOf(booking, locale)],
    [LABELS.times, booking.recurrence !== null && (() => timesIn(booking))],
    [LABELS.type, (locale) => typeOf(booking, locale)],
    [LABELS.stops, stops !== null && (() => stops.map(({ name }) => name).join(' → '))],
    [LABELS.passengers, () => String(booking.passengerCount)],
    [LABELS.distance, distanceKm !== null && ((locale) => `${formatNumber(distanceKm, locale)} km`)],
    [LABELS.amount, amount !== null && ((locale) => formatNumber(amount, locale))],
    [LABELS.purpose, purpose !== null && (() => purpose)],
  ]
  return {
    title: { vi: `Đặt chỗ ${booking.bookingCode}`, en: `Booking ${booking.bookingCode}` },
    fields: values.flatMap(([label, write]) => (write ? [{ label, value: inEach(write) }] : [])),
  }
}

function timesIn({ recurrence, scheduledDate, endDate }: Booking): string {
  return String(countDays({ scheduledDate, ...(recurrence && { recurrence }), ...(endDate && { endDate }) }))
}

function daysOf({ scheduledDate, endDate }: Booking, locale: Locale): string {
  return endDate && endDate !== scheduledDate
    ? `${formatDay(scheduledDate, locale)} – ${formatDay(endDate, locale)}`
    : formatDay(scheduledDate, locale)
}

/** From when to when, as the clocks there show it; that they are changed in some nights is not looked at. */
function hoursOf(
  { scheduledDate, scheduledTime, endDate, startsAt, endsAt }: Booking,
  locale: Locale,
): string {
  if (!startsAt || !endsAt) return scheduledTime
  const length = endsAt.getTime() - startsAt.getTime()
  const end = new Date(Date.parse(`${scheduledDate}T${scheduledTime}Z`) + length).toISOString()
  const [day, time] = [end.slice(0, 10), end.slice(11, 16)]
  const hours = `${scheduledTime} – ${time}`
  return day === (endDate ?? scheduledDate) ? hours : `${hours} (${formatDay(day, locale)})`
}

function typeOf({ bookingType, isBusinessTrip }: Booking, locale: Locale): string {
  return isBusinessTrip ? TYPES[bookingType][locale] : `${TYPES[bookingType][locale]} (${PRIVATE[locale]})`
}

function inEach(write: (locale: Locale) => string): Localised {
  return { vi: write('vi'), en: write('en') }
}

/** For whoever decides on it. @returns null when there is no such booking */
export async function findSubjectDetails(db: Db, orgId: string, id: string): Promise<SubjectDetails | null> {
  const row = await findBookingRow(db, { orgId, id })
  return row ? detailsOf(row) : null
}

const findBookingRow = askTogether(async (db, asked: readonly Pick<BookingRow, 'orgId' | 'id'>[]) => {
  const rows = await preparedRowsOf<BookingRow>(
    db,
    'subject_details',
    `select ${BOOKING_COLUMNS.map(toSnakeCase).join(', ')} from bookings 
     where id in (select id::uuid from jsonb_array_elements_text(:ids) as asked(id))`,
    { ids: JSON.stringify(asked.map(({ id }) => id)) },
  )
  return asked.map(({ orgId, id }) => rows.find((row) => row.id === id && row.orgId === orgId))
})
