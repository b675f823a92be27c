// What and who is free in a time, what is in the way, and who waits.

import { choice, id, instantGiven, line, shape, Type, type Static } from '../kit/declare/schema.ts'
import { invalid } from '../kit/declare/errors.ts'
import { rowsOf, toSnakeCase, type Db } from '../kit/store/db.ts'
import { DAY } from '../kit/time/time.ts'
import { RESOURCE_COLUMNS } from '../resources/queries.ts'
import { Resource, RESOURCE_KINDS } from '../resources/schema.ts'
import type { Conflict } from './schema.ts'
import { BOOKING_COLUMNS, type BookingRow } from './table.ts'

const MOST_DAYS = 92
/** Of each; a fleet that has more asks for a kind or for more seats. */
const MOST_FREE = 500

export const Period = { from: instantGiven('From when on.'), to: instantGiven('Until when.') }
export const AvailabilityQuery = shape({
  ...Period,
  kind: Type.Optional(choice(RESOURCE_KINDS, 'Only these.')),
  seats: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Seats.' })),
})
export const Availability = shape({
  resources: Type.Array(Resource, { description: `By kind and name, at most ${MOST_FREE}.` }),
  drivers: Type.Array(shape({ id: id('Driver.'), fullName: line('Name.') }), {
    description: `By name, at most ${MOST_FREE}.`,
  }),
})
export type Availability = Static<typeof Availability>

/** @throws AppError 422 */
export function mustBePeriod({ from, to }: { from: string; to: string }): void {
  const length = Date.parse(to) - Date.parse(from)
  if (length <= 0) throw invalid('to must be after from')
  if (length > MOST_DAYS * DAY) throw invalid(`to must not be more than ${MOST_DAYS} days after from`)
}

/** @throws AppError 422 */
export async function findAvailability(
  db: Db,
  orgId: string,
  { from, to, kind, seats }: Static<typeof AvailabilityQuery>,
): Promise<Availability> {
  mustBePeriod({ from, to })
  const bindings = { orgId, from, to, kind: kind ?? null, seats: seats ?? 1, limit: MOST_FREE }
  const [resources, drivers] = await Promise.all([
    rowsOf<Resource>(
      db,
      `select ${RESOURCE_COLUMNS} from resources where org_id = :orgId and status not in ('MAINTENANCE', 'INACTIVE')
         and kind = coalesce(:kind, kind) and coalesce(capacity, :seats) >= :seats and not exists (
           select from bookings where assigned_resource_id = resources.id and bookings.status in ('ASSIGNED', 'IN_PROGRESS')
             and ends_at > :from::timestamptz - interval '1 day'
             and held && tstzrange(:from, :to::timestamptz + resources.buffer_minutes * interval '1 minute'))
       order by kind, name, id limit :limit`,
      bindings,
    ),
    rowsOf<{ id: string; fullName: string }>(
      db,
      `select id, full_name from users u where org_id = :orgId and role = 'DRIVER' and is_active and not exists (
           select from bookings where assigned_driver_id = u.id and status in ('ASSIGNED', 'IN_PROGRESS')
             and ends_at > :from::timestamptz and span && tstzrange(:from, :to))
       order by full_name, id limit :limit`,
      bindings,
    ),
  ])
  return { resources, drivers }
}

/** Whether another driver has nothing else to do while a trip takes place. */
export async function isFreeFor(db: Db, bookingId: string, driverId: string): Promise<boolean> {
  const inTheWay = await rowsOf(
    db,
    `select o.id from bookings t join bookings o on o.assigned_driver_id = :driverId
     where t.id = :bookingId and o.status in ('ASSIGNED', 'IN_PROGRESS') and o.span && t.span limit 1`,
    { bookingId, driverId },
  )
  return inTheWay.length === 0
}

/** As many as an answer names. */
const MOST_CONFLICTS = 20

/** The bookings that have the resource or the driver at such a time, the soonest first. A span is a multirange. */
export async function listConflicts(
  db: Db,
  { id }: Pick<BookingRow, 'id'>,
  wanted: { resourceId: string; driverId: string | null; span: string; held: string },
): Promise<Conflict[]> {
  // A resource is made ready for a day at most: what ends earlier than that is not in the way.
  return rowsOf(
    db,
    `select 'resource' as of, id as booking_id, booking_code, starts_at, upper(held) as ends_at from bookings
     where assigned_resource_id = :resourceId and status in ('ASSIGNED', 'IN_PROGRESS') and id <> :id
       and ends_at > lower(:held::tstzmultirange) - interval '1 day' and held && :held::tstzmultirange
     union all
     select 'driver', id, booking_code, starts_at, ends_at from bookings
     where assigned_driver_id = :driverId and status in ('ASSIGNED', 'IN_PROGRESS') and id <> :id
       and ends_at > lower(:span::tstzmultirange) and span && :span::tstzmultirange
     order by starts_at, of limit :limit`,
    { id, ...wanted, limit: MOST_CONFLICTS },
  )
}

/** The resources that could serve it in its time and are free then. @param span a multirange @returns ids, two at most */
export async function listFreeFor(
  db: Db,
  { orgId, resourceKind, bookingType, passengerCount }: BookingRow,
  span: string,
): Promise<string[]> {
  const found = await rowsOf<{ id: string }>(
    db,
    `select id from resources r where org_id = :orgId and kind = :resourceKind and ${CAN_SERVE}
       and coalesce(capacity, :passengerCount) >= :passengerCount
       and (booking_types is null or :bookingType = any(booking_types)) and not exists (
         select from bookings where assigned_resource_id = r.id and bookings.status in ('ASSIGNED', 'IN_PROGRESS')
           and ends_at > lower(:span::tstzmultirange) - interval '1 day' and held && (
             select range_agg(tstzrange(lower(part), upper(part) + r.buffer_minutes * interval '1 minute'))
             from unnest(:span::tstzmultirange) as part))
     limit 2`,
    { orgId, resourceKind, bookingType, passengerCount, span },
  )
  return found.map(({ id }) => id)
}

const CAN_SERVE = `r.status not in ('MAINTENANCE', 'INACTIVE')`

/** Who stands in line and could be served by it, the first first. Whether it is free at their time is not looked at. */
export async function listWaitingFor(
  db: Db,
  { orgId, resourceId }: { orgId: string; resourceId: string },
  now: Date,
  limit: number,
): Promise<BookingRow[]> {
  const columns = BOOKING_COLUMNS.map((column) => `b.${toSnakeCase(column)}`).join(', ')
  return rowsOf(
    db,
    `select ${columns} from bookings b join resources r on r.id = :resourceId and r.kind = b.resource_kind and ${CAN_SERVE}
     where b.org_id = :orgId and b.waiting_since is not null and b.ends_at > :now
       and coalesce(r.capacity, b.passenger_count) >= b.passenger_count
       and (r.booking_types is null or b.booking_type = any(r.booking_types))
     order by b.waiting_since, b.id limit :limit`,
    { orgId, resourceId, now, limit },
  )
}
