// Reads of the inbox.

import {
  ACTIVITY,
  isInHourOf,
  lastActiveAt,
  NEWEST_HOUR_FIRST,
  statusesOf,
  type RoomFilter,
} from '../../chat/queries/room-lists.ts'
import { listRoomsById } from '../../chat/queries/rooms.ts'
import type { OwnRoom } from '../../chat/schema.ts'
import type { Reading } from '../../kit/store/change.ts'
import { rowsOf, type Db } from '../../kit/store/db.ts'
import { notFound } from '../../kit/declare/errors.ts'
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
import { listActiveIdsByRole } from '../../users/queries.ts'
import { MOST_HELD, type Holding } from '../../users/schema.ts'
import { isStaff, STAFF_ROLES, type Actor } from '../../organisations/roles.ts'
import type { Load } from '../rules.ts'
import { type Conversation, type ConversationNews, type ListedRoom } from '../schema.ts'

type Facts = Omit<ConversationNews, 'status'>

/** Of a guest what they gave: the address that was made up for them is nobody's. */
const FACTS = `c.room_id, c.priority, c.tags, c.waiting_since, c.notes_room_id, c.rating,
  jsonb_build_object('id', u.id, 'fullName', u.full_name, 'role', u.role, 'email', case
  when u.role = 'GUEST' then u.contact_email else u.email end, 'phone', coalesce(u.phone, u.contact_phone)) as customer,
  case when a.id is not null then jsonb_build_object('id', a.id, 'fullName', a.full_name, 'role', a.role) end as assignee`
const FROM =
  'inbox_conversations c join rooms r on r.id = c.room_id join users u on u.id = c.customer_id left join users a on a.id = c.assignee_id'

const FITTING = `c.org_id = :orgId and r.org_id = :orgId and r.is_open_to_staff and (:statuses::text[] is null or r.status = any(:statuses))
  and (:names::text[] is null or u.folded_name like all(:names) or u.email like all(:names)
    or lower(u.contact_email) like all(:names) or r.folded_name like all(:names)
    or u.phone like :phone or u.contact_phone like :phone)`

function bindingsOf(orgId: string, { search, ...filter }: RoomFilter): Record<string, unknown> {
  return {
    orgId,
    statuses: statusesOf(filter),
    names: search === undefined ? null : patternsOf(search),
    phone: search === undefined ? null : phonePatternOf(search),
  }
}

const LONGEST_WAIT_FIRST: readonly Key<Conversation>[] = [
  { column: 'c.waiting_since', kind: 'instantOrNever', of: ({ waitingSince }) => waitingSince },
  { column: ACTIVITY, kind: 'instant', descends: true, of: lastActiveAt },
  { column: 'c.room_id', kind: 'id', of: ({ id }) => id },
]

/** Customers' rooms for the staff: who waits longest first, then whoever wrote last. Each of the two has its index. */
export async function listConversations(
  { db, now }: Reading,
  actor: Actor,
  filter: RoomFilter,
  { limit, offset, cursor }: PagePart,
): Promise<Listed<Conversation>> {
  const [behind, place] = isBehind(LONGEST_WAIT_FIRST, cursor)
  const activity = orderBy(LONGEST_WAIT_FIRST.slice(1))
  const isInHour =
    cursor === undefined ? 'true' : `(:place0::timestamptz < 'infinity' or ${isInHourOf('place1')})`
  const branches = [
    `c.waiting_since is not null and ${behind} order by c.waiting_since, ${activity}`,
    `c.waiting_since is null and ${isInHour} and ${behind} order by ${NEWEST_HOUR_FIRST}, ${activity}`,
  ].map(
    (part) =>
      `(select c.room_id, c.waiting_since, r.last_message_at, r.created_at from ${FROM}
        where ${FITTING} and ${part} limit :limit::int + :offset::int)`,
  )
  const order = orderBy(LONGEST_WAIT_FIRST)
  const page = `select c.room_id from (${branches.join(' union all ')}) c
    cross join lateral (select c.last_message_at, c.created_at) r order by ${order} limit :limit offset :offset`
  const rows = await rowsOf<Facts>(
    db,
    `select ${FACTS} from ${FROM} where c.room_id in (${page}) order by ${order}`,
    { ...bindingsOf(actor.orgId, filter), ...place, limit: limit + 1, offset },
  )
  const rooms = await listRoomsById(
    db,
    actor,
    rows.map(({ roomId }) => roomId),
  )
  return cutPage(
    LONGEST_WAIT_FIRST,
    rooms.flatMap((room) => {
      const facts = rows.find(({ roomId }) => roomId === room.id)
      return facts ? [toConversation(room, facts, now)] : []
    }),
    limit,
  )
}

export function countConversations({ db }: Reading, actor: Actor, filter: RoomFilter): Promise<number> {
  return countFrom(db, [`${FROM} where ${FITTING}`], bindingsOf(actor.orgId, filter))
}

/** Rooms as they are listed: to the staff a customer's with what the staff knows of it, to the customer with how they rated it. */
export async function withFacts(
  { db, now }: Reading,
  actor: Actor,
  rooms: readonly OwnRoom[],
): Promise<ListedRoom[]> {
  const ids = rooms.filter(({ kind }) => kind === 'SUPPORT').map(({ id }) => id)
  const facts = ids.length > 0 ? await listFacts(db, actor.orgId, ids) : []
  return rooms.map((room) => {
    const own = facts.find(({ roomId }) => roomId === room.id)
    if (!own) return room
    return isStaff(actor.role) ? toConversation(room, own, now) : { ...room, rating: own.rating }
  })
}

/** @throws AppError 404 */
export async function getConversation(reading: Reading, actor: Actor, roomId: string): Promise<Conversation> {
  const [facts] = await listFacts(reading.db, actor.orgId, [roomId])
  const [room] = facts ? await listRoomsById(reading.db, actor, [roomId]) : []
  if (!facts || !room) throw notFound('Room')
  return toConversation(room, facts, reading.now)
}

/** What is told of it. */
export async function findNews(db: Db, roomId: string): Promise<ConversationNews | undefined> {
  const [news] = await rowsOf<ConversationNews>(
    db,
    `select ${FACTS}, r.status from ${FROM} where c.room_id = :roomId`,
    { roomId },
  )
  return news
}

function listFacts(db: Db, orgId: string, ids: readonly string[]): Promise<Facts[]> {
  return rowsOf(db, `select ${FACTS} from ${FROM} where c.org_id = :orgId and c.room_id = any(:ids)`, {
    orgId,
    ids,
  })
}

function toConversation(room: OwnRoom, { roomId: _, ...facts }: Facts, now: Date): Conversation {
  const waitingSeconds = facts.waitingSince
    ? Math.max(0, Math.floor((now.getTime() - facts.waitingSince.getTime()) / 1000))
    : 0
  return { ...room, ...facts, waitingSeconds }
}

/** Customers whom somebody takes care of, who waits longest first. @returns one more than an answer names, where there are more */
export async function listConversationsHeldBy(db: Db, orgId: string, userId: string): Promise<Holding[]> {
  return rowsOf(
    db,
    `select c.room_id as id, u.full_name as label, u.full_name as person_name, null as due_at
     from inbox_conversations c join users u on u.id = c.customer_id
     where c.org_id = :orgId and c.assignee_id = :userId order by c.waiting_since, c.room_id limit :limit`,
    { orgId, userId, limit: MOST_HELD + 1 },
  )
}

/** Where the staff keeps notes about it, if there are any. */
export async function findNotesRoomId(db: Db, roomId: string): Promise<string | undefined> {
  return (await db('inbox_conversations').where({ roomId }).first('notesRoomId'))?.notesRoomId ?? undefined
}

/** As whoever opened it sees it. @throws AppError 404 */
export async function openedRoom(reading: Reading, actor: Actor, roomId: string): Promise<ListedRoom> {
  const [room] = await withFacts(reading, actor, await listRoomsById(reading.db, actor, [roomId]))
  if (!room) throw notFound('Room')
  return room
}

/** How many wait in open rooms, and how long the first of them. By the index on who waits. */
export async function readLoad(db: Db, orgId: string, now: Date): Promise<Load> {
  const [row] = await rowsOf<{ count: number; first: Date | null }>(
    db,
    `select count(*)::int as count, min(c.waiting_since) as first from inbox_conversations c
      join rooms r on r.id = c.room_id where c.org_id = :orgId and c.waiting_since is not null and r.status = 'ACTIVE'`,
    { orgId },
  )
  return {
    queueSize: row?.count ?? 0,
    longestWaitSeconds: row?.first ? Math.max(0, (now.getTime() - row.first.getTime()) / 1000) : 0,
  }
}

/** Customers who are online are nobody's staff. */
export async function isStaffOnline(
  { db, online }: Pick<Reading, 'db' | 'online'>,
  orgId: string,
): Promise<boolean> {
  return (await online(orgId, await listActiveIdsByRole(db, orgId, STAFF_ROLES))).length > 0
}
