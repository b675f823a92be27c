// What happened in a room and is not published yet. Private to the domain.

import { preparedRowsOf, type Db } from '../../kit/store/db.ts'

/** The next number of what happens in the room. Takes its row's lock until the commit, so that numbers are committed in their order. */
export async function insertRoomEvent(
  db: Db,
  roomId: string,
  name: string,
  subjectId: string,
  now: Date,
): Promise<void> {
  await db.raw(
    `with room as (update rooms set last_event = last_event + 1 where id = :roomId returning last_event)
     insert into room_events (room_id, n, name, subject_id, at) select :roomId, last_event, :name, :subjectId, :now from room`,
    { roomId, name, subjectId, now },
  )
}

export interface RoomEventRow {
  n: number
  name: string
  subjectId: string
  at: Date
  /** The room's, as the next. */
  continuation: string | null
  orgId: string
}

/** One teller per room at a time, or two would tell in two orders. Posting does not wait for it. @returns whether nobody else is telling */
export async function lockPublishing(db: Db, roomId: string): Promise<boolean> {
  const [row] = await preparedRowsOf<{ isMine: boolean }>(
    db,
    'lock_telling',
    'select pg_try_advisory_xact_lock(hashtextextended(:key, 0)) as is_mine',
    { key: `tell:${roomId}` },
  )
  return row?.isMine ?? false
}

/** In their order; those of uncommitted changes come after all that are seen here. */
export async function listRoomEvents(db: Db, roomId: string, limit: number): Promise<RoomEventRow[]> {
  return preparedRowsOf(
    db,
    'list_room_events',
    `select e.n, e.name, e.subject_id, e.at, r.continuation, r.org_id from room_events e
      join rooms r on r.id = e.room_id where e.room_id = :roomId order by e.n limit :limit`,
    { roomId, limit },
  )
}

/**
 * What is told is gone. Behind the lock of the room's row, so that whoever posts either is seen here or orders a job.
 * @returns whether that was all
 */
export async function deleteRoomEvents(db: Db, roomId: string, upTo: number): Promise<boolean> {
  const ended = await preparedRowsOf(
    db,
    'delete_room_events',
    `with told as (delete from room_events where room_id = :roomId and n <= :upTo)
     update rooms set untold_since = null where id = :roomId and last_event = :upTo returning id`,
    { roomId, upTo },
  )
  return ended.length > 0
}
