// Rows of the inbox. Only actions of this domain import it.

import { rowsOf, type Db } from '../kit/store/db.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { AutoResponse, Faq, type ConversationPatch, type FaqOffer, type QuickReply } from './schema.ts'

/** What the newest automatic message offers. A vote is on the FAQ that answered the message of this id. */
export interface Offer {
  replies: readonly QuickReply[]
  /** The message whose question is not sure: each reply is one that may be meant, the last is that none is. */
  asked?: { messageId: string; beganWaiting: boolean }
  vote?: { messageId: string; isHelpful: readonly boolean[] }
}

export interface ConversationRow {
  roomId: string
  orgId: string
  customerId: string
  assigneeId: string | null
  waitingSince: Date | null
  lastStaffAt: Date | null
  welcomedAt: Date | null
  offlineToldAt: Date | null
  acknowledgedAt: Date | null
  attentionAt: Date | null
  offer: Offer | null
  rating: number | null
}

const CONVERSATION = [
  'roomId',
  'orgId',
  'customerId',
  'assigneeId',
  'waitingSince',
  'lastStaffAt',
  'welcomedAt',
  'offlineToldAt',
  'acknowledgedAt',
  'attentionAt',
  'offer',
  'rating',
]

/** @returns whether there was none yet */
export async function insertConversation(
  db: Db,
  row: { roomId: string; orgId: string; customerId: string },
  now: Date,
): Promise<boolean> {
  const inserted = await db('inbox_conversations')
    .insert({ ...row, createdAt: now, updatedAt: now })
    .onConflict('roomId')
    .ignore()
    .returning('roomId')
  return inserted.length > 0
}

/** Jobs about one conversation come one after the other. */
export async function lockConversation(db: Db, roomId: string): Promise<ConversationRow | undefined> {
  return db('inbox_conversations').where({ roomId }).forUpdate().first(CONVERSATION)
}

/** What somebody takes care of, in open rooms. */
export async function lockConversationsOf(
  db: Db,
  orgId: string,
  assigneeId: string,
): Promise<ConversationRow[]> {
  return db('inbox_conversations')
    .where({ orgId, assigneeId })
    .orderBy('roomId')
    .forUpdate()
    .select(CONVERSATION)
}

export async function updateConversation(
  db: Db,
  roomId: string,
  { offer, ...patch }: ConversationPatch & Partial<ConversationRow>,
  now: Date,
): Promise<void> {
  await db('inbox_conversations')
    .where({ roomId })
    .update({
      ...patch,
      ...(offer !== undefined && { offer: offer && JSON.stringify(offer) }),
      updatedAt: now,
    })
}

export async function setNotesRoom(db: Db, roomId: string, notesRoomId: string): Promise<void> {
  await db('inbox_conversations').where({ roomId }).update({ notesRoomId })
}

export async function insertFaq(db: Db, faq: Faq & { orgId: string }): Promise<void> {
  await db('faqs').insert(faq)
}

/** @returns undefined when there is none */
export async function lockFaq(db: Db, orgId: string, id: string): Promise<Faq | undefined> {
  return db('faqs').where({ orgId, id }).whereNull('deletedAt').forUpdate().first(columnsOf(Faq))
}

export async function updateFaq(
  db: Db,
  id: string,
  patch: Partial<Faq> & { deletedAt?: Date },
  now: Date,
): Promise<Faq> {
  const [faq] = await db('faqs')
    .where({ id })
    .update({ ...patch, version: db.raw('version + 1'), updatedAt: now })
    .returning(columnsOf(Faq))
  return faq
}

/** It answered. Not a change of it: its version stays. */
export async function countFaqAnswer(
  db: Db,
  answer: { messageId: string; faqId: string; roomId: string },
  now: Date,
): Promise<void> {
  await db('faq_answers')
    .insert({ ...answer, at: now })
    .onConflict('messageId')
    .ignore()
  await db('faqs').where({ id: answer.faqId }).increment('usageCount', 1)
}

/** @param offered best first @returns nothing the second time */
export async function insertFaqOffer(
  db: Db,
  { offered, ...row }: Pick<FaqOffer, 'messageId' | 'roomId' | 'offered'> & { orgId: string },
  now: Date,
): Promise<void> {
  await db('faq_offers')
    .insert({ ...row, offered: JSON.stringify(offered), at: now })
    .onConflict('messageId')
    .ignore()
}

/** What the customer meant. */
export async function setOfferChoice(db: Db, messageId: string, faqId: string | null): Promise<void> {
  await db('faq_offers')
    .where({ messageId })
    .update({ choice: faqId ? 'faq' : 'something_else', chosenFaqId: faqId })
}

/** Whoever thinks again is counted once, as they think now. @returns whether there is such an answer */
export async function setVote(db: Db, messageId: string, isHelpful: boolean): Promise<boolean> {
  const rows = await rowsOf(
    db,
    `with before as (select message_id, faq_id, is_helpful from faq_answers where message_id = :messageId for update),
     vote as (update faq_answers set is_helpful = :isHelpful where message_id = :messageId),
     counted as (
       update faqs f set
         helpful_count = helpful_count + :isHelpful::boolean::int - (b.is_helpful is true)::int,
         unhelpful_count = unhelpful_count + (not :isHelpful::boolean)::int - (b.is_helpful is false)::int
       from before b where f.id = b.faq_id
     )
     select from before`,
    { messageId, isHelpful },
  )
  return rows.length > 0
}

/** @param key the same for the same question however it is written */
export async function insertUnanswered(
  db: Db,
  row: { orgId: string; key: string; roomId: string; messageId: string; text: string },
  now: Date,
): Promise<void> {
  await db('unanswered_questions')
    .insert({ ...row, at: now })
    .onConflict(['orgId', 'key', 'roomId'])
    .merge(['messageId', 'text', 'at'])
}

export async function deleteQuestion(db: Db, messageId: string): Promise<void> {
  await db('unanswered_questions').where({ messageId }).delete()
}

export async function deleteUnanswered(db: Db, before: Date): Promise<void> {
  await db('unanswered_questions').where('at', '<', before).delete()
}

export async function insertAutoResponse(
  db: Db,
  { trigger, quickReplies, ...row }: AutoResponse & { orgId: string },
): Promise<void> {
  await db('auto_responses').insert({
    ...row,
    trigger: JSON.stringify(trigger),
    quickReplies: JSON.stringify(quickReplies),
  })
}

/** @returns undefined when there is none */
export async function lockAutoResponse(db: Db, orgId: string, id: string): Promise<AutoResponse | undefined> {
  return db('auto_responses')
    .where({ orgId, id })
    .whereNull('deletedAt')
    .forUpdate()
    .first(columnsOf(AutoResponse))
}

export async function updateAutoResponse(
  db: Db,
  id: string,
  { trigger, quickReplies, ...patch }: Partial<AutoResponse> & { deletedAt?: Date },
  now: Date,
): Promise<AutoResponse> {
  const [row] = await db('auto_responses')
    .where({ id })
    .update({
      ...patch,
      ...(trigger && { trigger: JSON.stringify(trigger) }),
      ...(quickReplies && { quickReplies: JSON.stringify(quickReplies) }),
      version: db.raw('version + 1'),
      updatedAt: now,
    })
    .returning(columnsOf(AutoResponse))
  return row
}

export async function countAutoResponse(db: Db, id: string): Promise<void> {
  await db('auto_responses').where({ id }).increment('usageCount', 1)
}

/** @returns the rooms in which the staff keeps notes about this customer */
export async function deleteQuestionsOf(db: Db, orgId: string, customerId: string): Promise<string[]> {
  const theirs = db('inbox_conversations').where({ orgId, customerId })
  await db('unanswered_questions').whereIn('roomId', theirs.clone().select('roomId')).delete()
  const rows: { notesRoomId: string }[] = await theirs.whereNotNull('notesRoomId').select('notesRoomId')
  return rows.map(({ notesRoomId }) => notesRoomId)
}

/** Customers of whom somebody of the staff took care. */
export async function listLookedAfter(db: Db, customerIds: readonly string[]): Promise<string[]> {
  return db('inbox_conversations')
    .whereIn('customerId', [...customerIds])
    .whereRaw('(assignee_id is not null or notes_room_id is not null)')
    .pluck('customer_id')
}

/** @returns their rooms */
export async function deleteConversationsOf(db: Db, customerIds: readonly string[]): Promise<string[]> {
  const rows: { roomId: string }[] = await db('inbox_conversations')
    .whereIn('customerId', [...customerIds])
    .delete()
    .returning('roomId')
  return rows.map(({ roomId }) => roomId)
}
