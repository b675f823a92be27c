// Reads about FAQs, what was asked and offered, and automatic replies.

import { rowsOf, type Db } from '../../kit/store/db.ts'
import { notFound } from '../../kit/declare/errors.ts'
import {
  countFound,
  cutPage,
  isBehind,
  OLDEST_FIRST,
  orderBy,
  readPage,
  type Key,
  type Listed,
  type PagePart,
} from '../../kit/store/keyset.ts'
import { hasParts } from '../../kit/store/name-parts.ts'
import { columnsOf } from '../../kit/declare/schema.ts'
import type { FaqTotals } from '../rules.ts'
import { AutoResponse, Faq, type FaqOffer, type Suggestion } from '../schema.ts'
interface FaqFilter {
  category?: string
  isActive?: boolean
  /** Part of the question, as somebody types it. */
  q?: string
}

const BY_PRIORITY: readonly Key<Faq>[] = [
  { column: 'priority', kind: 'number', descends: true, of: ({ priority }) => priority },
  ...OLDEST_FIRST,
]

export function listFaqs(db: Db, orgId: string, filter: FaqFilter, part: PagePart): Promise<Listed<Faq>> {
  return readPage(filteredFaqs(db, orgId, filter), columnsOf(Faq), BY_PRIORITY, part)
}

export function countFaqs(db: Db, orgId: string, filter: FaqFilter): Promise<number> {
  return countFound(db, filteredFaqs(db, orgId, filter))
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

/**
 * Those that a text is compared with: all active ones. Where more are left from before there was a limit,
 * those of the highest priority, then the oldest.
 */
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
    `select count(*)::int as count, coalesce(sum(${CHARACTERS}), 0)::int as characters from faqs
      where org_id = :orgId and deleted_at is null`,
    { orgId },
  )
  return totals ?? { count: 0, characters: 0 }
}

/** The same for the same FAQs: whoever prepared them for matching need not do it again. Counts of use are no part of it. */
export async function stampOfFaqs(db: Db, orgId: string): Promise<string> {
  const [row] = await rowsOf<{ stamp: string | null }>(
    db,
    `select md5(string_agg(id || ' ' || version, ',' order by id)) as stamp from faqs where org_id = :orgId
      and is_active and deleted_at is null`,
    { orgId },
  )
  return row?.stamp ?? ''
}

/** What no FAQ answered when it was asked, what most asked first. */
export async function listUnanswered(
  db: Db,
  orgId: string,
  { atLeast, limit, offset, cursor }: PagePart & { atLeast: number },
): Promise<Listed<Suggestion>> {
  const [behind, place] = isBehind(MOST_ASKED, cursor)
  const rows = await rowsOf<Asked>(
    db,
    `select * from (
       select key, (array_agg(text order by at desc))[1] as text, count(*)::int as askers, max(at) as last_asked_at
       from unanswered_questions where org_id = :orgId group by key having count(*) >= :atLeast) q
     where ${behind} order by ${orderBy(MOST_ASKED)} limit :limit offset :offset`,
    { orgId, atLeast, ...place, limit: limit + 1, offset },
  )
  const { items, next } = cutPage(MOST_ASKED, rows, limit)
  return { items: items.map(({ key: _, ...suggestion }) => suggestion), next }
}

/** What was offered and chosen, newest first: what customers mean by what they write. Their words stand in the message, and go with it. */
export async function listFaqOffers(
  db: Db,
  orgId: string,
  { limit, offset, cursor }: PagePart,
): Promise<Listed<FaqOffer>> {
  const [behind, place] = isBehind(NEWEST_OFFER, cursor)
  const rows = await rowsOf<FaqOffer>(
    db,
    `select o.message_id, o.room_id, m.content as text, o.offered, o.choice, o.chosen_faq_id, o.at
     from faq_offers o join messages m on m.id = o.message_id where o.org_id = :orgId and ${behind}
     order by ${orderBy(NEWEST_OFFER)} limit :limit offset :offset`,
    { orgId, ...place, limit: limit + 1, offset },
  )
  return cutPage(NEWEST_OFFER, rows, limit)
}

export function listAutoResponses(db: Db, orgId: string, part: PagePart): Promise<Listed<AutoResponse>> {
  return readPage(responsesOf(db, orgId), columnsOf(AutoResponse), OLDEST_FIRST, part)
}

/** Oldest first. */
export async function listAllAutoResponses(db: Db, orgId: string): Promise<AutoResponse[]> {
  return responsesOf(db, orgId).orderBy(['createdAt', 'id']).select(columnsOf(AutoResponse))
}

/** @throws AppError 404 */
export async function getAutoResponse(db: Db, orgId: string, id: string): Promise<AutoResponse> {
  const response: AutoResponse | undefined = await responsesOf(db, orgId)
    .where({ id })
    .first(columnsOf(AutoResponse))
  if (!response) throw notFound('Automatic reply')
  return response
}

export function countAutoResponses(db: Db, orgId: string): Promise<number> {
  return countFound(db, responsesOf(db, orgId))
}

export const faqsOf = (db: Db, orgId: string) => db('faqs').where({ orgId }).whereNull('deletedAt')
const filteredFaqs = (db: Db, orgId: string, { q, ...filter }: FaqFilter) =>
  faqsOf(db, orgId)
    .where(filter)
    .where(hasParts('foldedName', q ?? ''))
const CHARACTERS = `length(question) + length(array_to_string(alternative_questions, '')) + length(array_to_string(keywords, ''))`
const NEWEST_OFFER: readonly Key<FaqOffer>[] = [
  { column: 'o.at', kind: 'instant', descends: true, of: ({ at }) => at },
  { column: 'o.message_id', kind: 'id', of: ({ messageId }) => messageId },
]
type Asked = Suggestion & { key: string }
const MOST_ASKED: readonly Key<Asked>[] = [
  { column: 'askers', kind: 'number', descends: true, of: ({ askers }) => askers },
  { column: 'last_asked_at', kind: 'instant', descends: true, of: ({ lastAskedAt }) => lastAskedAt },
  { column: 'key', kind: 'text', of: ({ key }) => key },
]
const responsesOf = (db: Db, orgId: string) => db('auto_responses').where({ orgId }).whereNull('deletedAt')
