// The rooms that messages are looked for in, and the walk through what was said in them last, in one statement.

import { preparedRowsOf, type Db } from '../kit/store/db.ts'
import type { Actor } from '../organisations/roles.ts'
import type { RoomBrief } from './schema.ts'
import { queriesIn, someOf, type SearchTerms } from './terms.ts'

/** Where a message stands among those that are found. */
export interface Place {
  id: string
  isExact: boolean
  createdAt: Date
}

export interface Hit extends Place {
  roomId: string
}

export type SearchedRoom = RoomBrief & {
  lastSeq: number
  lastMessageAt: Date | null
}

/** Who looks, for what, and from where on. */
export interface SearchQuestion {
  actor: Actor
  sought: SearchTerms
  after: Place | undefined
}

export interface Walked {
  /** So many messages were looked at, in so many of the rooms; of many rooms those that all rooms were looked into for. */
  size: number
  width: number
  found: Hit[]
  /** All that is newer is among those found; null: all there is. */
  horizon: Date | null
  /** Of the words that are looked for, by their places, those that few of these messages have. */
  rare: number[]
  /** When something was said last. */
  newest: Date | null
  /** Of many rooms: there are no others. */
  isWhole: boolean
}

/** So many rooms are asked for one by one, and walked through from the first. */
export const FEW_ROOMS = 100
/** Rooms that the longest walk looks into. */
export const WALKED_ROOMS = 1000
/** Of each of few rooms at least so many, that a small room does not end the walk for all. */
const WALK_OF_ROOM = 10
/** How far back a room of many is looked into: until something is older than all that the others say, and no further. */
const DEPTHS = [1, 2, 4, 8, 16, 32, 64, 128, 256]
/** Messages that are looked at in many rooms. */
export const LONGEST_WALK_OF_MANY = 4000

const NEWEST_FIRST = 'r.active_hour desc, r.last_message_at desc nulls last'

/** Rooms in which something was said, newest message first; of somebody in many as many as tell that, and no matter which. */
export function listSearched(db: Db, actor: Actor, roomId: string | undefined): Promise<SearchedRoom[]> {
  return preparedRowsOf<SearchedRoom>(
    db,
    roomId === undefined ? 'list_searched' : 'find_searched',
    `select * from (
       select r.* from room_members me cross join lateral (
         select id, org_id, kind, type, name, status, last_seq, last_message_at, active_hour from rooms where id = me.room_id offset 0) r
       where me.user_id = :userId and r.org_id = :orgId and ${roomId === undefined ? 'r.last_seq > 0' : 'me.room_id = :roomId'}
       limit ${FEW_ROOMS + 1}) r
     order by ${NEWEST_FIRST}`,
    { userId: actor.id, orgId: actor.orgId, roomId },
  )
}

/** Below the place where the last page ended. */
export const PLACE = '(:at::timestamptz is null or (m.created_at, m.id) < (:at, :id::uuid))'

/**
 * From the number on with which each of `walked (room_id, from_seq)` begins. The first message of each, unless nothing stands before it,
 * tells only how far back the others go.
 */
const walkOf = (summary: string): string => `
  seen as materialized (
    select m.*, o.from_seq > 1 and m.seq = o.from_seq as is_edge from walked o cross join lateral (
      select id, room_id, seq, created_at, terms, terms @@ :exact::tsquery as is_exact, terms @@ :loose::tsquery as is_found
      from messages where room_id = o.room_id and seq >= o.from_seq offset 0) m
  )
  select s.*, m.id, m.room_id, m.created_at, m.is_exact from (select ${summary}) s
  left join lateral (select * from seen m
    where m.is_found and (:isExact::boolean is null or m.is_exact < :isExact or (m.is_exact = :isExact and ${PLACE}))) m on true
  order by m.is_exact desc, m.created_at desc, m.id desc`

const EDGE = '(select max(created_at) from seen where is_edge)'
/** What a word needs to be rare: less than one message in so many has it. */
const RARE = 16
/** So many of them tell. */
const SAMPLE = 300
const RARE_WORDS = `array(
    select n - 1 from unnest(:words::tsquery[]) with ordinality w(word, n),
      (select array_agg(terms) as terms from (select terms from seen limit ${SAMPLE}) m) m
    where ${RARE} * (select count(*) from unnest(m.terms) said where said @@ word) < cardinality(m.terms)
  )::int[] as rare`

type WalkRow = Pick<Walked, 'horizon' | 'rare'> & Hit

const bindingsOf = ({ actor, sought, after }: SearchQuestion): Record<string, unknown> => ({
  ...queriesIn(actor.orgId, sought),
  // The only one is asked for in any case.
  words:
    sought.words.length > 1
      ? sought.words.map((_, at) => queriesIn(actor.orgId, someOf(sought, [at])).loose)
      : [],
  isExact: after?.isExact ?? null,
  ...bindPlace(after),
})

const hitsAmong = (rows: readonly WalkRow[]): Hit[] =>
  rows.flatMap(({ id, roomId, createdAt, isExact }) => (id ? [{ id, roomId, createdAt, isExact }] : []))

/** The newest messages of each of few rooms, in proportion to its size. @param size messages of all of them */
export async function walkRooms(
  db: Db,
  rooms: readonly SearchedRoom[],
  question: SearchQuestion,
  size: number,
): Promise<Walked> {
  const total = rooms.reduce((sum, { lastSeq }) => sum + lastSeq, 0)
  const rows = await preparedRowsOf<WalkRow>(
    db,
    'walk_rooms',
    `with walked as (select * from unnest(:ids::uuid[], :froms::int[]) as o(room_id, from_seq)),
     ${walkOf(`${EDGE} as horizon, ${RARE_WORDS}`)}`,
    {
      ids: rooms.map(({ id }) => id),
      froms: rooms.map(({ lastSeq }) =>
        Math.max(1, lastSeq - Math.ceil((size * lastSeq) / total) - WALK_OF_ROOM),
      ),
      ...bindingsOf(question),
    },
  )
  return {
    size,
    width: rooms.length,
    found: hitsAmong(rows),
    horizon: rows[0]?.horizon ?? null,
    rare: rows[0]?.rare ?? [],
    newest: rooms[0]?.lastMessageAt ?? null,
    isWhole: true,
  }
}

const WALKED = 'id, org_id, last_seq, last_message_at, active_hour'
const SPOKEN = 'r.org_id = :orgId and r.last_seq > 0'
/** Of somebody in so many rooms all are sorted; of somebody in more, those of the organisation are looked through. */
const SORTED_ROOMS = 1000

/**
 * Rooms with the newest messages, one more than are looked into. Of those that are sorted the planner would rather read every room of
 * the organisation, hence `offset 0`; compared with true, the person's rooms are read once and remembered, and not asked for once for
 * each of the others.
 */
const nearest = (most: number): string => `
  person as (
    select count(*) > ${SORTED_ROOMS} as is_in_more from (select from room_members where user_id = :userId limit ${SORTED_ROOMS + 1}) own
  ),
  newest as (
    (select r.* from room_members me cross join lateral (select ${WALKED} from rooms where id = me.room_id offset 0) r
     where not (select is_in_more from person) and me.user_id = :userId and ${SPOKEN} order by ${NEWEST_FIRST} limit ${most + 1})
    union all
    (select ${WALKED} from rooms r
     where (select is_in_more from person) and (r.id in (select room_id from room_members where user_id = :userId)) = true and ${SPOKEN}
     order by ${NEWEST_FIRST} limit ${most + 1})
    limit :count
  ),
  nearest as materialized (
    select *, min(last_message_at) over () as since, count(*) over () as total,
      row_number() over (order by last_message_at desc nulls last) as nth from newest
  )`

/**
 * Of each room what is newer than the newest of the rooms that are not looked into; where that is too much, all rooms that say
 * more get the same depth. A value is compared, and not asked whether it exists: for that, PostgreSQL read whole rooms.
 */
const AS_FAR_AS_OTHERS = `
  looked as materialized (
    select o.id as room_id, o.last_seq, coalesce((
      select depth from unnest(:depths::int[]) depth where depth >= o.last_seq or (
        select m.created_at from messages m where m.room_id = o.id and m.seq = o.last_seq - depth) < o.since limit 1
    ), ${DEPTHS.at(-1)}) as depth from nearest o where o.nth < o.total
  ),
  deepest as (
    select coalesce(max(most), 1) as depth from unnest(:depths::int[]) most
    where (select sum(least(depth, most)) from looked) <= ${LONGEST_WALK_OF_MANY}
  ),
  walked as materialized (
    select room_id, last_seq, greatest(1, last_seq - least(l.depth, d.depth)) as from_seq from looked l, deepest d
  )`

const SUMMARY = `
  greatest(${EDGE}, (select min(since) from nearest)) as horizon, ${RARE_WORDS},
  (select max(last_message_at) from nearest) as newest, (select count(*)::int from walked) as width,
  (select sum(last_seq - case when from_seq > 1 then from_seq else 0 end)::int from walked) as size`

/** For each a plan of its own: the planner has to know how many are wanted. */
const WIDTHS = [FEW_ROOMS, 4 * FEW_ROOMS, WALKED_ROOMS]
const NOTHING = { size: 0, width: 0, horizon: null, newest: null, rare: [] }

/** Through those of somebody's rooms in which something was said last. @param width so many of them */
export async function walkNewestRooms(db: Db, question: SearchQuestion, width: number): Promise<Walked> {
  const most = WIDTHS.find((each) => each >= width) ?? WALKED_ROOMS
  const rows = await preparedRowsOf<WalkRow & Omit<Walked, 'found' | 'isWhole'>>(
    db,
    `walk_${most}_rooms`,
    `with ${nearest(most)}, ${AS_FAR_AS_OTHERS}, ${walkOf(SUMMARY)}`,
    {
      ...bindingsOf(question),
      userId: question.actor.id,
      orgId: question.actor.orgId,
      count: width + 1,
      depths: DEPTHS,
    },
  )
  const { size, horizon, newest, rare, width: walked } = rows[0] ?? NOTHING
  return { size, width: walked, found: hitsAmong(rows), horizon, newest, rare, isWhole: walked < width }
}

export const bindPlace = (after: SearchQuestion['after']): { at: Date | null; id: string | null } => ({
  at: after?.createdAt ?? null,
  id: after?.id ?? null,
})
