import { isAskedAbout } from '../approvals/queries.ts'
import type { SubjectDetails } from '../approvals/schema.ts'
import type { Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import {
  countAllFound,
  NEWEST_FIRST,
  readPageOfAll,
  type Listed,
  type PagePart,
} from '../kit/store/keyset.ts'
import { isStaff, type Actor } from '../organisations/roles.ts'
import type { Booking, BookingStatus } from './schema.ts'
import { detailsOf } from './subject.ts'
import { BOOKING_COLUMNS, type BookingRow, type MovedBooking } from './table.ts'

interface Filter {
  status?: BookingStatus
  mine?: boolean
  driverId?: string
}

/** The public shape: a row without its organisation. */
export function toBooking({
  orgId: _org,
  requesterRole: _role,
  ...booking
}: BookingRow & Partial<MovedBooking>): Booking {
  return booking
}

/** Newest first. The staff sees the organisation's, everybody else what they asked for or drive. */
export async function listBookings(
  db: Db,
  actor: Actor,
  filter: Filter,
  part: PagePart,
): Promise<Listed<Booking>> {
  const { items, next } = await readPageOfAll<BookingRow>(
    db,
    matching(db, actor, filter),
    BOOKING_COLUMNS,
    NEWEST_FIRST,
    part,
  )
  return { items: items.map(toBooking), next }
}

export function countBookings(db: Db, actor: Actor, filter: Filter): Promise<number> {
  return countAllFound(db, matching(db, actor, filter))
}

function matching(db: Db, actor: Actor, { status, mine, driverId }: Filter) {
  const fitting = () => {
    const query = db('bookings').where({ orgId: actor.orgId })
    if (status) void query.where({ status })
    if (driverId) void query.where({ assignedDriverId: driverId })
    return query
  }
  if (!mine && isStaff(actor.role)) return [fitting()]
  return [
    fitting().where({ requesterId: actor.id }),
    fitting().where({ assignedDriverId: actor.id }).whereNot({ requesterId: actor.id }),
  ]
}

/** @throws AppError 404, also for whoever it does not concern */
export async function getBooking(db: Db, actor: Actor, id: string, now: Date): Promise<Booking> {
  const row: BookingRow | undefined = await db('bookings')
    .where({ orgId: actor.orgId, id })
    .first(...BOOKING_COLUMNS)
  if (!row || !(await maySeeBooking(db, actor, row, now))) throw notFound('Booking')
  return toBooking(row)
}

/** For whoever decides on it. @returns null when there is no such booking */
export async function findSubjectDetails(db: Db, orgId: string, id: string): Promise<SubjectDetails | null> {
  const row: BookingRow | undefined = await db('bookings')
    .where({ orgId, id })
    .first(...BOOKING_COLUMNS)
  return row ? detailsOf(row) : null
}

export async function maySeeBooking(db: Db, actor: Actor, booking: BookingRow, now: Date): Promise<boolean> {
  if (isStaff(actor.role) || booking.requesterId === actor.id || booking.assignedDriverId === actor.id)
    return true
  return isAskedAbout(db, actor.id, booking.id, now)
}

/** Do these two meet in a booking: as requester, driver, or whoever is asked to approve it? */
export async function shareBooking(db: Db, orgId: string, one: string, other: string): Promise<boolean> {
  const both = [one, other]
  const found = await db('bookings as b')
    .leftJoin('approvals as a', 'a.subjectId', 'b.id')
    .where({ 'b.orgId': orgId })
    .where(
      (met) =>
        void met
          .where(
            (trip) =>
              void trip
                .whereIn('b.requesterId', both)
                .whereIn('b.assignedDriverId', both)
                .whereRaw('b.requester_id <> b.assigned_driver_id'),
          )
          .orWhere(
            (asked) =>
              void asked
                .whereIn('b.requesterId', both)
                .whereIn('a.approverId', both)
                .whereRaw('b.requester_id <> a.approver_id'),
          ),
    )
    .first('b.id')
  return found !== undefined
}
