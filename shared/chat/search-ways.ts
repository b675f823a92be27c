// The two ways in which messages are found, and the rooms they are looked for in.

import { preparedRowsOf, rowsOf, type Db } from '../kit/store/db.ts'
import type { Actor } from '../organisations/roles.ts'
import { DAY, plusMs } from '../kit/time/time.ts'
import type { RoomBrief } from './schema.ts'
import { queriesIn, queriesOf, queryOfDays, type SearchTerms } from './terms.ts'

export interface Hit {
  id: string
  isExact: boolean
  createdAt: Date
}

/** What a walk needs to know of a room. */
export interface WalkedRoom {
  id: string
  lastSeq: number
  lastMessageAt: Date | null
}

export type SearchedRoom = WalkedRoom & RoomBrief

/** Who looks, for what, and from where on. */
export interface SearchQuestion {
  actor: Actor
  sought: SearchTerms
  after: Hit | undefined
}

export interface Walked {
  /** So many messages were looked at, in so many of the rooms; of many rooms those that all rooms were looked into for. */
  size: number
  width: number
  found: Hit[]
  /** All that is newer is among those found; null: all there is. */
  horizon: Date | null
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

const SEARCHED = 'r.id, r.kind, r.type, r.name, r.status, r.last_seq, r.last_message_at'
const NEWEST_FIRST = 'r.active_hour desc, r.last_message_at desc nulls last'

/**
 * Newest message first; nothing was said in the others. Not prepared: whoever is in few rooms has them sorted, of many
 * the newest rooms of the organisation
 * are looked through, and only the statistics about this person tell which is cheaper.
 */
export function listSearched(db: Db, actor: Actor, roomId: string | undefined): Promise<SearchedRoom[]> {
  return rowsOf<SearchedRoom>(
    db,
    `select ${SEARCHED} from room_members me join rooms r on r.id = me.room_id
     where me.user_id = :userId and r.org_id = :orgId and (:roomId::uuid is null or r.id = :roomId)
       and (r.last_seq > 0 or r.id = :roomId)
     order by ${NEWEST_FIRST} limit :count`,
    { userId: actor.id, orgId: actor.orgId, roomId: roomId ?? null, count: FEW_ROOMS + 1 },
  )
}

/** Of somebody in so many rooms all are sorted; of somebody in more, those of the organisation are looked through. */
const SORTED_ROOMS = 2000

/**
 * Those of a long walk. Of so many the planner would rather read every room of the organisation, hence `offset 0`; compared with true, the
 * person's rooms are read once and remembered, and not asked for once for each room of the organisation.
 */
export async function listWalked(db: Db, { id, orgId }: Actor): Promise<WalkedRoom[]> {
  const isInMore = await preparedRowsOf(
    db,
    'is_in_more_rooms',
    'select 1 from room_members where user_id = :id limit 1 offset :most',
    { id, most: SORTED_ROOMS },
  )
  const own =
    isInMore.length > 0
      ? 'rooms r where (r.id in (select room_id from room_members where user_id = :id)) = true'
      : 'room_members me cross join lateral (select * from rooms where id = me.room_id offset 0) r where me.user_id = :id'
  return rowsOf<WalkedRoom>(
    db,
    `select r.id, r.last_seq, r.last_message_at from ${own} and r.org_id = :orgId and r.last_seq > 0
     order by ${NEWEST_FIRST} limit :count`,
    { id, orgId, count: WALKED_ROOMS + 1 },
  )
}

/** Below the place where the last page ended. */
const PLACE = '(:at::timestamptz is null or (m.created_at, m.id) < (:at, :id::uuid))'
const ORDER = 'm.created_at desc, m.id desc'

/** @param size messages, where rooms are few; @param width rooms, where they are many */
export async function walkMessages(
  db: Db,
  rooms: readonly WalkedRoom[],
  { actor, sought, after }: SearchQuestion,
  { size, width }: Pick<Walked, 'size' | 'width'>,
): Promise<Walked> {
  const isMany = rooms.length > FEW_ROOMS
  const nearest = isMany ? rooms.slice(0, Math.min(width, rooms.length - 1)) : rooms
  const others = rooms[nearest.length]?.lastMessageAt ?? null
  const froms = isMany ? await listBeginnings(db, nearest, others) : inProportion(nearest, size)
  const found = await preparedRowsOf<Hit>(
    db,
    'walk_messages',
    `select m.id, m.created_at, m.is_exact from unnest(:ids::uuid[], :froms::int[]) as o(room_id, from_seq)
     cross join lateral (
       select id, created_at, terms @@ :exact::tsquery as is_exact, terms @@ :loose::tsquery as is_found from messages
       where room_id = o.room_id and seq >= o.from_seq offset 0
     ) m
     where m.is_found and (:isExact::boolean is null or m.is_exact < :isExact or (m.is_exact = :isExact and ${PLACE}))
     order by m.is_exact desc, ${ORDER}`,
    {
      ids: nearest.map(({ id }) => id),
      froms,
      ...queriesIn(actor.orgId, sought),
      isExact: after?.isExact ?? null,
      ...placeOf(after),
    },
  )
  const horizons = [await findHorizon(db, nearest, froms), others].flatMap((at) => at?.getTime() ?? [])
  return {
    size: isMany ? nearest.reduce((sum, { lastSeq }, at) => sum + lastSeq - beforeFirst(froms[at]), 0) : size,
    width: nearest.length,
    found,
    horizon: horizons.length > 0 ? new Date(Math.max(...horizons)) : null,
  }
}

/** Where a room goes on, the first that is read tells only how far back the others were. */
const beforeFirst = (from = 1): number => (from > 1 ? from : 0)

/** The newest messages of each room, in proportion to its size. @returns the number of the first of each */
function inProportion(rooms: readonly WalkedRoom[], size: number): number[] {
  const total = rooms.reduce((sum, { lastSeq }) => sum + lastSeq, 0)
  return rooms.map(({ lastSeq }) => Math.max(1, lastSeq - Math.ceil((size * lastSeq) / total) - WALK_OF_ROOM))
}

/**
 * Of each room what is newer than the newest of the rooms that are not looked into; where that is too much, all rooms that say
 * more get the same depth. A value is compared, and not asked whether it exists: for that, PostgreSQL read whole rooms.
 * @returns the number of the first of each
 */
async function listBeginnings(db: Db, rooms: readonly WalkedRoom[], since: Date | null): Promise<number[]> {
  const deepest = DEPTHS.at(-1) ?? 1
  const rows = await preparedRowsOf<{ depth: number }>(
    db,
    'list_beginnings',
    `select coalesce((
       select depth from unnest(:depths::int[]) depth where depth >= o.last_seq or (
         select m.created_at from messages m where m.room_id = o.room_id and m.seq = o.last_seq - depth) < :since limit 1
     ), :deepest) as depth
     from unnest(:ids::uuid[], :lasts::int[]) with ordinality as o(room_id, last_seq, nth) order by o.nth`,
    {
      ids: rooms.map(({ id }) => id),
      lasts: rooms.map(({ lastSeq }) => lastSeq),
      depths: DEPTHS,
      deepest,
      since,
    },
  )
  const within = (most: number): number[] => rows.map(({ depth }) => Math.min(depth, most))
  const total = (depths: number[]): number => depths.reduce((sum, depth) => sum + depth, 0)
  let most = deepest
  while (most > 1 && total(within(most)) > LONGEST_WALK_OF_MANY) most /= 2
  return within(most).map((depth, at) => Math.max(1, (rooms[at]?.lastSeq ?? 0) - depth))
}

/** The instant before which some room was not looked at. */
async function findHorizon(
  db: Db,
  rooms: readonly WalkedRoom[],
  froms: readonly number[],
): Promise<Date | null> {
  const cut = rooms.map(({ id }, at) => ({ id, from: froms[at] ?? 1 })).filter(({ from }) => from > 1)
  if (cut.length === 0) return null
  const [row] = await preparedRowsOf<{ horizon: Date | null }>(
    db,
    'find_horizon',
    `select max(m.created_at) as horizon from unnest(:ids::uuid[], :froms::int[]) as o(room_id, from_seq)
      join messages m on m.room_id = o.room_id and m.seq = o.from_seq`,
    { ids: cut.map(({ id }) => id), froms: cut.map(({ from }) => from) },
  )
  return row?.horizon ?? null
}

/** The newest of what was said: of so many days, in UTC, back from this instant. */
interface LastDays {
  until: Date
  days: number
}

/**
 * By the index on terms: one question for all rooms; where they are many, one for the organisation. As a subquery and behind
 * `offset 0`, because the planner overrates how much a question of many parts finds, and would read the whole table.
 * @param lately only what was said on these days; nothing is found where some of that has no day yet (migration 0093)
 */
export function lookUpMessages(
  db: Db,
  rooms: readonly WalkedRoom[],
  { actor, sought, after }: SearchQuestion,
  { isExact, count, lately }: { isExact: boolean; count: number; lately?: LastDays },
): Promise<Hit[]> {
  const isMany = rooms.length > FEW_ROOMS
  const queries = isMany ? [queriesIn(actor.orgId, sought)] : rooms.map(({ id }) => queriesOf(id, sought))
  const anywhere = queries.map(({ exact, loose }) => `(${isExact ? exact : loose})`).join(' | ')
  const days = lately && Array.from({ length: lately.days }, (_, day) => plusMs(lately.until, -day * DAY))
  return preparedRowsOf<Hit>(
    db,
    `look_up_messages_${isExact ? 'exactly' : 'loosely'}_in_${isMany ? 'many' : 'few'}${days ? '_lately' : ''}`,
    `select m.id, m.created_at, :isExact::boolean as is_exact
     from (select m.id, m.created_at, m.terms from (select room_id, id, created_at, terms from messages
       where terms @@ (select :anywhere::tsquery${days ? ' from installation where messages_have_days_since <= :since' : ''}) offset 0) m
       where ${isOwn(isMany, days !== undefined)} offset 0) m
     where (m.terms @@ :exact::tsquery) = :isExact and ${PLACE}
     order by ${ORDER} limit :count`,
    {
      ...(isMany ? { userId: actor.id } : { ids: rooms.map(({ id }) => id) }),
      anywhere: days ? `(${anywhere}) & (${queryOfDays(actor.orgId, days)})` : anywhere,
      ...(days && { since: startOfDay(days.at(-1)) }),
      exact: queriesIn(actor.orgId, sought).exact,
      isExact,
      count,
      ...placeOf(after?.isExact === isExact ? after : undefined),
    },
  )
}

/**
 * Of few messages each is asked for; of many, by comparing with true, the rooms are read once and remembered. As a join, either
 * might be done.
 */
function isOwn(isMany: boolean, isLately: boolean): string {
  if (!isMany) return 'm.room_id = any(:ids::uuid[])'
  return isLately
    ? '(select true from room_members where room_id = m.room_id and user_id = :userId)'
    : '(m.room_id in (select room_id from room_members where user_id = :userId)) = true'
}

const startOfDay = (at = new Date(0)): Date => new Date(Math.floor(at.getTime() / DAY) * DAY)

const placeOf = (after: Hit | undefined): { at: Date | null; id: string | null } => ({
  at: after?.createdAt ?? null,
  id: after?.id ?? null,
})
