// What the desk says by itself, in the words of the organisation, or in ours where it wrote none.

import { sendSystemMessage } from '../../chat/actions/post.ts'
import { closesWithin, isOpen, nextOpening, type Calendar } from '../../kit/time/calendar.ts'
import type { Change } from '../../kit/store/change.ts'
import { formatInstant } from '../../kit/text/locale.ts'
import { wallAt } from '../../kit/time/zone.ts'
import { getAddressee, getPersonBrief } from '../../users/queries.ts'
import type { Locale, OrganisationSettings } from '../../organisations/schema.ts'
import { readLoad } from '../queries/conversations.ts'
import { fillIn, responseFor, type Load, type MomentOfDay, type Placeholder } from '../rules.ts'
import type { AutoResponse, Faq, QuickReply, TriggerEvent } from '../schema.ts'
import { countAutoResponse, updateConversation, type ConversationRow, type Offer } from '../table.ts'
import { lengthInWords, TEXTS } from '../texts.ts'
import { getCalendar, getOrganisation } from '../../organisations/queries.ts'
import { listAllAutoResponses } from '../queries/faqs.ts'

/** Where a conversation is held, at this moment. */
export interface DeskState {
  orgId: string
  organisation: string
  settings: OrganisationSettings
  calendar: Calendar
  isOpen: boolean
  customerName: string
  /** The customer's. */
  locale: Locale
}

export async function readDeskState(
  change: Change,
  { orgId, customerId }: ConversationRow,
): Promise<DeskState> {
  const { name: organisation, settings } = await getOrganisation(change.db, orgId)
  const calendar = await getCalendar(change.db, orgId)
  const { locale } = await getAddressee(change.db, orgId, customerId)
  const { fullName: customerName } = await getPersonBrief(change.db, orgId, customerId)
  return {
    orgId,
    organisation,
    settings,
    calendar,
    isOpen: isOpen(calendar, change.now),
    customerName,
    locale,
  }
}

interface AutomaticReply {
  content: string
  messageType: 'text' | 'faq_response'
  metadata: Record<string, unknown>
  offer?: Offer
}

/**
 * @param key what is said under one is said once in the room @returns its id; undefined: it was said
 * before, or the room takes no messages
 */
async function sendAutomatic(
  change: Change,
  { roomId }: ConversationRow,
  { offer, content, messageType, metadata }: AutomaticReply,
  key: string,
): Promise<string | undefined> {
  const quickReplies = offer?.replies.map(({ text }) => text)
  const id = await sendSystemMessage(change, roomId, {
    senderType: 'bot',
    messageType,
    content,
    metadata: { ...metadata, ...(quickReplies?.length && { quickReplies }) },
    clientMsgId: key,
  })
  if (id)
    await updateConversation(
      change.db,
      roomId,
      { offer: quickReplies?.length && offer ? offer : null },
      change.now,
    )
  return id
}

/** Of what the organisation wrote, what fits this moment. */
export async function findResponse(
  change: Change,
  { orgId, calendar }: DeskState,
  event: TriggerEvent,
): Promise<AutoResponse | undefined> {
  const responses = (await listAllAutoResponses(change.db, orgId)).filter(
    ({ trigger }) => trigger.event === event,
  )
  // Counting who waits costs the more the more do, and is asked for by few.
  const asksForLoad = responses.some(
    ({ trigger: { conditions } }) =>
      conditions?.queueSize !== undefined || conditions?.maxWaitTime !== undefined,
  )
  return responseFor(
    responses,
    event,
    momentAt(calendar, change.now),
    asksForLoad ? await readLoad(change.db, orgId, change.now) : NO_LOAD,
  )
}

const NO_LOAD: Load = { queueSize: 0, longestWaitSeconds: 0 }
/** Before closing, in minutes. */
const SOON = 30

function momentAt(calendar: Calendar, now: Date): MomentOfDay {
  const wall = new Date(wallAt(calendar.timezone, now.getTime()))
  return {
    dayOfWeek: wall.getUTCDay(),
    minutes: wall.getUTCHours() * 60 + wall.getUTCMinutes(),
    isHoliday: calendar.holidays.some(({ date }) => date === wall.toISOString().slice(0, 10)),
    closesSoon: closesWithin(calendar, now, SOON),
  }
}

export async function sendResponse(
  change: Change,
  conversation: ConversationRow,
  desk: DeskState,
  response: AutoResponse,
  key: string,
): Promise<string | undefined> {
  const content = fillIn(response.message, await valuesFor(change, desk, response.message))
  const metadata = { autoResponseId: response.id, responseType: response.responseType }
  const id = await sendAutomatic(
    change,
    conversation,
    { content, messageType: 'text', metadata, offer: { replies: response.quickReplies } },
    key,
  )
  if (id) await countAutoResponse(change.db, response.id)
  return id
}

/** In our words: about the hours while closed, about the staff while open. */
export async function sendOfflineNotice(
  change: Change,
  conversation: ConversationRow,
  desk: DeskState,
  key: string,
): Promise<string | undefined> {
  const { away, closed, closedForNow } = TEXTS[desk.locale]
  const text = desk.isOpen ? away : openingInWords(desk, change.now) ? closed : closedForNow
  return sendAutomatic(
    change,
    conversation,
    {
      content: fillIn(text, await valuesFor(change, desk, text)),
      messageType: 'text',
      metadata: { responseType: 'offline' },
    },
    key,
  )
}

export async function sendAcknowledgement(
  change: Change,
  conversation: ConversationRow,
  desk: DeskState,
  key: string,
): Promise<string | undefined> {
  const { acknowledge } = TEXTS[desk.locale]
  return sendAutomatic(
    change,
    conversation,
    {
      content: fillIn(acknowledge, await valuesFor(change, desk, acknowledge)),
      messageType: 'text',
      metadata: { responseType: 'acknowledgement' },
    },
    key,
  )
}

async function valuesFor(
  change: Change,
  desk: DeskState,
  text: string,
): Promise<Record<Placeholder, string>> {
  const waiting = text.includes('{waitingTime}')
    ? (await readLoad(change.db, desk.orgId, change.now)).longestWaitSeconds
    : 0
  return {
    name: desk.customerName,
    organisation: desk.organisation,
    nextOpening: openingInWords(desk, change.now),
    waitingTime: lengthInWords(waiting, desk.locale),
  }
}

function openingInWords({ isOpen, calendar, locale }: DeskState, now: Date): string {
  const opening = isOpen ? undefined : nextOpening(calendar, now)
  return opening ? formatInstant(opening, locale, calendar.timezone) : ''
}

/** The answer, then whether it helped: as a message of its own, so that the answer stands for itself. */
export async function sendFaqAnswer(
  change: Change,
  conversation: ConversationRow,
  { locale }: DeskState,
  { faq, score }: { faq: Faq; score?: number },
  key: string,
): Promise<string | undefined> {
  const metadata = { faqId: faq.id, question: faq.question, ...(score !== undefined && { score }) }
  const messageId = await sendAutomatic(
    change,
    conversation,
    { content: faq.answer, messageType: 'faq_response', metadata },
    key,
  )
  if (!messageId) return undefined
  const { wasThisHelpful, yes, no } = TEXTS[locale]
  const replies: QuickReply[] = [{ text: yes }, { text: no, callStaff: true }]
  await sendAutomatic(
    change,
    conversation,
    {
      content: wasThisHelpful,
      messageType: 'text',
      metadata: { responseType: 'follow-up', faqId: faq.id, answerId: messageId },
      offer: { replies, vote: { messageId, isHelpful: [true, false] } },
    },
    `${key}-follow-up`,
  )
  return messageId
}

/** The questions that may be meant, and that none of them is. */
export async function sendFaqOffer(
  change: Change,
  conversation: ConversationRow,
  { locale }: DeskState,
  faqs: readonly Faq[],
  asked: NonNullable<Offer['asked']>,
  key: string,
): Promise<string | undefined> {
  const { didYouMean, somethingElse } = TEXTS[locale]
  const replies: QuickReply[] = [
    ...faqs.map(({ id: faqId, question }) => ({ text: question, faqId })),
    { text: somethingElse, callStaff: true },
  ]
  const metadata = { responseType: 'offer', askedId: asked.messageId, faqIds: faqs.map(({ id }) => id) }
  return sendAutomatic(
    change,
    conversation,
    { content: didYouMean, messageType: 'text', metadata, offer: { replies, asked } },
    key,
  )
}
