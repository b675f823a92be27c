// Every write and row lock of bookings. Private to the domain.

import type { LateTable } from '../kit/store/causes.ts'
import { askTogether } from '../kit/store/ask-together.ts'
import { conflict } from '../kit/declare/errors.ts'
import { preparedRowsOf, violatesExclusion, type Db } from '../kit/store/db.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import type { Role } from '../organisations/roles.ts'
import { Booking, type BookingStatus } from './schema.ts'

export type BookingRow = Booking & { orgId: string }
/** With what decides who hears of it. */
export type MovedBooking = BookingRow & { requesterRole: Role }
export const BOOKING_COLUMNS = [...columnsOf(Booking), 'orgId'] as const

/** The day's counter; its row lock is what keeps two bookings of one moment apart. */
export const nextNumber = askTogether(async (db, days: readonly { orgId: string; day: string }[]) => {
  const [first] = days
  if (days.some(({ orgId, day }) => orgId !== first?.orgId || day !== first.day))
    throw new Error('Numbers of several days at once could wait for one another.')
  const [counter] = await preparedRowsOf<{ last: number }>(
    db,
    'next_numbers',
    `insert into booking_counters (org_id, scheduled_date, last) values (:orgId, :day, :count)
     on conflict (org_id, scheduled_date) do update set last = booking_counters.last + excluded.last returning last`,
    { ...first, count: days.length },
  )
  if (!counter) throw new Error('The counter of the day is gone.')
  return days.map((_, at) => counter.last - days.length + 1 + at)
})

export const BOOKING_ROWS: LateTable<BookingRow> = {
  name: 'bookings',
  columns: {
    id: 'uuid',
    orgId: 'uuid',
    bookingCode: 'text',
    requesterId: 'uuid',
    bookingType: 'text',
    status: 'text',
    approvalType: 'text',
    isBusinessTrip: 'boolean',
    scheduledDate: 'date',
    scheduledTime: 'text',
    endDate: 'date',
    durationMinutes: 'integer',
    startsAt: 'timestamptz',
    endsAt: 'timestamptz',
    recurrence: 'text',
    stops: 'jsonb',
    purpose: 'text',
    passengerCount: 'integer',
    distanceKm: 'double precision',
    amount: 'double precision',
    resourceKind: 'text',
    notes: 'text',
    assignedResourceId: 'uuid',
    assignedDriverId: 'uuid',
    waitingSince: 'timestamptz',
    reassignedById: 'uuid',
    reassignmentReason: 'text',
    handovers: 'jsonb',
    startedAt: 'timestamptz',
    completedAt: 'timestamptz',
    cancelledAt: 'timestamptz',
    cancelledById: 'uuid',
    cancellationReason: 'text',
    cancellationNotes: 'text',
    version: 'integer',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
}

/** Whoever moves a booking holds its row: no two transitions start from the same state. */
export async function lockBooking(db: Db, orgId: string, id: string): Promise<BookingRow | undefined> {
  return db('bookings')
    .where({ orgId, id })
    .forUpdate()
    .first(...BOOKING_COLUMNS)
}

/** Given to be served, and not begun. */
export const COMING = ['CONFIRMED', 'ASSIGNED'] as const satisfies readonly BookingStatus[]

/** What has not begun and is to be served by it or them, from yesterday on, so that no time zone's today is left out. */
export async function lockComing(
  db: Db,
  where: { orgId: string } & ({ assignedDriverId: string } | { assignedResourceId: string }),
  now: Date,
): Promise<BookingRow[]> {
  return db('bookings')
    .where(where)
    .whereIn('status', [...COMING])
    .whereRaw('coalesce(end_date, scheduled_date) >= ?::date - 1', [now])
    .orderBy('id')
    .forUpdate()
    .select(...BOOKING_COLUMNS)
}

/** What somebody asked for that has not begun. */
export async function lockAskedBy(db: Db, orgId: string, requesterId: string): Promise<BookingRow[]> {
  return db('bookings')
    .where({ orgId, requesterId })
    .whereIn('status', ['PENDING_APPROVAL', 'PENDING', ...COMING])
    .orderBy('id')
    .forUpdate()
    .select(...BOOKING_COLUMNS)
}

/** Nobody else gives these people and things anything to do meanwhile. @param ids of resources and drivers */
export async function lockSchedules(db: Db, ids: readonly string[]): Promise<void> {
  await db.raw(
    `select pg_advisory_xact_lock(hashtextextended('schedule ' || id, 0)) from unnest(?::text[]) as ids(id)`,
    [ids.toSorted()],
  )
}

/** What it keeps from others while it is ASSIGNED or runs; the walls bookings_one_driver and bookings_one_resource. */
export interface Claim {
  /** Multiranges: of the driver, and of the resource with what makes it ready again. */
  span: string
  held: string
  /** False: others may have the same. */
  isExclusive: boolean
}

export async function updateBooking(
  db: Db,
  id: string,
  patch: Partial<Booking & Claim>,
  now: Date,
): Promise<MovedBooking> {
  const [updated] = await db('bookings')
    .where({ id })
    .update({
      ...patch,
      ...(patch.handovers && { handovers: JSON.stringify(patch.handovers) }),
      ...(patch.stops && { stops: JSON.stringify(patch.stops) }),
      version: db.raw('version + 1'),
      updatedAt: now,
    })
    .returning([
      ...BOOKING_COLUMNS,
      db.raw('(select role from users where id = bookings.requester_id) as requester_role'),
    ])
    .catch((error: unknown) => {
      throw violatesExclusion(error)
        ? conflict('At that time another booking has the resource or the driver')
        : error
    })
  return updated
}

/** What somebody wrote into bookings. */
export async function clearBookingTexts(db: Db, orgId: string, userId: string): Promise<void> {
  await db('bookings')
    .where({ orgId, requesterId: userId })
    .update({ purpose: null, notes: null, stops: null })
  await db('bookings').where({ orgId, cancelledById: userId }).update({ cancellationNotes: null })
  await db('bookings').where({ orgId, reassignedById: userId }).update({ reassignmentReason: null })
  await db.raw(
    `update bookings set handovers = (
       select jsonb_agg(case when each ->> 'byId' = :userId then each || '{"note": null, "attachments": []}' else each end
         order by place) from jsonb_array_elements(handovers) with ordinality as handed(each, place))
     where org_id = :orgId and handovers @> :theirs`,
    { orgId, userId, theirs: JSON.stringify([{ byId: userId }]) },
  )
}
