// Who is in which room, and how far they have read.

import { preparedRowsOf, rowsOf, type Db } from '../../kit/store/db.ts'
import type { Reading } from '../../kit/store/change.ts'
import type { PersonBrief } from '../../users/schema.ts'
import type { Actor } from '../../organisations/roles.ts'
import { MOST_UNREAD, getOwnRoom, unreadMessagesIn } from './rooms.ts'
import { MAY_SEE, ME, viewerOf, type Viewer } from './visibility.ts'

/** @throws AppError 404 */
export async function listOnlineMembers(
  { db, online }: Reading,
  actor: Actor,
  roomId: string,
): Promise<PersonBrief[]> {
  const { members } = await getOwnRoom(db, actor, roomId)
  const here = new Set(
    await online(
      actor.orgId,
      members.map(({ userId }) => userId),
    ),
  )
  return members
    .filter(({ userId }) => here.has(userId))
    .map(({ userId, fullName, role }) => ({ id: userId, fullName, role }))
}

/** While so much is not told yet, since no worker is at it, one's own rooms are looked through: it is of all organisations. */
const MOST_UNTOLD = 1000

/**
 * Of all own rooms together, as far as MOST_UNREAD: those that PostgreSQL keeps as unread (migration 0092) are looked into, and those
 * where something was said that is not told yet.
 */
export async function countUnread(db: Db, actor: Actor): Promise<number> {
  const [row] = await preparedRowsOf<{ count: number }>(
    db,
    'count_unread',
    `with untold as materialized (select room_id from room_events limit ${MOST_UNTOLD})
     select count(*)::int as count from (
       select from (
         select room_id, user_id, read_seq from room_members where user_id = :userId and has_unread
         union all select m.room_id, m.user_id, m.read_seq from (select distinct room_id from untold) e
         join room_members m on m.room_id = e.room_id and m.user_id = :userId and not m.has_unread
         where (select count(*) from untold) < ${MOST_UNTOLD}
         union all select room_id, user_id, read_seq from room_members m where user_id = :userId and not has_unread
         and (select count(*) from untold) = ${MOST_UNTOLD} and (select true from room_events where room_id = m.room_id limit 1)
       ) me cross join lateral (${unreadMessagesIn('me.room_id')}) u limit ${MOST_UNREAD}) unread`,
    { userId: actor.id },
  )
  return row?.count ?? 0
}

/** What sockets of these people hear. One query, however many they are. */
export async function listRoomIdsOf(
  db: Db,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await rowsOf<{ userId: string; roomIds: string[] }>(
    db,
    'select user_id, array_agg(room_id) as room_ids from room_members where user_id = any(:userIds) group by user_id',
    { userIds },
  )
  return new Map(rows.map(({ userId, roomIds }) => [userId, roomIds]))
}

export async function isMember(db: Db, roomId: string, userId: string): Promise<boolean> {
  return (await db('room_members').where({ roomId, userId }).first('userId')) !== undefined
}

/** Whether somebody may read the room and hear it. */
export async function maySeeRoom(db: Db, actor: Viewer, roomId: string): Promise<boolean> {
  return (
    (
      await rowsOf(db, `select from ${ME} where r.id = :roomId and ${MAY_SEE}`, {
        ...viewerOf(actor),
        roomId,
      })
    ).length > 0
  )
}

/** Of these people, those who are in a room with somebody, themselves included. */
export async function listThoseWhoShareRoom(
  db: Db,
  userId: string,
  others: readonly string[],
): Promise<string[]> {
  const rows = await rowsOf<{ userId: string }>(
    db,
    `select distinct o.user_id from room_members me join room_members o on o.room_id = me.room_id
      where me.user_id = :userId and o.user_id = any(:others)`,
    { userId, others },
  )
  return [...new Set([...rows.map((row) => row.userId), ...others.filter((other) => other === userId)])]
}
