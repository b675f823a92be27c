// Reads of rooms and messages, for members only: to everybody else a room does not exist.

import { rowsOf, type Db } from '../../kit/store/db.ts'
import { notFound } from '../../kit/declare/errors.ts'
import { cutPage, isBehind, orderBy, type Key, type Listed, type PagePart } from '../../kit/store/keyset.ts'
import { collationOf } from '../../kit/text/locale.ts'
import { excerptOf } from '../../kit/text/excerpt.ts'
import { type OwnRoom, type Room, type RoomKind, type RoomMember } from '../schema.ts'
import type { Actor } from '../../organisations/roles.ts'
import { MAY_SEE, ME, viewerOf } from './visibility.ts'

export interface RoomRow extends Omit<Room, '_id' | 'members' | 'lastMessage'> {
  members: RoomMember[]
  lastMessage: (Omit<NonNullable<Room['lastMessage']>, 'createdAt'> & { createdAt: string }) | null
}

/** Members and preview come with the row: one query, whatever the number of rooms. */
export const ROOM = `
  r.id, r.kind, r.type, r.name, r.description, r.avatar, r.booking_id, r.resource_id, r.status,
  r.permissions, r.last_seq, r.last_message_at, r.version, r.created_at,
  (select jsonb_agg(jsonb_build_object('userId', m.user_id, 'roleInRoom', m.role_in_room, 'fullName',
  u.full_name, 'role', u.role) order by m.joined_at, m.user_id)
   from room_members m join users u on u.id = m.user_id where m.room_id = r.id) as members,
  (select jsonb_build_object('id', l.id, 'seq', l.seq, 'senderId', l.sender_id, 'messageType',
  l.message_type, 'content', left(l.content, 400), 'createdAt', l.created_at)
   from messages l where l.room_id = r.id and l.seq = r.last_seq) as last_message`

/** Counted no further: nobody reads such a number, and who never comes back must not make every list slow. */
export const MOST_UNREAD = 1000
/** What others said after the read mark, and did not take back. By the primary key of messages. @param room its column */
export const unreadMessagesIn = (room: string): string =>
  `select from messages n where n.room_id = ${room} and n.seq > coalesce(me.read_seq, 0)
  and n.sender_id is distinct from me.user_id and n.deleted_at is null limit ${MOST_UNREAD}`
export const UNREAD = `(select count(*)::int from (${unreadMessagesIn('r.id')}) u)`

function toRoom({ lastMessage, members, ...row }: RoomRow): Room {
  return {
    ...row,
    _id: row.id,
    members: members ?? [],
    lastMessage: lastMessage && {
      ...lastMessage,
      content: excerptOf(lastMessage.content),
      createdAt: new Date(lastMessage.createdAt),
    },
  }
}

/** Whoever asks has to look who may see it. */
export async function findRoom(db: Db, orgId: string, id: string): Promise<Room | undefined> {
  const [row] = await rowsOf<RoomRow>(
    db,
    `select ${ROOM} from rooms r where r.id = :id and r.org_id = :orgId`,
    { id, orgId },
  )
  return row && toRoom(row)
}

/** For what is told to its members, by the system. */
export async function findRoomById(db: Db, id: string): Promise<{ room: Room; orgId: string } | undefined> {
  const [row] = await rowsOf<RoomRow & { orgId: string }>(
    db,
    `select ${ROOM}, r.org_id from rooms r where r.id = :id`,
    { id },
  )
  if (!row) return undefined
  const { orgId, ...room } = row
  return { orgId, room: toRoom(room) }
}

/** @throws AppError 404 for whoever is not in it */
export async function getOwnRoom(db: Db, actor: Actor, id: string): Promise<OwnRoom> {
  const [row] = await rowsOf<RoomRow & { unreadCount: number }>(
    db,
    `select ${ROOM}, ${UNREAD} as unread_count from ${ME} where r.id = :id and ${MAY_SEE}`,
    { ...viewerOf(actor), id },
  )
  if (!row) throw notFound('Room')
  return toOwnRoom(row)
}

export function toOwnRoom({ unreadCount, ...room }: RoomRow & { unreadCount: number }): OwnRoom {
  return { ...toRoom(room), unreadCount }
}

/** In the order of the ids; those that the viewer may see. */
export async function listRoomsById(db: Db, actor: Actor, ids: readonly string[]): Promise<OwnRoom[]> {
  const rows = await rowsOf<RoomRow & { unreadCount: number }>(
    db,
    `select ${ROOM}, ${UNREAD} as unread_count from ${ME} where r.id = any(:ids) and ${MAY_SEE}
      order by array_position(:ids::uuid[], r.id)`,
    { ...viewerOf(actor), ids },
  )
  return rows.map(toOwnRoom)
}

/** Without counting what is unread, which costs the more the longer somebody was away. @throws AppError 404 for whoever is not in it */
export async function getLastSeq(db: Db, actor: Actor, roomId: string): Promise<number> {
  const [row] = await rowsOf<{ lastSeq: number }>(
    db,
    `select r.last_seq from ${ME} where r.id = :roomId and ${MAY_SEE}`,
    { ...viewerOf(actor), roomId },
  )
  if (!row) throw notFound('Room')
  return row.lastSeq
}

/** Number of the newest of these messages. @throws AppError 404 for whoever is not in the room, and where none of them is */
export async function getNewestSeq(
  db: Db,
  actor: Actor,
  roomId: string,
  messageIds: readonly string[],
): Promise<number> {
  await getLastSeq(db, actor, roomId)
  const [row] = await rowsOf<{ seq: number }>(
    db,
    'select seq from messages where room_id = :roomId and id = any(:messageIds) order by seq desc limit 1',
    { roomId, messageIds },
  )
  if (!row) throw notFound('Message')
  return row.seq
}

/** @throws AppError 404 */
export async function getDirectRoom(db: Db, actor: Actor, id: string): Promise<OwnRoom> {
  const room = await getOwnRoom(db, actor, id)
  if (room.kind !== 'DIRECT') throw notFound('Conversation')
  return room
}

const byName = ({ locale }: Actor): readonly Key<Room>[] => [
  {
    column: `coalesce(r.name, '') collate ${collationOf(locale)}`,
    kind: 'text',
    of: ({ name }) => name ?? '',
  },
  { column: 'r.id', kind: 'id', of: ({ id }) => id },
]

/** Those that are not closed, by name. An ADMIN governs all of them. */
export async function listGroups(
  db: Db,
  actor: Actor,
  { limit, offset, cursor }: PagePart,
): Promise<Listed<Room>> {
  const keys = byName(actor)
  const [behind, place] = isBehind(keys, cursor)
  const rows = await rowsOf<RoomRow>(
    db,
    `select ${ROOM} from rooms r where r.org_id = :orgId and r.kind = 'GROUP' and r.status <> 'CLOSED'
       and (:isAdmin or exists (select from room_members me where me.room_id = r.id and me.user_id = :userId))
       and ${behind} order by ${orderBy(keys)} limit :limit offset :offset`,
    {
      orgId: actor.orgId,
      userId: actor.id,
      isAdmin: actor.role === 'ADMIN',
      ...place,
      limit: limit + 1,
      offset,
    },
  )
  return cutPage(keys, rows.map(toRoom), limit)
}

/** Never changes. Whoever asks has to look who may know. */
export async function findRoomKind(db: Db, id: string): Promise<RoomKind | undefined> {
  return (await db('rooms').where({ id }).first('kind'))?.kind
}

/** A customer's room, and where the staff keeps notes about them: they are called by the customer's name. */
export async function listRoomsNamedAfter(db: Db, orgId: string, customerId: string): Promise<string[]> {
  const [room]: string[] = await db('rooms')
    .where({ orgId, onlyKey: `customer|${customerId}` })
    .pluck('id')
  return room
    ? [
        room,
        ...(await db('rooms')
          .where({ orgId, onlyKey: `notes|${room}` })
          .pluck('id')),
      ]
    : []
}
