// Lists of rooms, by their newest message.

import { rowsOf, type Db } from '../../kit/store/db.ts'
import {
  countFrom,
  cutPage,
  isBehind,
  orderBy,
  type Key,
  type Listed,
  type PagePart,
} from '../../kit/store/keyset.ts'
import { patternsOf } from '../../kit/text/fold.ts'
import { phonePatternOf } from '../../kit/text/phone.ts'
import { isStaff, type Actor } from '../../organisations/roles.ts'
import { ROOM_STATUSES, type OwnRoom, type Room, type RoomKind, type RoomStatus } from '../schema.ts'
import { ROOM, toOwnRoom, UNREAD, type RoomRow } from './rooms.ts'
import { ME, viewerOf } from './visibility.ts'

export interface RoomFilter {
  kind?: RoomKind
  type?: string
  status?: RoomStatus
  isActive?: boolean
  search?: string
}

export const ACTIVITY = 'coalesce(r.last_message_at, r.created_at)'
export const lastActiveAt = ({ lastMessageAt, createdAt }: Pick<Room, 'lastMessageAt' | 'createdAt'>): Date =>
  lastMessageAt ?? createdAt
/** An index has rooms by the hour; within one they are sorted. */
export const NEWEST_HOUR_FIRST = 'r.active_hour desc'
/** Where an index begins that goes on from an instant. @param at its binding */
export const isInHourOf = (at: string): string =>
  `r.active_hour <= date_trunc('hour', :${at}::timestamptz, 'UTC')`
const NEWEST_ACTIVITY: readonly Key<OwnRoom>[] = [
  { column: ACTIVITY, kind: 'instant', descends: true, of: lastActiveAt },
  { column: 'r.id', kind: 'id', of: ({ id }) => id },
]

/**
 * Own rooms, and for the staff those of customers; newest activity first. `search` looks at the room's name
 * and at those of the others in it.
 */
export async function listRooms(
  db: Db,
  actor: Actor,
  filter: RoomFilter,
  { limit, offset, cursor }: PagePart,
): Promise<Listed<OwnRoom>> {
  const [behind, place] = isBehind(NEWEST_ACTIVITY, cursor)
  const from = cursor === undefined ? 'true' : `${isInHourOf('place0')} and ${behind}`
  const activity = orderBy(NEWEST_ACTIVITY)
  const order = `${NEWEST_HOUR_FIRST}, ${activity}`
  const branches = branchesFor(actor, filter).map(
    ({ own, isByHour }) =>
      `(select r.id, r.active_hour, r.last_message_at, r.created_at from ${own} and ${from}
        ${isByHour ? `and r.org_id = :orgId order by ${order}` : `order by ${activity}`} limit :limit::int + :offset::int)`,
  )
  const page = `select r.id from (${branches.join(' union all ')}) r order by ${order} limit :limit offset :offset`
  const rows = await rowsOf<RoomRow & { unreadCount: number }>(
    db,
    `select ${ROOM}, ${UNREAD} as unread_count from ${ME} where r.id in (${page}) order by ${order}`,
    { ...bindingsOf(actor, filter), ...place, limit: limit + 1, offset },
  )
  return cutPage(NEWEST_ACTIVITY, rows.map(toOwnRoom), limit)
}

export function countRooms(db: Db, actor: Actor, filter: RoomFilter): Promise<number> {
  const branches = branchesFor(actor, filter).map(({ own }) => own)
  return countFrom(db, branches, bindingsOf(actor, filter))
}

/**
 * One after the other, so that each has its index. Of own rooms that fit something there may be few, and to look for them among
 * all of the organisation, by the hour, would be in vain.
 */
function branchesFor(actor: Actor, filter: RoomFilter): { own: string; isByHour: boolean }[] {
  const isOfCustomers = isStaff(actor.role) && (filter.kind === undefined || filter.kind === 'SUPPORT')
  return [
    {
      own: `room_members me join rooms r on r.id = me.room_id where me.user_id = :userId and ${FITTING}`,
      isByHour: Object.values(filter).every((value) => value === undefined),
    },
    ...(isOfCustomers
      ? [
          {
            own: `rooms r where r.org_id = :staffOf and r.is_open_to_staff and r.kind = 'SUPPORT' and ${FITTING}
              and not exists (select from room_members me where me.room_id = r.id and me.user_id = :userId)`,
            isByHour: true,
          },
        ]
      : []),
  ]
}

const FITTING = `(:kind::text is null or r.kind = :kind) and (:type::text is null or r.type = :type)
  and (:statuses::text[] is null or r.status = any(:statuses))
  and (:names::text[] is null or r.folded_name like all(:names) or exists (
    select from room_members o join users u on u.id = o.user_id where o.room_id = r.id and o.user_id <> :userId
    and (u.folded_name like all(:names) or (:phone::text is not null and r.kind = 'SUPPORT' and u.phone like :phone))))`

/** As an index has them. @returns null: any */
export function statusesOf({
  status,
  isActive,
}: Pick<RoomFilter, 'status' | 'isActive'>): RoomStatus[] | null {
  if (status === undefined && isActive === undefined) return null
  return ROOM_STATUSES.filter(
    (each) =>
      (status === undefined || each === status) &&
      (isActive === undefined || (each === 'ACTIVE') === isActive),
  )
}

function bindingsOf(actor: Actor, { kind, type, search, ...filter }: RoomFilter): Record<string, unknown> {
  return {
    ...viewerOf(actor),
    orgId: actor.orgId,
    kind: kind ?? null,
    type: type ?? null,
    statuses: statusesOf(filter),
    ...soughtBy(actor, search),
  }
}

/** The staff finds a customer by their telephone number as well. */
function soughtBy(
  actor: Actor,
  search: string | undefined,
): { names: string[] | null; phone: string | null } {
  return search === undefined
    ? { names: null, phone: null }
    : { names: patternsOf(search), phone: isStaff(actor.role) ? phonePatternOf(search) : null }
}
