// After each message in a customer's room: what the desk says by itself, and whom it calls.

import { findMessage } from '../../chat/queries.ts'
import { excerpt } from '../../chat/rules.ts'
import type { Message, Said } from '../../chat/schema.ts'
import { closedSince } from '../../kit/calendar.ts'
import type { Change } from '../../kit/change.ts'
import { fold, wordsOf } from '../../kit/fold.ts'
import { plus } from '../../kit/time.ts'
import { notify } from '../../notifications/actions.ts'
import { listActiveIdsByRole } from '../../users/queries.ts'
import { STAFF_ROLES } from '../../users/schema.ts'
import { attention, conversationChanged } from '../events.ts'
import { matchFaqs } from '../matching.ts'
import { findActiveFaq, findNews, isStaffOnline } from '../queries.ts'
import { CONVERSING, stepFor, type Step } from '../rules.ts'
import type { Attention, ConversationNews, Faq, QuickReply } from '../schema.ts'
import { countFaqAnswer, insertUnanswered, lockConversation, setVote, updateConversation, type ConversationRow, type Offer } from '../table.ts'
import { deskOf, findResponse, sayAcknowledgement, sayFaq, sayOffline, sayResponse, type Desk } from './automatic.ts'
import { staffChannels, tellStaff } from './conversations.ts'

export async function answerMessage(change: Change, { roomId, messageId }: Said): Promise<void> {
  const conversation = await lockConversation(change.db, roomId)
  const message = conversation && await findMessage(change.db, messageId)
  if (!conversation || !message || message.deletedAt) return
  if (message.senderId !== conversation.customerId) return hearStaff(change, conversation, message)
  // Put away meanwhile: whoever did has seen it.
  if ((await findNews(change.db, roomId))?.status !== 'ACTIVE') return
  const chosen = chosenFrom(conversation.offer, message.content)
  if (chosen?.vote) await setVote(change.db, chosen.vote.messageId, chosen.vote.isHelpful)
  if (chosen?.vote?.isHelpful) return updateConversation(change.db, roomId, { offer: null }, change.now)
  await reply(change, conversation, message, chosen)
}

/** A person has answered: nobody waits, and what was offered is past. */
async function hearStaff(change: Change, conversation: ConversationRow, { createdAt }: Message): Promise<void> {
  const { roomId, orgId, waitingSince, lastStaffAt } = conversation
  // Jobs of one room may overtake each other; what a customer wrote after it still waits.
  const isAnswered = waitingSince !== null && waitingSince <= createdAt
  await updateConversation(change.db, roomId, { offer: null, ...(isAnswered && { waitingSince: null }), ...(!isAtOrAfter(lastStaffAt, createdAt) && { lastStaffAt: createdAt }) }, change.now)
  if (isAnswered) await tellStaff(change, conversationChanged, orgId, roomId)
}

async function reply(change: Change, conversation: ConversationRow, message: Message, chosen: Chosen | undefined): Promise<void> {
  const { orgId, roomId, lastStaffAt } = conversation
  const desk = await deskOf(change, conversation)
  const answer = chosen?.reply.callStaff ? undefined : await findAnswer(change, orgId, message, chosen?.reply)
  const hasPersonWritten = lastStaffAt !== null && (lastStaffAt >= message.createdAt || lastStaffAt > plus(change.now, -CONVERSING))
  const step = stepFor({
    isOpen: desk.isOpen, isStaffOnline: await isStaffOnline(change, orgId), answersFaqAfterHours: desk.settings.answerFaqAfterHours ?? false, hasPersonWritten, isOfflineTold: isOfflineTold(desk, conversation, change.now), isAcknowledged: isAtOrAfter(conversation.acknowledgedAt, conversation.waitingSince),
    hasAnswer: answer !== undefined, isChosen: chosen !== undefined,
  })
  const waitingSince = step === 'faq' || isAtOrAfter(lastStaffAt, message.createdAt) ? conversation.waitingSince : conversation.waitingSince ?? message.createdAt
  const isNeeded = chosen?.reply.callStaff === true || (desk.isOpen && step !== 'faq' && !hasPersonWritten && !isAtOrAfter(conversation.attentionAt, conversation.waitingSince))
  await SAY[step](change, conversation, { key: `reply-${message.id}`, desk, answer })
  if (!answer && !chosen) await rememberUnanswered(change, conversation, message)
  await updateConversation(change.db, roomId, {
    waitingSince, ...(step === 'offline' && { offlineToldAt: change.now }), ...(step === 'acknowledge' && { acknowledgedAt: change.now }), ...(isNeeded && { attentionAt: change.now }),
  }, change.now)
  const news = await findNews(change.db, roomId)
  if (!news) return
  if (news.waitingSince && !conversation.waitingSince) change.emit(conversationChanged, staffChannels(orgId), news)
  if (isNeeded) await callStaff(change, orgId, news, { reason: chosen?.vote ? 'unhelpful_answer' : 'unanswered', text: excerpt(message.content) })
}

/** Once per closed period; while it is open and nobody is there, once until a person answers. */
function isOfflineTold({ isOpen, calendar }: Desk, { offlineToldAt, waitingSince }: ConversationRow, now: Date): boolean {
  return isAtOrAfter(offlineToldAt, isOpen ? waitingSince : closedSince(calendar, now) ?? new Date(0))
}

function isAtOrAfter(at: Date | null, since: Date | null): boolean {
  return at !== null && since !== null && at >= since
}

interface Chosen {
  reply: QuickReply
  vote?: { messageId: string; isHelpful: boolean }
}

/** Choosing is saying what stands on the button: so it works for every client, by hand too. */
function chosenFrom(offer: Offer | null, content: string): Chosen | undefined {
  const at = offer?.replies.findIndex(({ text }) => sameWords(text, content)) ?? -1
  const reply = offer?.replies[at]
  const isHelpful = offer?.vote?.isHelpful[at]
  return reply && { reply, ...(offer.vote && isHelpful !== undefined && { vote: { messageId: offer.vote.messageId, isHelpful } }) }
}

function sameWords(one: string, other: string): boolean {
  return wordsOf(fold(one)).join(' ') === wordsOf(fold(other)).join(' ')
}

interface Answer {
  faq: Faq
  score?: number
}

async function findAnswer(change: Change, orgId: string, { content }: Message, chosen: QuickReply | undefined): Promise<Answer | undefined> {
  const named = chosen?.faqId ? await findActiveFaq(change.db, orgId, chosen.faqId) : undefined
  if (named) return { faq: named }
  const [best] = await matchFaqs(change.db, orgId, content)
  return best?.isSure ? { faq: best.faq, score: best.score } : undefined
}

interface Words {
  key: string
  desk: Desk
  answer: Answer | undefined
}

type Say = (change: Change, conversation: ConversationRow, words: Words) => Promise<unknown>

const SAY: Readonly<Record<Step, Say>> = {
  silence: async () => undefined,
  async faq(change, conversation, { key, desk, answer }) {
    if (!answer) return
    const messageId = await sayFaq(change, conversation, desk, answer, key)
    if (messageId) await countFaqAnswer(change.db, { messageId, faqId: answer.faq.id, roomId: conversation.roomId }, change.now)
  },
  async offline(change, conversation, { key, desk }) {
    const response = await findResponse(change, desk, desk.isOpen ? 'no-staff-available' : 'after-hours')
    await (response ? sayResponse(change, conversation, desk, response, key) : sayOffline(change, conversation, desk, key))
  },
  async acknowledge(change, conversation, { key, desk }) {
    const response = await findResponse(change, desk, 'high-load')
    await (response ? sayResponse(change, conversation, desk, response, key) : sayAcknowledgement(change, conversation, desk, key))
  },
}

/** Once, on opening the room. */
export async function welcomeCustomer(change: Change, roomId: string): Promise<void> {
  const conversation = await lockConversation(change.db, roomId)
  if (!conversation || conversation.welcomedAt) return
  const desk = await deskOf(change, conversation)
  const response = await findResponse(change, desk, 'user-joined')
  if (response) await sayResponse(change, conversation, desk, response, 'welcome')
  await updateConversation(change.db, roomId, { welcomedAt: change.now }, change.now)
}

/** Shorter is no question, longer no frequent one. In words. */
const ASKABLE = { fewest: 2, most: 40 }

async function rememberUnanswered(change: Change, { orgId, roomId }: ConversationRow, { content }: Message): Promise<void> {
  const words = [...new Set(wordsOf(fold(content)))].toSorted()
  if (words.length < ASKABLE.fewest || words.length > ASKABLE.most) return
  await insertUnanswered(change.db, { orgId, roomId, key: words.join(' '), text: content }, change.now)
}

/** Whoever has it; else the desk, which is STAFF, and where there is none everybody of the staff. */
async function callStaff(change: Change, orgId: string, { roomId, customer, assignee, waitingSince }: ConversationNews, { reason, text }: Pick<Attention, 'reason' | 'text'>): Promise<void> {
  const { id, fullName, role } = customer
  change.emit(attention, staffChannels(orgId), { roomId, reason, customer: { id, fullName, role }, assigneeId: assignee?.id ?? null, text, waitingSince })
  const staff = await listActiveIdsByRole(change.db, orgId, STAFF_ROLES)
  const desk = await listActiveIdsByRole(change.db, orgId, ['STAFF'])
  const called = assignee && staff.includes(assignee.id) ? [assignee.id] : desk.length > 0 ? desk : staff
  for (const userId of called) await notify(change, { orgId, userId, type: 'INBOX_ATTENTION', parameters: { customer: fullName, text }, data: { roomId } })
}
