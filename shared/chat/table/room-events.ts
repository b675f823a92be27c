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
  roomId: string
  n: number
  name: string
  subjectId: string
  at: Date
  /** The room's, as the next. */
  continuation: string | null
  orgId: string
}

/**
 * One teller per room at a time, or two would tell in two orders. Posting does not wait for it.
 * @returns of these rooms those in which nobody else is telling
 */
export async function lockPublishing(db: Db, roomIds: readonly string[]): Promise<string[]> {
  const rows = await preparedRowsOf<{ id: string }>(
    db,
    'lock_telling',
    `select id from unnest(:roomIds::uuid[]) as r(id) where pg_try_advisory_xact_lock(hashtextextended('tell:' || id, 0))`,
    { roomIds },
  )
  return rows.map(({ id }) => id)
}

/** Of each room in their order; those of uncommitted changes come after all that are seen here. @param limit in each room */
export async function listRoomEvents(
  db: Db,
  roomIds: readonly string[],
  limit: number,
): Promise<RoomEventRow[]> {
  return preparedRowsOf(
    db,
    'list_room_events',
    `select r.id as room_id, e.n, e.name, e.subject_id, e.at, r.continuation, r.org_id
     from unnest(:roomIds::uuid[]) as asked(id) join rooms r on r.id = asked.id
     cross join lateral (select * from room_events where room_id = r.id order by n limit :limit) e order by e.n`,
    { roomIds, limit },
  )
}

/** The last that was told in a room. */
export type Told = Pick<RoomEventRow, 'roomId' | 'n'>

/**
 * What is told is gone. Behind the locks of the rooms' rows, so that whoever posts either is seen here or orders a job.
 * @returns the rooms of which that was all
 */
export async function deleteRoomEvents(db: Db, told: readonly Told[]): Promise<string[]> {
  const ended = await preparedRowsOf<{ id: string }>(
    db,
    'delete_room_events',
    `with told as materialized (select * from unnest(:roomIds::uuid[], :upTo::int[]) as t(room_id, up_to)),
     locked as materialized (select id from rooms where id in (select room_id from told) order by id for no key update),
     gone as (delete from room_events e using told where e.room_id = told.room_id and e.n <= told.up_to)
     update rooms set untold_since = null from told
     where rooms.id = told.room_id and rooms.last_event = told.up_to and rooms.id in (select id from locked) returning rooms.id`,
    { roomIds: told.map(({ roomId }) => roomId), upTo: told.map(({ n }) => n) },
  )
  return ended.map(({ id }) => id)
}
