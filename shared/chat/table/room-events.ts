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

export interface RoomEvent {
  n: number
  name: string
  subjectId: string
  at: Date
}

/** What is to be told in a room. */
export interface UntoldRoom {
  roomId: string
  orgId: string
  /** The room's, as the next. */
  continuation: string | null
  /** Number of the last that happened, told or not. */
  lastEvent: number
  events: RoomEvent[]
}

/**
 * One teller per room at a time, or two would tell in two orders. Posting does not wait for it.
 * @returns of these rooms those in which nobody else is telling
 */
export async function lockPublishing(db: Db, roomIds: readonly string[]): Promise<string[]> {
  const rows = await preparedRowsOf<{ id: string }>(
    db,
    'lock_telling',
    `select id from jsonb_array_elements_text(:roomIds) as r(id) where pg_try_advisory_xact_lock(hashtextextended('tell:' || id, 0))`,
    { roomIds: JSON.stringify(roomIds) },
  )
  return rows.map(({ id }) => id)
}

/** Of each room in their order; those of uncommitted changes come after all that are seen here. @param limit in each room */
export async function listRoomEvents(
  db: Db,
  roomIds: readonly string[],
  limit: number,
): Promise<UntoldRoom[]> {
  const rows = await preparedRowsOf<UntoldRoom & { events: (Omit<RoomEvent, 'at'> & { at: string })[] }>(
    db,
    'list_room_events',
    `select r.id as room_id, r.org_id, r.continuation, r.last_event, coalesce((select jsonb_agg(
         jsonb_build_object('n', e.n, 'name', e.name, 'subjectId', e.subject_id, 'at', e.at) order by e.n)
       from (select * from room_events where room_id = r.id order by n limit :limit) e), '[]') as events
     from jsonb_array_elements_text(:roomIds) as asked(id) join rooms r on r.id = asked.id::uuid`,
    { roomIds: JSON.stringify(roomIds), limit },
  )
  return rows.map((row) => ({
    ...row,
    events: row.events.map((event) => ({ ...event, at: new Date(event.at) })),
  }))
}

/**
 * What is told is gone. That nothing is left is said behind the lock of the room's row, so that whoever posts either is seen here or
 * orders a job; a row that somebody holds is not waited for, since the other rooms would wait as well.
 * @param told with the number of the last that was told
 * @returns the rooms of which that was all
 */
export async function deleteRoomEvents(
  db: Db,
  told: readonly { roomId: string; upTo: number }[],
): Promise<string[]> {
  const ended = await preparedRowsOf<{ id: string }>(
    db,
    'delete_room_events',
    `with told as materialized (select * from jsonb_to_recordset(:told) as t("roomId" uuid, "upTo" int)),
     free as materialized (select id from rooms where id in (select "roomId" from told) for no key update skip locked),
     gone as (delete from room_events e using told where e.room_id = told."roomId" and e.n <= told."upTo")
     update rooms set untold_since = null from told
     where rooms.id = told."roomId" and rooms.last_event = told."upTo" and rooms.id in (select id from free) returning rooms.id`,
    { told: JSON.stringify(told) },
  )
  return ended.map(({ id }) => id)
}
