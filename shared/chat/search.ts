// Finding messages, in one's own rooms only: exact accents first, and of each the newest first.
// Two ways, because neither is fast alone. A walk through the newest messages finds words that are said all the time,
// of which the index would list hundreds of thousands; the index finds the others, which a walk would look for in vain.
// Neither costs more for whoever is in thousands of rooms: the walk looks into those with the newest messages, and the
// index is asked for the organisation, of the last days first.

import type { Db } from '../kit/store/db.ts'
import { malformed, notFound } from '../kit/declare/errors.ts'
import { DAY, plusMs, SECOND } from '../kit/time/time.ts'
import type { Actor } from '../organisations/roles.ts'
import { listMessagesById } from './queries/messages.ts'
import type { FoundMessage, RoomBrief } from './schema.ts'
import { lookUpMessages } from './search-listing.ts'
import {
  FEW_ROOMS,
  LONGEST_WALK_OF_MANY,
  listSearched,
  walkNewestRooms,
  walkRooms,
  WALKED_ROOMS,
  type Hit,
  type SearchQuestion,
  type Place,
  type SearchedRoom,
  type Walked,
} from './search-walk.ts'
import { partsOf, searchTermsIn, type SearchTerms } from './terms.ts'

export interface Search {
  q: string
  roomId?: string
  cursor?: string
  limit: number
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
  const hits = await findHits(db, spoken, { actor, sought, after }, limit + 1)
  const page = hits.slice(0, limit)
  const last = page.at(-1)
  return {
    items: await toFound(db, page, rooms, sought),
    next: hits.length > limit && last ? writePlace(last) : null,
  }
}

/** Messages that the first walk looks at: enough for words that are said all the time, and quick. */
const WALK = 300
/** For words that it met, yet too seldom; what is met less often the index lists in no time. */
const LONGEST_WALK = 5000
/** Chance puts words closer together here and further apart there. */
const MARGIN = 1.5
/** Where a walk would need more rooms than it may look into, chance apart, the index lists sooner what is said as seldom. */
const MOST_LIKELY = MARGIN * WALKED_ROOMS
/** What was said within a longer time the index lists sooner, by its days, than a walk gets there. */
const QUICKLY_LISTED = DAY / 2
/** Of few rooms it lists all at once, unless that may be so many times what is wanted. */
const MUCH = 4
/** How far the clocks of those who write in one room, and their waiting for its row, put time behind number. */
const CLOCKS = 5 * SECOND

async function findHits(
  db: Db,
  rooms: readonly SearchedRoom[],
  question: SearchQuestion,
  count: number,
): Promise<Hit[]> {
  const isMany = rooms.length > FEW_ROOMS
  const walk = ({ reach, width }: Further): Promise<Walked> =>
    isMany ? walkNewestRooms(db, question, width) : walkRooms(db, rooms, question, reach)
  let walked = await walk({ reach: WALK, width: FEW_ROOMS })
  const hits: Hit[] = []
  for (const isExact of question.after?.isExact === false ? [false] : [true, false]) {
    const wanted = count - hits.length
    if (wanted === 0) break
    const further = isMany ? furtherInMany : furtherInFew
    for (let next; (next = further(walked, isExact, wanted));) walked = await walk(next)
    hits.push(
      ...(suffices(walked, isExact, wanted)
        ? hitsOf(walked, isExact).slice(0, wanted)
        : await lookUp(db, rooms, question, { walked, isExact, wanted })),
    )
  }
  return hits
}

/** How far a longer walk goes: messages, where rooms are few; rooms, where they are many. */
interface Further {
  reach: number
  width: number
}

function furtherInFew(walked: Walked, isExact: boolean, wanted: number): Further | undefined {
  const reach = reachFor(walked, isExact, wanted)
  return reach > LONGEST_WALK ? undefined : { reach, width: walked.width }
}

function furtherInMany(walked: Walked, isExact: boolean, wanted: number): Further | undefined {
  const reach = reachFor(walked, isExact, wanted)
  if (reach > LONGEST_WALK_OF_MANY || timeFor(walked, isExact, wanted) > QUICKLY_LISTED) return undefined
  const likely = widthFor(walked, reach)
  const width = Math.min(WALKED_ROOMS, likely)
  return likely > MOST_LIKELY || walked.isWhole || width <= walked.width ? undefined : { reach, width }
}

const hitsOf = ({ found }: Walked, isExact: boolean): Hit[] => found.filter((hit) => hit.isExact === isExact)

/** Those that nothing newer can come before. */
function certainOf(walked: Walked, isExact: boolean): Hit[] {
  const { horizon } = walked
  const hits = hitsOf(walked, isExact)
  return horizon ? hits.filter(({ createdAt }) => createdAt.getTime() > horizon.getTime() + CLOCKS) : hits
}

const suffices = (walked: Walked, isExact: boolean, wanted: number): boolean =>
  !walked.horizon || certainOf(walked, isExact).length >= wanted

/**
 * How far it should take, by how often they were met so far; about half of that is certain. Infinity: they were not, or no
 * further walk is needed.
 */
function reachFor(walked: Walked, isExact: boolean, wanted: number): number {
  if (suffices(walked, isExact, wanted)) return Infinity
  const met = certainOf(walked, isExact).length || hitsOf(walked, isExact).length / 2
  const likely = Math.ceil((MARGIN * walked.size * wanted) / met)
  return Math.max(likely, 2 * walked.size)
}

/** In milliseconds, how long it took to say as much as is wanted; of words that were not met it is a guess. */
function timeFor(walked: Walked, isExact: boolean, wanted: number): number {
  const span = (walked.newest?.getTime() ?? 0) - (walked.horizon?.getTime() ?? 0)
  const met = certainOf(walked, isExact).length || Math.max(hitsOf(walked, isExact).length, 1) / 2
  return (MARGIN * span * wanted) / met
}

/** How many messages of these rooms have the words, as often as they were met. */
function listedOf(walked: Walked, rooms: readonly SearchedRoom[], isExact: boolean): number {
  const said = rooms.reduce((sum, { lastSeq }) => sum + lastSeq, 0)
  return (said * hitsOf(walked, isExact).length) / walked.size
}

/** Where much was said the index lists day after day, newest first, and not all at once. */
async function lookUp(
  db: Db,
  rooms: readonly SearchedRoom[],
  question: SearchQuestion,
  { walked, isExact, wanted }: { walked: Walked; isExact: boolean; wanted: number },
): Promise<Hit[]> {
  const { after } = question
  const isFurther = after?.isExact === isExact
  // What lies behind a page the walk has not met.
  const isMuch = isFurther || rooms.length > FEW_ROOMS || listedOf(walked, rooms, isExact) > MUCH * wanted
  const until = isFurther ? after.createdAt : plusMs(walked.newest ?? new Date(0), CLOCKS)
  const lately = isMuch ? { until, rare: walked.rare } : undefined
  return lookUpMessages(db, rooms, question, { isExact, count: wanted, lately })
}

/**
 * Rooms that have so many messages. A room is looked into for its newest message, and for those that are newer than all of the
 * others: these become the more the more rooms there are.
 */
function widthFor({ size, width }: Walked, reach: number): number {
  const further = (size / width - 1) / width
  return Math.ceil(further > 0 ? (Math.sqrt(1 + 4 * further * reach) - 1) / (2 * further) : reach)
}

async function toFound(
  db: Db,
  hits: readonly Hit[],
  rooms: readonly RoomBrief[],
  sought: SearchTerms,
): Promise<FoundMessage[]> {
  const briefs = new Map(
    rooms.map(({ id, kind, type, name, status }) => [id, { id, kind, type, name, status }]),
  )
  const others = hits.flatMap(({ roomId }) => (briefs.has(roomId) ? [] : [roomId]))
  const [found, further] = await Promise.all([
    listMessagesById(
      db,
      hits.map(({ id }) => id),
    ),
    listBriefs(db, others),
  ])
  for (const brief of further) briefs.set(brief.id, brief)
  const messages = new Map(found.map((message) => [message.id, message]))
  return hits.flatMap(({ id }) => {
    const message = messages.get(id)
    const room = message && briefs.get(message.roomId)
    return message && room && !message.deletedAt
      ? [{ message, room, parts: partsOf(message.content, sought) }]
      : []
  })
}

async function listBriefs(db: Db, ids: readonly string[]): Promise<RoomBrief[]> {
  if (ids.length === 0) return []
  return db('rooms').whereIn('id', ids).select('id', 'kind', 'type', 'name', 'status')
}

function writePlace({ isExact, createdAt, id }: Place): string {
  return Buffer.from(`${isExact ? 'e' : 'l'}.${createdAt.getTime()}.${id}`).toString('base64url')
}

const PLACE_FORM = /^([el])\.(\d{1,15})\.([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/

function readPlace(cursor: string): Place {
  const [, phase, at, id] = PLACE_FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (!phase || !at || !id)
    throw malformed([{ path: '/query/cursor', message: 'must be one that a page of this search named' }])
  return { isExact: phase === 'e', createdAt: new Date(Number(at)), id }
}
