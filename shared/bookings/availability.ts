// What and who is free in a time.

import { choice, id, instantGiven, line, shape, Type, type Static } from '../kit/declare/schema.ts'
import { invalid } from '../kit/declare/errors.ts'
import { rowsOf, type Db } from '../kit/store/db.ts'
import { DAY } from '../kit/time/time.ts'
import { RESOURCE_COLUMNS } from '../resources/queries.ts'
import { Resource, RESOURCE_KINDS } from '../resources/schema.ts'

const MOST_DAYS = 92
/** Of each; a fleet that has more asks for a kind or for more seats. */
const MOST_FREE = 500

export const Period = { from: instantGiven('From when on.'), to: instantGiven('Until when.') }
export const AvailabilityQuery = shape({
  ...Period,
  kind: Type.Optional(choice(RESOURCE_KINDS, 'Only these.')),
  seats: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'For so many people.' })),
})
export const Availability = shape({
  resources: Type.Array(Resource, { description: `By kind and name, ${MOST_FREE} at most.` }),
  drivers: Type.Array(shape({ id: id('Driver.'), fullName: line('Name.') }), {
    description: `By name, ${MOST_FREE} at most.`,
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
