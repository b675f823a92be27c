// Reads of the inbox.

import { ACTIVITY, lastActiveAt, listRoomsById, type RoomFilter } from '../chat/queries/rooms.ts'
import type { OwnRoom } from '../chat/schema.ts'
import type { Reading } from '../kit/store/change.ts'
import { rowsOf, type Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import { cutPage, isBehind, orderBy, type Key, type Listed, type Part } from '../kit/store/keyset.ts'
import { patternsOf } from '../kit/text/fold.ts'
import { phonePatternOf } from '../kit/text/phone.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { listActiveIdsByRole } from '../users/queries.ts'
import { isStaff, STAFF_ROLES, type Actor } from '../organisations/roles.ts'
import type { FaqTotals, Load } from './rules.ts'
import {
  AutoResponse,
  Faq,
  type Conversation,
  type ConversationNews,
  type FaqOffer,
  type ListedRoom,
  type Suggestion,
} from './schema.ts'

type Page = { limit: number; offset: number }
type Facts = Omit<ConversationNews, 'status'>

/** Of a guest what they gave: the address that was made up for them is nobody's. */
const FACTS = `c.room_id, c.priority, c.tags, c.waiting_since, c.notes_room_id,
  jsonb_build_object('id', u.id, 'fullName', u.full_name, 'role', u.role, 'email', case when u.role = 'GUEST' then u.contact_email else u.email end, 'phone', coalesce(u.phone, u.contact_phone)) as customer,
  case when a.id is not null then jsonb_build_object('id', a.id, 'fullName', a.full_name, 'role', a.role) end as assignee`
const FROM =
  'inbox_conversations c join rooms r on r.id = c.room_id join users u on u.id = c.customer_id left join users a on a.id = c.assignee_id'

const FITTING = `c.org_id = :orgId and (:status::text is null or r.status = :status) and (:isActive::boolean is null or (r.status = 'ACTIVE') = :isActive)
  and (:names::text[] is null or u.folded_name like all(:names) or u.email like all(:names) or lower(u.contact_email) like all(:names) or r.folded_name like all(:names) or u.phone like :phone or u.contact_phone like :phone)`

function bindingsOf(orgId: string, { status, isActive, search }: RoomFilter): Record<string, unknown> {
  return {
    orgId,
    status: status ?? null,
    isActive: isActive ?? null,
    names: search === undefined ? null : patternsOf(search),
    phone: search === undefined ? null : phonePatternOf(search),
  }
}

const LONGEST_WAIT_FIRST: readonly Key<Conversation>[] = [
  { column: 'c.waiting_since', kind: 'instantOrNever', of: ({ waitingSince }) => waitingSince },
  { column: ACTIVITY, kind: 'instant', descends: true, of: lastActiveAt },
  { column: 'c.room_id', kind: 'id', of: ({ id }) => id },
]

/** Customers' rooms for the staff: who waits longest first, then whoever wrote last. */
export async function listConversations(
  { db, now }: Reading,
  actor: Actor,
  filter: RoomFilter,
  { limit, offset, cursor }: Part,
): Promise<Listed<Conversation>> {
  const [behind, place] = isBehind(LONGEST_WAIT_FIRST, cursor)
  const rows = await rowsOf<Facts>(
    db,
    `select ${FACTS} from ${FROM} where ${FITTING} and ${behind} order by ${orderBy(LONGEST_WAIT_FIRST)} limit :limit offset :offset`,
    { ...bindingsOf(actor.orgId, filter), ...place, limit: limit + 1, offset },
  )
  const rooms = await listRoomsById(
    db,
    actor,
    rows.map(({ roomId }) => roomId),
  )
  return cutPage(
    LONGEST_WAIT_FIRST,
    rooms.flatMap((room) => {
      const facts = rows.find(({ roomId }) => roomId === room.id)
      return facts ? [toConversation(room, facts, now)] : []
    }),
    limit,
  )
}

export async function countConversations({ db }: Reading, actor: Actor, filter: RoomFilter): Promise<number> {
  const [row] = await rowsOf<{ count: number }>(
    db,
    `select count(*)::int as count from ${FROM} where ${FITTING}`,
    bindingsOf(actor.orgId, filter),
  )
  return row?.count ?? 0
}

/** Rooms as they are listed: to the staff a customer's with what the staff knows of it. */
export async function withFacts(
  { db, now }: Reading,
  actor: Actor,
  rooms: readonly OwnRoom[],
): Promise<ListedRoom[]> {
  const ids = rooms.filter(({ kind }) => kind === 'SUPPORT').map(({ id }) => id)
  const facts = isStaff(actor.role) && ids.length > 0 ? await listFacts(db, actor.orgId, ids) : []
  return rooms.map((room) => {
    const own = facts.find(({ roomId }) => roomId === room.id)
    return own ? toConversation(room, own, now) : room
  })
}

/** @throws AppError 404 */
export async function getConversation(reading: Reading, actor: Actor, roomId: string): Promise<Conversation> {
  const [facts] = await listFacts(reading.db, actor.orgId, [roomId])
  const [room] = facts ? await listRoomsById(reading.db, actor, [roomId]) : []
  if (!facts || !room) throw notFound('Room')
  return toConversation(room, facts, reading.now)
}

/** What is told of it. */
export async function findNews(db: Db, roomId: string): Promise<ConversationNews | undefined> {
  const [news] = await rowsOf<ConversationNews>(
    db,
    `select ${FACTS}, r.status from ${FROM} where c.room_id = :roomId`,
    { roomId },
  )
  return news
}

function listFacts(db: Db, orgId: string, ids: readonly string[]): Promise<Facts[]> {
  return rowsOf(db, `select ${FACTS} from ${FROM} where c.org_id = :orgId and c.room_id = any(:ids)`, {
    orgId,
    ids,
  })
}

function toConversation(room: OwnRoom, { roomId: _, ...facts }: Facts, now: Date): Conversation {
  const waitingSeconds = facts.waitingSince
    ? Math.max(0, Math.floor((now.getTime() - facts.waitingSince.getTime()) / 1000))
    : 0
  return { ...room, ...facts, waitingSeconds }
}

/** Where the staff keeps notes about it, if there are any. */
export async function findNotesRoomId(db: Db, roomId: string): Promise<string | undefined> {
  return (await db('inbox_conversations').where({ roomId }).first('notesRoomId'))?.notesRoomId ?? undefined
}

/** As whoever opened it sees it. @throws AppError 404 */
export async function openedRoom(reading: Reading, actor: Actor, roomId: string): Promise<ListedRoom> {
  const [room] = await withFacts(reading, actor, await listRoomsById(reading.db, actor, [roomId]))
  if (!room) throw notFound('Room')
  return room
}

/** How many wait in open rooms, and how long the first of them. By the index on who waits. */
export async function readLoad(db: Db, orgId: string, now: Date): Promise<Load> {
  const [row] = await rowsOf<{ count: number; first: Date | null }>(
    db,
    `select count(*)::int as count, min(c.waiting_since) as first from inbox_conversations c join rooms r on r.id = c.room_id where c.org_id = :orgId and c.waiting_since is not null and r.status = 'ACTIVE'`,
    { orgId },
  )
  return {
    queueSize: row?.count ?? 0,
    longestWaitSeconds: row?.first ? Math.max(0, (now.getTime() - row.first.getTime()) / 1000) : 0,
  }
}

/** Customers who are online are nobody's staff. */
export async function isStaffOnline(
  { db, online }: Pick<Reading, 'db' | 'online'>,
  orgId: string,
): Promise<boolean> {
  return (await online(orgId, await listActiveIdsByRole(db, orgId, STAFF_ROLES))).length > 0
}

const faqsOf = (db: Db, orgId: string) => db('faqs').where({ orgId }).whereNull('deletedAt')

export interface FaqFilter {
  category?: string
  isActive?: boolean
  /** Part of the question, as somebody types it. */
  q?: string
}

const filteredFaqs = (db: Db, orgId: string, { q, ...filter }: FaqFilter) =>
  faqsOf(db, orgId)
    .where(filter)
    .whereRaw('folded_name like all(?::text[])', [patternsOf(q ?? '')])

export async function listFaqs(db: Db, orgId: string, filter: FaqFilter, page: Page): Promise<Faq[]> {
  return filteredFaqs(db, orgId, filter)
    .orderBy([{ column: 'priority', order: 'desc' }, 'createdAt', 'id'])
    .limit(page.limit)
    .offset(page.offset)
    .select(columnsOf(Faq))
}

export async function countFaqs(db: Db, orgId: string, filter: FaqFilter): Promise<number> {
  const [row] = await filteredFaqs(db, orgId, filter).count<{ count: number }[]>()
  return row?.count ?? 0
}

export async function findActiveFaq(db: Db, orgId: string, id: string): Promise<Faq | undefined> {
  return faqsOf(db, orgId).where({ id, isActive: true }).first(columnsOf(Faq))
}

/** @throws AppError 404 */
export async function getFaq(db: Db, orgId: string, id: string): Promise<Faq> {
  const faq: Faq | undefined = await faqsOf(db, orgId).where({ id }).first(columnsOf(Faq))
  if (!faq) throw notFound('FAQ')
  return faq
}

const CHARACTERS = `length(question) + length(array_to_string(alternative_questions, '')) + length(array_to_string(keywords, ''))`

/** Those that a text is compared with: all active ones. Where more are left from before there was a limit, those of the highest priority, then the oldest. */
export async function listMatchedFaqs(
  db: Db,
  orgId: string,
  { count, characters }: FaqTotals,
): Promise<Faq[]> {
  const over = 'over (order by priority desc, created_at, id)'
  const ranked = faqsOf(db, orgId)
    .where({ isActive: true })
    .select(columnsOf(Faq))
    .select(db.raw(`row_number() ${over} as place, sum(${CHARACTERS}) ${over} as characters`))
  return db
    .from(ranked.as('ranked'))
    .where('place', '<=', count)
    .where('characters', '<=', characters)
    .select(columnsOf(Faq))
}

/** Of all that are not deleted, active or not. */
export async function totalFaqs(db: Db, orgId: string): Promise<FaqTotals> {
  const [totals] = await rowsOf<FaqTotals>(
    db,
    `select count(*)::int as count, coalesce(sum(${CHARACTERS}), 0)::int as characters from faqs where org_id = :orgId and deleted_at is null`,
    { orgId },
  )
  return totals ?? { count: 0, characters: 0 }
}

/** The same for the same FAQs: whoever prepared them for matching need not do it again. Counts of use are no part of it. */
export async function stampOfFaqs(db: Db, orgId: string): Promise<string> {
  const [row] = await rowsOf<{ stamp: string | null }>(
    db,
    `select md5(string_agg(id || ' ' || version, ',' order by id)) as stamp from faqs where org_id = :orgId and is_active and deleted_at is null`,
    { orgId },
  )
  return row?.stamp ?? ''
}

/** What no FAQ answered when it was asked, what most asked first. */
export async function listUnanswered(
  db: Db,
  orgId: string,
  { atLeast, limit, offset }: Page & { atLeast: number },
): Promise<Suggestion[]> {
  return rowsOf(
    db,
    `select (array_agg(text order by at desc))[1] as text, count(*)::int as askers, max(at) as last_asked_at from unanswered_questions
     where org_id = :orgId group by key having count(*) >= :atLeast order by count(*) desc, max(at) desc limit :limit offset :offset`,
    { orgId, atLeast, limit, offset },
  )
}

const NEWEST_OFFER: readonly Key<FaqOffer>[] = [
  { column: 'o.at', kind: 'instant', descends: true, of: ({ at }) => at },
  { column: 'o.message_id', kind: 'id', of: ({ messageId }) => messageId },
]

/** What was offered and chosen, newest first: what customers mean by what they write. Their words stand in the message, and go with it. */
export async function listFaqOffers(
  db: Db,
  orgId: string,
  { limit, offset, cursor }: Part,
): Promise<Listed<FaqOffer>> {
  const [behind, place] = isBehind(NEWEST_OFFER, cursor)
  const rows = await rowsOf<FaqOffer>(
    db,
    `select o.message_id, o.room_id, m.content as text, o.offered, o.choice, o.chosen_faq_id, o.at
     from faq_offers o join messages m on m.id = o.message_id where o.org_id = :orgId and ${behind} order by ${orderBy(NEWEST_OFFER)} limit :limit offset :offset`,
    { orgId, ...place, limit: limit + 1, offset },
  )
  return cutPage(NEWEST_OFFER, rows, limit)
}

const responsesOf = (db: Db, orgId: string) => db('auto_responses').where({ orgId }).whereNull('deletedAt')

export async function listAutoResponses(db: Db, orgId: string, page?: Page): Promise<AutoResponse[]> {
  const rows = responsesOf(db, orgId).orderBy(['createdAt', 'id']).select(columnsOf(AutoResponse))
  return page ? rows.limit(page.limit).offset(page.offset) : rows
}

/** @throws AppError 404 */
export async function getAutoResponse(db: Db, orgId: string, id: string): Promise<AutoResponse> {
  const response: AutoResponse | undefined = await responsesOf(db, orgId)
    .where({ id })
    .first(columnsOf(AutoResponse))
  if (!response) throw notFound('Automatic reply')
  return response
}

export async function countAutoResponses(db: Db, orgId: string): Promise<number> {
  const [row] = await responsesOf(db, orgId).count<{ count: number }[]>()
  return row?.count ?? 0
}
