// Every write and row lock of rooms, members and messages. Private to the domain.

import { rowsOf, type Db } from '../../kit/store/db.ts'
import type { Room, RoomKind } from '../schema.ts'

export type RoomColumns = Pick<
  Room,
  'id' | 'kind' | 'type' | 'name' | 'description' | 'avatar' | 'bookingId' | 'resourceId' | 'permissions'
> & {
  orgId: string
  onlyKey: string | null
  continuation: string | null
  isOpenToStaff: boolean
}

/** @returns false when there is one already, of what there is to be one only */
export async function insertRoom(db: Db, room: RoomColumns, now: Date): Promise<boolean> {
  const inserted = await db('rooms')
    .insert({
      ...room,
      permissions: room.permissions && JSON.stringify(room.permissions),
      createdAt: now,
      updatedAt: now,
    })
    .onConflict(db.raw('(org_id, only_key) where only_key is not null'))
    .ignore()
    .returning('id')
  return inserted.length > 0
}

export async function findRoomIdByKey(db: Db, orgId: string, onlyKey: string): Promise<string | undefined> {
  return (await db('rooms').where({ orgId, onlyKey }).first('id'))?.id
}

/** Whoever changes a room or who is in it holds its row. Posting does, too: nobody posts into a room that closes. */
export async function lockRoom(db: Db, orgId: string, id: string): Promise<boolean> {
  return (await db('rooms').where({ orgId, id }).forUpdate().first('id')) !== undefined
}

export async function isOpenToStaff(db: Db, orgId: string, id: string): Promise<boolean> {
  return (await db('rooms').where({ orgId, id, isOpenToStaff: true }).first('id')) !== undefined
}

export async function updateRoom(
  db: Db,
  id: string,
  patch: Partial<Pick<Room, 'name' | 'type' | 'description' | 'avatar' | 'status' | 'permissions'>>,
  now: Date,
): Promise<void> {
  const { permissions, ...rest } = patch
  await db('rooms')
    .where({ id })
    .update({
      ...rest,
      ...(permissions && { permissions: JSON.stringify(permissions) }),
      version: db.raw('version + 1'),
      updatedAt: now,
    })
}

/**
 * What was said before somebody came is neither unread to them nor read by them; but the staff takes a
 * customer's room on as a whole. @returns whether they were not in it yet
 */
export async function insertMember(
  db: Db,
  roomId: string,
  { userId, roleInRoom }: { userId: string; roleInRoom: string },
  now: Date,
): Promise<boolean> {
  const inserted = await rowsOf(
    db,
    `insert into room_members (room_id, user_id, role_in_room, delivered_seq, read_seq, joined_seq, joined_at, has_unread)
     select id, :userId, :roleInRoom, came_at, came_at, came_at, :now, came_at < last_seq from (select id, last_seq, case
     when is_open_to_staff then 0 else last_seq end as came_at from rooms) r where id = :roomId on conflict do nothing returning user_id`,
    { roomId, userId, roleInRoom, now },
  )
  return inserted.length > 0
}

/** @returns whether they were in it */
export async function deleteMember(db: Db, roomId: string, userId: string): Promise<boolean> {
  return (await db('room_members').where({ roomId, userId }).delete()) > 0
}

/** In the order of their ids. Somebody who asked in a room of their own stays in it. */
export async function listRoomsToLeave(
  db: Db,
  userId: string,
  kinds: readonly RoomKind[],
  limit: number,
): Promise<string[]> {
  return db('room_members as m')
    .join('rooms as r', 'r.id', 'm.roomId')
    .where({ 'm.userId': userId })
    .whereIn('r.kind', [...kinds])
    .whereNot((own) => void own.where({ 'r.kind': 'SUPPORT' }).whereNot({ 'm.roleInRoom': 'staff' }))
    .orderBy('r.id')
    .limit(limit)
    .pluck('r.id')
}

/** Holds all their rooms, so that nobody posts there meanwhile. @returns in whose a person said something */
export async function lockRoomsAndListListeners(db: Db, userIds: readonly string[]): Promise<string[]> {
  const theirs = db('room_members').whereIn('userId', [...userIds])
  await db('rooms').whereIn('id', theirs.clone().select('roomId')).orderBy('id').forUpdate().select('id')
  return theirs
    .whereExists(db('messages as m').whereRaw('m.room_id = room_members.room_id').whereNotNull('m.senderId'))
    .distinct()
    .pluck('user_id')
}

/** With all that is in them. */
export async function deleteRooms(db: Db, ids: readonly string[]): Promise<void> {
  for (const table of ['room_events', 'messages', 'room_members'] as const)
    await db(table)
      .whereIn('roomId', [...ids])
      .delete()
  await db('rooms')
    .whereIn('id', [...ids])
    .delete()
}
