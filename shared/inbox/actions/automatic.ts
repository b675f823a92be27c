// What the desk says by itself, in the words of the organisation, or in ours where it wrote none.

import { sayAsHouse } from '../../chat/actions/post.ts'
import { isOpen, nextOpening, type Calendar } from '../../kit/calendar.ts'
import type { Change } from '../../kit/change.ts'
import { formatInstant } from '../../kit/locale.ts'
import { getAddressee, getCalendar, getOrganisation, getPersonBrief } from '../../users/queries.ts'
import type { Locale } from '../../users/schema.ts'
import { readLoad } from '../queries.ts'
import { fillIn, type Placeholder } from '../rules.ts'
import type { AutoResponse, QuickReply } from '../schema.ts'
import { countAutoResponse, updateConversation, type ConversationRow, type Offer } from '../table.ts'
import { lengthInWords, TEXTS } from '../texts.ts'

export interface Reply {
  content: string
  messageType: 'text' | 'faq_response'
  metadata: Record<string, unknown>
  offer?: Offer
}

/** @param key what is said under one is said once in the room @returns its id; undefined: it was said before, or the room takes no messages */
export async function say(change: Change, { roomId }: ConversationRow, { offer, content, messageType, metadata }: Reply, key: string): Promise<string | undefined> {
  const quickReplies = offer?.replies.map(({ text }) => text)
  const id = await sayAsHouse(change, roomId, { senderType: 'bot', messageType, content, metadata: { ...metadata, ...(quickReplies?.length && { quickReplies }) }, clientMsgId: key })
  if (id) await updateConversation(change.db, roomId, { offer: quickReplies?.length && offer ? offer : null }, change.now)
  return id
}

export async function sayResponse(change: Change, conversation: ConversationRow, response: AutoResponse, key: string): Promise<string | undefined> {
  const content = fillIn(response.message, await valuesFor(change, conversation))
  const metadata = { autoResponseId: response.id, responseType: response.responseType }
  const id = await say(change, conversation, { content, messageType: 'text', metadata, offer: { replies: response.quickReplies } }, key)
  if (id) await countAutoResponse(change.db, response.id)
  return id
}

/** Ours: about the hours while closed, about the staff while open. */
export async function sayOffline(change: Change, conversation: ConversationRow, key: string): Promise<string | undefined> {
  const { locale } = await getAddressee(change.db, conversation.orgId, conversation.customerId)
  const calendar = await getCalendar(change.db, conversation.orgId)
  const values = await valuesFor(change, conversation)
  const { away, closed, closedForNow } = TEXTS[locale]
  const text = isOpen(calendar, change.now) ? away : values.nextOpening ? closed : closedForNow
  return say(change, conversation, { content: fillIn(text, values), messageType: 'text', metadata: { responseType: 'offline' } }, key)
}

export async function sayAcknowledgement(change: Change, conversation: ConversationRow, key: string): Promise<string | undefined> {
  const { locale } = await getAddressee(change.db, conversation.orgId, conversation.customerId)
  return say(change, conversation, { content: fillIn(TEXTS[locale].acknowledge, await valuesFor(change, conversation)), messageType: 'text', metadata: { responseType: 'acknowledgement' } }, key)
}

async function valuesFor(change: Change, { orgId, customerId }: ConversationRow): Promise<Record<Placeholder, string>> {
  const { locale } = await getAddressee(change.db, orgId, customerId)
  const { longestWaitSeconds } = await readLoad(change.db, orgId, change.now)
  return {
    name: (await getPersonBrief(change.db, orgId, customerId)).fullName, organisation: (await getOrganisation(change.db, orgId)).name,
    nextOpening: openingInWords(await getCalendar(change.db, orgId), change.now, locale), waitingTime: lengthInWords(longestWaitSeconds, locale),
  }
}

function openingInWords(calendar: Calendar, now: Date, locale: Locale): string {
  const opening = isOpen(calendar, now) ? undefined : nextOpening(calendar, now)
  return opening ? formatInstant(opening, locale, calendar.timezone) : ''
}

/** The answer, then whether it helped: as a message of its own, so that the answer stands for itself. */
export async function sayFaq(change: Change, conversation: ConversationRow, faq: { id: string; question: string; answer: string }, score: number | undefined, key: string): Promise<string | undefined> {
  const metadata = { faqId: faq.id, question: faq.question, ...(score !== undefined && { score }) }
  const messageId = await say(change, conversation, { content: faq.answer, messageType: 'faq_response', metadata }, key)
  if (!messageId) return undefined
  const { locale } = await getAddressee(change.db, conversation.orgId, conversation.customerId)
  const { wasThisHelpful, yes, no } = TEXTS[locale]
  const replies: QuickReply[] = [{ text: yes }, { text: no, callStaff: true }]
  await say(change, conversation, { content: wasThisHelpful, messageType: 'text', metadata: { responseType: 'follow-up', faqId: faq.id, answerId: messageId }, offer: { replies, vote: { messageId, isHelpful: [true, false] } } }, `${key}-follow-up`)
  return messageId
}
