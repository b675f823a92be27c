// After each message in a customer's room: what the desk says by itself, and whom it calls.

import { holdMessage } from '../../chat/queries/messages.ts'
import { excerptOf } from '../../kit/text/excerpt.ts'
import type { Message, MessageRef } from '../../chat/schema.ts'
import { closedSince } from '../../kit/time/calendar.ts'
import type { Change } from '../../kit/store/change.ts'
import { foldText, wordsOf } from '../../kit/text/fold.ts'
import { notify, settleNotifications } from '../../notifications/actions/notify.ts'
import { listActiveIdsByRole } from '../../users/queries.ts'
import { STAFF_ROLES } from '../../organisations/roles.ts'
import { attentionEvent, conversationChangedEvent } from '../events.ts'
import { matchFaqs } from '../faq/matching.ts'
import { findNews, isStaffOnline } from '../queries/conversations.ts'
import { decideReply, isAtOrAfter, type Circumstances, type FaqOutcome, type Step } from '../rules.ts'
import type { Attention, ConversationNews, Faq, QuickReply } from '../schema.ts'
import {
  countFaqAnswer,
  insertFaqOffer,
  insertUnanswered,
  lockConversation,
  setOfferChoice,
  setVote,
  updateConversation,
  type ConversationRow,
  type Offer,
} from '../table.ts'
import {
  readDeskState,
  findResponse,
  sendAcknowledgement,
  sendFaqAnswer,
  sendFaqOffer,
  sendOfflineNotice,
  sendResponse,
  type DeskState,
} from './automatic.ts'
import { emitConversation, emitNews, staffChannels } from './conversations.ts'
import { findActiveFaq } from '../queries/faqs.ts'

export async function answerMessage(change: Change, { roomId, messageId }: MessageRef): Promise<void> {
  const conversation = await lockConversation(change.db, roomId)
  const message = conversation && (await holdMessage(change.db, messageId))
  if (!conversation || !message || message.deletedAt) return
  if (message.senderId !== conversation.customerId) return hearStaff(change, conversation, message)
  // Archived meanwhile: whoever did has seen it.
  if ((await findNews(change.db, roomId))?.status !== 'ACTIVE') return
  const chosen = chosenFrom(conversation.offer, message.content)
  if (chosen?.vote) await setVote(change.db, chosen.vote.messageId, chosen.vote.isHelpful)
  if (chosen?.askedId) await setOfferChoice(change.db, chosen.askedId, chosen.reply.faqId ?? null)
  if (chosen?.vote?.isHelpful) return updateConversation(change.db, roomId, { offer: null }, change.now)
  await reply(change, conversation, message, chosen)
}

/** A person has answered: nobody waits, and what was offered is past. */
async function hearStaff(
  change: Change,
  conversation: ConversationRow,
  { createdAt }: Message,
): Promise<void> {
  const { roomId, orgId, waitingSince, lastStaffAt } = conversation
  // Jobs of one room may overtake each other; what a customer wrote after it still waits.
  const isAnswered = waitingSince !== null && waitingSince <= createdAt
  await updateConversation(
    change.db,
    roomId,
    {
      offer: null,
      ...(isAnswered && { waitingSince: null }),
      ...(!isAtOrAfter(lastStaffAt, createdAt) && { lastStaffAt: createdAt }),
    },
    change.now,
  )
  if (isAnswered) await emitConversation(change, conversationChangedEvent, orgId, roomId)
  if (isAnswered || waitingSince === null) await settleNotifications(change, [`reply:${roomId}`])
}

async function reply(
  change: Change,
  conversation: ConversationRow,
  message: Message,
  chosen: Chosen | undefined,
): Promise<void> {
  const { orgId, roomId } = conversation
  const desk = await readDeskState(change, conversation)
  const found = chosen?.reply.callStaff ? NOTHING : await findAnswer(change, desk, message, chosen?.reply)
  const circumstances = await readCircumstances(change, orgId, desk, found, chosen)
  const { step, callsStaff, patch } = decideReply(
    conversation,
    { writtenAt: message.createdAt, ...circumstances },
    change.now,
  )
  await SAY[step](change, conversation, { key: `reply-${message.id}`, desk, ...found, askedId: message.id })
  if (!found.answer && !chosen) await rememberUnanswered(change, conversation, message)
  await updateConversation(change.db, roomId, patch, change.now)
  const news = await findNews(change.db, roomId)
  if (!news) return
  if ((news.waitingSince === null) !== (conversation.waitingSince === null))
    emitNews(change, conversationChangedEvent, orgId, news)
  if (callsStaff)
    await callStaff(change, orgId, news, {
      reason: chosen?.vote ? 'unhelpful_answer' : 'unanswered',
      messageId: message.id,
      text: excerptOf(message.content),
    })
}

/** What the decision depends on, beside the conversation. */
async function readCircumstances(
  change: Change,
  orgId: string,
  desk: DeskState,
  { answer, offered }: Found,
  chosen: Chosen | undefined,
): Promise<Omit<Circumstances, 'writtenAt'>> {
  return {
    isOpen: desk.isOpen,
    closedSince: desk.isOpen ? undefined : closedSince(desk.calendar, change.now),
    isStaffOnline: await isStaffOnline(change, orgId),
    answersFaqAfterHours: desk.settings.answerFaqAfterHours ?? false,
    hasAnswer: answer !== undefined,
    hasOffer: offered.length > 0,
    ...(chosen && {
      chosen: { beganWaiting: chosen.beganWaiting ?? false, wantsPerson: chosen.reply.callStaff ?? false },
    }),
  }
}

interface Chosen {
  reply: QuickReply
  vote?: { messageId: string; isHelpful: boolean }
  /** The message to which it was offered, because no FAQ was sure. */
  askedId?: string
  beganWaiting?: boolean
}

/** Choosing is saying what stands on the button: so it works for every client, by hand too. */
function chosenFrom(offer: Offer | null, content: string): Chosen | undefined {
  const at = offer?.replies.findIndex(({ text }) => sameWords(text, content)) ?? -1
  const reply = offer?.replies[at]
  const isHelpful = offer?.vote?.isHelpful[at]
  return (
    reply && {
      reply,
      ...(offer?.asked && { askedId: offer.asked.messageId, beganWaiting: offer.asked.beganWaiting }),
      ...(offer?.vote && isHelpful !== undefined && { vote: { messageId: offer.vote.messageId, isHelpful } }),
    }
  )
}

function sameWords(one: string, other: string): boolean {
  return wordsOf(foldText(one)).join(' ') === wordsOf(foldText(other)).join(' ')
}

interface Answer {
  faq: Faq
  score?: number
}

/** An answer, or what may be meant; never both. */
interface Found {
  answer?: Answer
  offered: readonly Required<Answer>[]
}

const NOTHING: Found = { offered: [] }

async function findAnswer(
  { db }: Change,
  { orgId, settings }: DeskState,
  { content }: Message,
  chosen: QuickReply | undefined,
): Promise<Found> {
  const named = chosen?.faqId ? await findActiveFaq(db, orgId, chosen.faqId) : undefined
  if (named) return { answer: { faq: named }, offered: [] }
  const candidates = await matchFaqs(db, orgId, content, settings)
  const having = (wanted: FaqOutcome): Required<Answer>[] =>
    candidates.flatMap(({ faq, score, outcome }) => (outcome === wanted ? [{ faq, score }] : []))
  const [answer] = having('answered')
  return answer ? { answer, offered: [] } : { offered: having('offered') }
}

interface Words extends Found {
  key: string
  desk: DeskState
  askedId: string
}

type Say = (change: Change, conversation: ConversationRow, words: Words) => Promise<unknown>

const SAY: Readonly<Record<Step, Say>> = {
  silence: async () => undefined,
  async faq(change, conversation, { key, desk, answer }) {
    if (!answer) return
    const messageId = await sendFaqAnswer(change, conversation, desk, answer, key)
    if (messageId)
      await countFaqAnswer(
        change.db,
        { messageId, faqId: answer.faq.id, roomId: conversation.roomId },
        change.now,
      )
  },
  async offer(change, conversation, { key, desk, offered, askedId }) {
    const { orgId, roomId } = conversation
    const asked = { messageId: askedId, beganWaiting: conversation.waitingSince === null }
    if (
      !(await sendFaqOffer(
        change,
        conversation,
        desk,
        offered.map(({ faq }) => faq),
        asked,
        key,
      ))
    )
      return
    await insertFaqOffer(
      change.db,
      {
        messageId: askedId,
        orgId,
        roomId,
        offered: offered.map(({ faq, score }) => ({ faqId: faq.id, score })),
      },
      change.now,
    )
  },
  async offline(change, conversation, { key, desk }) {
    const response = await findResponse(change, desk, desk.isOpen ? 'no-staff-available' : 'after-hours')
    await (response
      ? sendResponse(change, conversation, desk, response, key)
      : sendOfflineNotice(change, conversation, desk, key))
  },
  async acknowledge(change, conversation, { key, desk }) {
    const response = await findResponse(change, desk, 'high-load')
    await (response
      ? sendResponse(change, conversation, desk, response, key)
      : sendAcknowledgement(change, conversation, desk, key))
  },
}

/** Once, on opening the room. */
export async function welcomeCustomer(change: Change, roomId: string): Promise<void> {
  const conversation = await lockConversation(change.db, roomId)
  if (!conversation || conversation.welcomedAt) return
  const desk = await readDeskState(change, conversation)
  const response = await findResponse(change, desk, 'user-joined')
  if (response) await sendResponse(change, conversation, desk, response, 'welcome')
  await updateConversation(change.db, roomId, { welcomedAt: change.now }, change.now)
}

/** Shorter is no question, longer no frequent one. In words. */
const ASKABLE = { fewest: 2, most: 40 }

async function rememberUnanswered(
  change: Change,
  { orgId, roomId }: ConversationRow,
  { id: messageId, content }: Message,
): Promise<void> {
  const words = [...new Set(wordsOf(foldText(content)))].toSorted()
  if (words.length < ASKABLE.fewest || words.length > ASKABLE.most) return
  await insertUnanswered(
    change.db,
    { orgId, roomId, key: words.join(' '), messageId, text: content },
    change.now,
  )
}

/** Whoever has it; else the desk, which is STAFF, and where there is none everybody of the staff. */
async function callStaff(
  change: Change,
  orgId: string,
  { roomId, customer, assignee, waitingSince }: ConversationNews,
  { reason, messageId, text }: Pick<Attention, 'reason' | 'messageId' | 'text'>,
): Promise<void> {
  const { id, fullName, role } = customer
  change.emit(attentionEvent, staffChannels(orgId), {
    roomId,
    reason,
    customer: { id, fullName, role },
    assigneeId: assignee?.id ?? null,
    messageId,
    text,
    waitingSince,
  })
  const staff = await listActiveIdsByRole(change.db, orgId, STAFF_ROLES)
  const desk = await listActiveIdsByRole(change.db, orgId, ['STAFF'])
  const called = assignee && staff.includes(assignee.id) ? [assignee.id] : desk.length > 0 ? desk : staff
  for (const userId of called)
    notify(change, {
      orgId,
      userId,
      type: 'INBOX_ATTENTION',
      asks: [`reply:${roomId}`],
      people: [id],
      parameters: { customer: fullName, text },
      data: { roomId, messageId },
    })
}
