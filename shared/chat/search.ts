// Finding messages, in one's own rooms only: exact accents first, and of each the newest first.
// Two ways, because neither is fast alone. A walk through the newest messages finds words that are said all the time,
// of which the index would list hundreds of thousands; the index finds the others, which a walk would look for in vain.

import { preparedRowsOf, type Db } from '../kit/store/db.ts'
import { malformed, notFound } from '../kit/declare/errors.ts'
import { SECOND } from '../kit/time/time.ts'
import type { Actor } from '../organisations/roles.ts'
import { listMessagesById } from './queries/messages.ts'
import type { FoundMessage, RoomBrief } from './schema.ts'
import { partsOf, queriesOf, searchTermsIn, type SearchTerms } from './terms.ts'

export interface Search {
  q: string
  roomId?: string
  cursor?: string
  limit: number
}

interface Hit {
  id: string
  isExact: boolean
  createdAt: Date
}

interface SearchedRoom extends RoomBrief {
  lastSeq: number
}

/** @returns `next` is where the page after this one begins; null: there is none. @throws AppError 404 for a room of others, 400 */
export async function searchMessages(
  db: Db,
  actor: Actor,
  { q, roomId, cursor, limit }: Search,
): Promise<{ items: FoundMessage[]; next: string | null }> {
  const sought = searchTermsIn(q)
  const after = cursor === undefined ? undefined : readPlace(cursor)
  const rooms = await listSearched(db, actor, roomId)
  if (roomId !== undefined && rooms.length === 0) throw notFound('Room')
  const spoken = rooms.filter(({ lastSeq }) => lastSeq > 0)
  if (sought.words.length === 0 || spoken.length === 0) return { items: [], next: null }
  const hits = await findHits(db, spoken, sought, after, limit + 1)
  const page = hits.slice(0, limit)
  const last = page.at(-1)
  return {
    items: await toFound(db, page, rooms, sought),
    next: hits.length > limit && last ? writePlace(last) : null,
  }
}

function listSearched(db: Db, actor: Actor, roomId: string | undefined): Promise<SearchedRoom[]> {
  return preparedRowsOf<SearchedRoom>(
    db,
    'list_searched_rooms',
    `select r.id, r.kind, r.type, r.name, r.status, r.last_seq from room_members me join rooms r on r.id = me.room_id
     where me.user_id = :userId and (:roomId::uuid is null or r.id = :roomId)`,
    { userId: actor.id, roomId: roomId ?? null },
  )
}

/** Messages that a walk looks at: enough for words that are said all the time, and quick. */
const WALK = 300
/** For words that the first walk met, yet too seldom. */
const LONGEST_WALK = 5000
/** Chance puts words closer together here and further apart there. */
const MARGIN = 1.5
/** Of each room at least so many, that a small room does not end the walk for all. */
const WALK_OF_ROOM = 10
/** How far the clocks of those who write in one room, and their waiting for its row, put time behind number. */
const CLOCKS = 5 * SECOND

async function findHits(
  db: Db,
  rooms: readonly SearchedRoom[],
  sought: SearchTerms,
  after: Hit | undefined,
  count: number,
): Promise<Hit[]> {
  let walked = await walk(db, rooms, sought, after, WALK)
  const hits: Hit[] = []
  for (const isExact of after?.isExact === false ? [false] : [true, false]) {
    const wanted = count - hits.length
    if (wanted === 0) break
    while (goesOn(walked, isExact, wanted))
      walked = await walk(db, rooms, sought, after, reachFor(walked, isExact, wanted))
    hits.push(
      ...(suffices(walked, isExact, wanted)
        ? hitsOf(walked, isExact).slice(0, wanted)
        : await lookUp(db, rooms, sought, after, isExact, wanted)),
    )
  }
  return hits
}

interface Walked {
  size: number
  found: Hit[]
  /** All that is newer is among those found; null: all there is. */
  horizon: Date | null
}

const hitsOf = ({ found }: Walked, isExact: boolean): Hit[] => found.filter((hit) => hit.isExact === isExact)

function suffices(walked: Walked, isExact: boolean, wanted: number): boolean {
  const { horizon } = walked
  if (!horizon) return true
  return (
    hitsOf(walked, isExact).filter(({ createdAt }) => createdAt.getTime() > horizon.getTime() + CLOCKS)
      .length >= wanted
  )
}

/** As long as words are met: what is not met at all the index lists in no time. */
function goesOn(walked: Walked, isExact: boolean, wanted: number): boolean {
  return (
    walked.size < LONGEST_WALK && hitsOf(walked, isExact).length > 0 && !suffices(walked, isExact, wanted)
  )
}

/** How far it should take, by how often they were met so far. */
function reachFor(walked: Walked, isExact: boolean, wanted: number): number {
  const likely = Math.ceil((MARGIN * walked.size * wanted) / hitsOf(walked, isExact).length)
  return Math.min(Math.max(likely, 2 * walked.size), LONGEST_WALK)
}

/** Below the place where the last page ended. */
const PLACE = '(:at::timestamptz is null or (m.created_at, m.id) < (:at, :id::uuid))'
const ORDER = 'm.created_at desc, m.id desc'

/** The newest messages of each room, in proportion to its size. */
async function walk(
  db: Db,
  rooms: readonly SearchedRoom[],
  sought: SearchTerms,
  after: Hit | undefined,
  size: number,
): Promise<Walked> {
  const total = rooms.reduce((sum, { lastSeq }) => sum + lastSeq, 0)
  const froms = rooms.map(({ lastSeq }) =>
    Math.max(1, lastSeq - Math.ceil((size * lastSeq) / total) - WALK_OF_ROOM),
  )
  const queries = rooms.map(({ id }) => queriesOf(id, sought))
  const found = await preparedRowsOf<Hit>(
    db,
    'walk_messages',
    `select m.id, m.created_at, m.is_exact from unnest(:ids::uuid[], :froms::int[], :exacts::tsquery[],
      :looses::tsquery[]) as o(room_id, from_seq, exact, loose)
     cross join lateral (
       select id, created_at, terms @@ o.exact as is_exact, terms @@ o.loose as is_found from messages
       where room_id = o.room_id and seq >= o.from_seq offset 0
     ) m
     where m.is_found and (:isExact::boolean is null or m.is_exact < :isExact or (m.is_exact = :isExact and ${PLACE}))
     order by m.is_exact desc, ${ORDER}`,
    {
      ids: rooms.map(({ id }) => id),
      froms,
      exacts: queries.map(({ exact }) => exact),
      looses: queries.map(({ loose }) => loose),
      isExact: after?.isExact ?? null,
      ...placeOf(after),
    },
  )
  return { size, found, horizon: await findHorizon(db, rooms, froms) }
}

/** The instant before which some room was not looked at. */
async function findHorizon(
  db: Db,
  rooms: readonly SearchedRoom[],
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

/**
 * By the index on terms: one question for all rooms. As a subquery and behind `offset 0`, because the planner overrates how
 * much a question of many parts finds, and would read the whole table.
 */
function lookUp(
  db: Db,
  rooms: readonly SearchedRoom[],
  sought: SearchTerms,
  after: Hit | undefined,
  isExact: boolean,
  count: number,
): Promise<Hit[]> {
  const queries = rooms.map(({ id }) => queriesOf(id, sought))
  const exacts = queries.map(({ exact }) => exact)
  const anywhere = (isExact ? exacts : queries.map(({ loose }) => loose))
    .map((query) => `(${query})`)
    .join(' | ')
  return preparedRowsOf<Hit>(
    db,
    `look_up_messages_${isExact ? 'exactly' : 'loosely'}`,
    `select m.id, m.created_at, :isExact::boolean as is_exact
     from (select room_id, id, created_at, terms from messages where terms @@ (select :anywhere::tsquery) offset 0) m
     join unnest(:ids::uuid[], :exacts::tsquery[]) as o(room_id, exact) on o.room_id = m.room_id
     where (m.terms @@ o.exact) = :isExact and ${PLACE}
     order by ${ORDER} limit :count`,
    {
      ids: rooms.map(({ id }) => id),
      exacts,
      anywhere,
      isExact,
      count,
      ...placeOf(after?.isExact === isExact ? after : undefined),
    },
  )
}

const placeOf = (after: Hit | undefined): { at: Date | null; id: string | null } => ({
  at: after?.createdAt ?? null,
  id: after?.id ?? null,
})

async function toFound(
  db: Db,
  hits: readonly Hit[],
  rooms: readonly SearchedRoom[],
  sought: SearchTerms,
): Promise<FoundMessage[]> {
  const messages = new Map(
    (
      await listMessagesById(
        db,
        hits.map(({ id }) => id),
      )
    ).map((message) => [message.id, message]),
  )
  const briefs = new Map(rooms.map(({ lastSeq: _, ...brief }) => [brief.id, brief]))
  return hits.flatMap(({ id }) => {
    const message = messages.get(id)
    const room = message && briefs.get(message.roomId)
    return message && room && !message.deletedAt
      ? [{ message, room, parts: partsOf(message.content, sought) }]
      : []
  })
}

function writePlace({ isExact, createdAt, id }: Hit): string {
  return Buffer.from(`${isExact ? 'e' : 'l'}.${createdAt.getTime()}.${id}`).toString('base64url')
}

const PLACE_FORM = /^([el])\.(\d{1,15})\.([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/

function readPlace(cursor: string): Hit {
  const [, phase, at, id] = PLACE_FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (!phase || !at || !id)
    throw malformed([{ path: '/query/cursor', message: 'must be one that a page of this search named' }])
  return { isExact: phase === 'e', createdAt: new Date(Number(at)), id }
}
