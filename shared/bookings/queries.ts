import { isAskedAbout } from '../approvals/queries.ts'
import { rowsOf, type Db, type Query } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import {
  countAllFound,
  NEWEST_FIRST,
  readPage,
  readPageOfAll,
  type Key,
  type Listed,
  type PagePart,
} from '../kit/store/keyset.ts'
import { patternsOf } from '../kit/text/fold.ts'
import { isStaff, type Actor } from '../organisations/roles.ts'
import { MOST_HELD, type Holding } from '../users/schema.ts'
import type { Booking, BookingStatus } from './schema.ts'
import { BOOKING_COLUMNS, COMING, type BookingRow, type MovedBooking } from './table.ts'

interface Filter {
  /** Part of a code or purpose, as somebody types it. */
  q?: string
  status?: BookingStatus
  mine?: boolean
  driverId?: string
  resourceId?: string
  requesterId?: string
  /** What is under way between the two. */
  from?: string
  to?: string
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

function matching(
  db: Db,
  actor: Actor,
  { q, status, mine, driverId, resourceId, requesterId, from, to }: Filter,
) {
  // In a time that ends before it begins there is nothing.
  if (from && to && Date.parse(from) > Date.parse(to)) return []
  const isOfAll = !mine && isStaff(actor.role)
  const isWide = isOfAll && !driverId && !resourceId && !requesterId
  const fitting = (whose: object) => {
    // Two conditions: a filter that asks for somebody else's never stands in the place of whose may be seen.
    const query = inTime(db, actor.orgId, { from, to }, isWide)
      .where(whose)
      .where({
        ...(status && { status }),
        ...(driverId && { assignedDriverId: driverId }),
        ...(resourceId && { assignedResourceId: resourceId }),
        ...(requesterId && { requesterId }),
      })
    // One condition for each word: an index serves these, and no list of them.
    for (const pattern of patternsOf(q ?? ''))
      void query.whereRaw(`fold_text(booking_code || ' ' || coalesce(purpose, '')) like ?`, [pattern])
    return query
  }
  if (isOfAll) return [fitting({ orgId: actor.orgId })]
  // Whoever asks is of one organisation: without naming it, an index alone counts them.
  return [
    fitting({ requesterId: actor.id }),
    fitting({ assignedDriverId: actor.id }).whereNot({ requesterId: actor.id }),
  ]
}

/** Up to which length the bookings of a time are sought by it, and then sorted. */
const MOST_DAYS = 92

/**
 * PostgreSQL takes what is under way in a time for a hundredth of all bookings, and looks for a page of it among the newest:
 * on a quiet day it would read everything there ever was.
 * @param isWide of everybody: those of one person or vehicle are found by them
 */
function inTime(db: Db, orgId: string, { from, to }: Pick<Filter, 'from' | 'to'>, isWide: boolean): Query {
  if (!from && !to) return db('bookings')
  const found = db('bookings')
    .where({ orgId })
    .whereNotNull('startsAt')
    .whereRaw('tstzrange(starts_at, ends_at) && tstzrange(?, ?)', [from ?? null, to ?? null])
  const isShort = isWide && from && to && Date.parse(to) - Date.parse(from) <= MOST_DAYS * 86_400_000
  return isShort ? db.withMaterialized('in_time', found).from('in_time as bookings') : found
}

const BY_START: readonly Key<BookingRow>[] = [
  { column: 'starts_at', kind: 'instant', of: ({ startsAt }) => startsAt },
  { column: 'id', kind: 'id', of: ({ id }) => id },
]

/** What a resource is to serve, or has served, in a time: in the order in which it begins. */
export async function listSchedule(
  db: Db,
  orgId: string,
  { resourceId, from, to }: { resourceId: string; from: string; to: string },
  part: PagePart,
): Promise<Listed<Booking>> {
  const query = db('bookings')
    .where({ orgId, assignedResourceId: resourceId })
    .whereNot({ status: 'CANCELLED' })
    .where('endsAt', '>', new Date(from))
    .where('startsAt', '<', new Date(to))
  const { items, next } = await readPage<BookingRow>(query, BOOKING_COLUMNS, BY_START, part)
  return { items: items.map(toBooking), next }
}

/** Trips with the names of who and what takes part. */
export type NamedTrip = Booking & {
  requesterName: string
  driverName: string | null
  resourceName: string | null
}

/**
 * What a person asked for or drives, or a resource serves, in a time: in the order in which it begins, and no more than a
 * calendar shows.
 */
export async function listTripsForCalendar(
  db: Db,
  orgId: string,
  { personId, resourceId, from, to }: { personId?: string; resourceId?: string; from: Date; to: Date },
): Promise<NamedTrip[]> {
  const sides = resourceId
    ? ['assigned_resource_id = :resourceId']
    : ['requester_id = :personId', 'assigned_driver_id = :personId and requester_id <> :personId']
  const found = sides.map(
    (
      side,
    ) => `(select * from bookings where org_id = :orgId and ${side} and ends_at > :from and starts_at < :to
      order by starts_at limit :limit)`,
  )
  const bindings = { orgId, personId: personId ?? null, resourceId: resourceId ?? null, from, to }
  return rowsOf(db, `${withNames(found.join(' union all '))} order by b.starts_at, b.id limit :limit`, {
    ...bindings,
    limit: MOST_IN_CALENDAR,
  })
}

export async function findNamedTrip(db: Db, orgId: string, id: string): Promise<NamedTrip | undefined> {
  const [found] = await rowsOf<NamedTrip>(
    db,
    withNames('select * from bookings where org_id = :orgId and id = :id'),
    { orgId, id },
  )
  return found
}

const withNames = (bookings: string): string =>
  `select b.*, asking.full_name as requester_name, driving.full_name as driver_name, r.name as resource_name
   from (${bookings}) b join users asking on asking.id = b.requester_id
   left join users driving on driving.id = b.assigned_driver_id left join resources r on r.id = b.assigned_resource_id`

const MOST_IN_CALENDAR = 1000

/** What somebody drives or is to drive, the soonest first. @returns one more than an answer names, where there are more */
export async function listTripsHeldBy(db: Db, orgId: string, userId: string, now: Date): Promise<Holding[]> {
  return rowsOf(
    db,
    `select b.id, b.booking_code as label, u.full_name as person_name, b.starts_at as due_at
     from bookings b join users u on u.id = b.requester_id
     where b.org_id = :orgId and b.assigned_driver_id = :userId and (b.status = 'IN_PROGRESS'
       or b.status = any(:coming) and coalesce(b.end_date, b.scheduled_date) >= :now::date - 1)
     order by b.starts_at, b.id limit :limit`,
    { orgId, userId, now, coming: [...COMING], limit: MOST_HELD + 1 },
  )
}

/** What somebody drives, or what something serves, at this moment. */
export async function listTripsUnderWay(
  db: Db,
  where: { orgId: string } & ({ assignedDriverId: string } | { assignedResourceId: string }),
): Promise<BookingRow[]> {
  return db('bookings')
    .where({ ...where, status: 'IN_PROGRESS' })
    .orderBy('id')
    .select(...BOOKING_COLUMNS)
}

/** What somebody is to drive, in order. */
export async function listResourcesOfTrips(db: Db, orgId: string, driverId: string): Promise<string[]> {
  return db('bookings')
    .where({ orgId, assignedDriverId: driverId, status: 'ASSIGNED' })
    .whereNotNull('assignedResourceId')
    .distinct('assignedResourceId')
    .orderBy('assignedResourceId')
    .pluck('assigned_resource_id')
}

/** @throws AppError 404, also for whoever it does not concern */
export async function getBooking(db: Db, actor: Actor, id: string, now: Date): Promise<Booking> {
  const row: BookingRow | undefined = await db('bookings')
    .where({ orgId: actor.orgId, id })
    .first(...BOOKING_COLUMNS)
  if (!row || !(await maySeeBooking(db, actor, row, now))) throw notFound('Booking')
  return toBooking(row)
}

/** The same for whoever has only its id. */
export async function maySeeBookingById(db: Db, actor: Actor, id: string, now: Date): Promise<boolean> {
  const row: BookingRow | undefined = await db('bookings')
    .where({ orgId: actor.orgId, id })
    .first(...BOOKING_COLUMNS)
  return row !== undefined && maySeeBooking(db, actor, row, now)
}

export async function maySeeBooking(db: Db, actor: Actor, booking: BookingRow, now: Date): Promise<boolean> {
  if (isStaff(actor.role) || booking.requesterId === actor.id || booking.assignedDriverId === actor.id)
    return true
  return isAskedAbout(db, actor.id, booking.id, now)
}

/** Does it serve a booking that they asked for or drive? */
export async function isServedBy(db: Db, { orgId, id }: Actor, resourceId: string): Promise<boolean> {
  const found = await db('bookings')
    .where({ orgId, assignedResourceId: resourceId })
    .where((theirs) => void theirs.where({ requesterId: id }).orWhere({ assignedDriverId: id }))
    .first('id')
  return found !== undefined
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
