// Customers' rooms: how they are opened, whose they are, and how they end and begin again.

import { emitFact } from '../../notifications/actions/facts.ts'
import { recordAudit } from '../../audit/actions.ts'
import { joinAsStaff } from '../../chat/actions/members.ts'
import { archiveRoom, openRoom, reopenRoom } from '../../chat/actions/rooms.ts'
import { recordRoomEvent } from '../../chat/actions/publish.ts'
import { roomChangedEvent } from '../../chat/events.ts'
import type { OwnRoom } from '../../chat/schema.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, forbidden, invalid, notFound } from '../../kit/declare/errors.ts'
import { roleChannel } from '../../kit/declare/event.ts'
import { notify, settleNotifications } from '../../notifications/actions/notify.ts'
import { lockUserForWork } from '../../users/actions/hold.ts'
import { changeContact } from '../../users/actions/people.ts'
import { findUser, listActiveIdsByRole } from '../../users/queries.ts'
import { findByEmailOrPhone } from '../../users/accounts.ts'
import type { User } from '../../users/schema.ts'
import { attentionEvent, conversationChangedEvent, conversationOpenedEvent } from '../events.ts'
import { answerMessageJob, welcomeCustomerJob } from '../jobs.ts'
import { findNews, getConversation, openedRoom } from '../queries/conversations.ts'
import type {
  Conversation,
  ConversationNews,
  ConversationPatch,
  ListedRoom,
  NewCustomerRoom,
} from '../schema.ts'
import { insertConversation, lockConversation, lockConversationsOf, updateConversation } from '../table.ts'
import { isOfOrganisation, isStaff, STAFF_ROLES, type Actor } from '../../organisations/roles.ts'

/** One room for each customer, reactivated if it was archived. @throws AppError 404, 403, 422 */
export async function openCustomerRoom(change: Change, actor: Actor, ask: NewCustomerRoom): Promise<string> {
  const customer = isStaff(actor.role) ? await findCustomer(change, actor, ask) : actor
  if (isOfOrganisation(customer.role))
    throw forbidden(
      'Customers and guests talk to the organisation here; colleagues have conversations and groups',
    )
  if (customer.id === actor.id && customer.role === 'GUEST')
    await changeContact(change, actor, contactIn(ask))
  const roomId = await openRoom(
    change,
    {
      orgId: actor.orgId,
      kind: 'SUPPORT',
      name: customer.fullName,
      onlyKey: `customer|${customer.id}`,
      isOpenToStaff: true,
      then: answerMessageJob,
    },
    [{ userId: customer.id, roleInRoom: 'customer' }],
    actor.id,
  )
  const isNew = await insertConversation(
    change.db,
    { roomId, orgId: actor.orgId, customerId: customer.id },
    change.now,
  )
  if (isNew) change.enqueue(welcomeCustomerJob, { roomId })
  const isBack = await beginAnew(change, actor, roomId)
  if (isNew || isBack) await emitConversation(change, conversationOpenedEvent, actor.orgId, roomId)
  return roomId
}

function contactIn({ userEmail, userPhone }: NewCustomerRoom): {
  contactEmail?: string
  contactPhone?: string
} {
  return {
    ...(userEmail && { contactEmail: userEmail }),
    ...(userPhone?.trim() && { contactPhone: userPhone.trim() }),
  }
}

async function findCustomer(
  change: Change,
  actor: Actor,
  { userId, userEmail, userPhone }: NewCustomerRoom,
): Promise<User> {
  const key = userEmail ?? userPhone
  if (!userId && !key) throw invalid('userId, userEmail or userPhone names the customer')
  const found = userId
    ? await findUser(change.db, actor.orgId, userId)
    : await findByEmailOrPhone(change.db, actor.orgId, key ?? '')
  if (!found?.isActive || found.orgId !== actor.orgId) throw notFound('User')
  return found
}

/** Takes it on, hands it over, or lets go of it. @throws AppError 404, 422 */
export async function assignConversation(
  change: Change,
  actor: Actor,
  roomId: string,
  assigneeId: string | null,
): Promise<Conversation> {
  await lockConversation(change.db, roomId)
  const before = await getConversation(change, actor, roomId)
  if (assigneeId !== null) await bringInStaff(change, actor, roomId, assigneeId)
  if ((before.assignee?.id ?? null) === assigneeId) return getConversation(change, actor, roomId)
  await updateConversation(change.db, roomId, { assigneeId }, change.now)
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'conversation_assigned',
    entity: 'room',
    entityId: roomId,
    metadata: { roomId, from: before.assignee?.id ?? null, to: assigneeId },
  })
  await emitConversation(change, conversationChangedEvent, actor.orgId, roomId)
  if (assigneeId !== null) await settleNotifications(change, [`reply:${roomId}`])
  if (assigneeId !== null && assigneeId !== actor.id) tellAssignee(change, actor, before, assigneeId)
  return getConversation(change, actor, roomId)
}

/** Of somebody who left, or is not of the staff any more: they wait for the others, who are told. @param actorId absent: the system */
export async function releaseConversations(
  change: Change,
  { orgId, userId, actorId }: { orgId: string; userId: string; actorId?: string | undefined },
  name: string,
): Promise<void> {
  const held = await lockConversationsOf(change.db, orgId, userId)
  for (const { roomId } of held) {
    await updateConversation(change.db, roomId, { assigneeId: null }, change.now)
    recordAudit(change, {
      orgId,
      ...(actorId && { actorId }),
      action: 'conversation_assigned',
      entity: 'room',
      entityId: roomId,
      metadata: { roomId, from: userId, to: null },
    })
    await emitConversation(change, conversationChangedEvent, orgId, roomId)
  }
  if (held.length === 0) return
  const staff = await listActiveIdsByRole(change.db, orgId, STAFF_ROLES)
  for (const each of staff.filter((id) => id !== actorId)) {
    notify(change, {
      orgId,
      userId: each,
      type: 'CONVERSATIONS_UNASSIGNED',
      asks: held.map(({ roomId }) => `reply:${roomId}` as const),
      data: { roomIds: held.map(({ roomId }) => roomId) },
      parameters: { subject: name, number: String(held.length) },
    })
  }
}

/** Whom somebody takes care of goes to another of the staff. @returns how many went */
export async function handOverConversations(
  change: Change,
  actor: Actor,
  userId: string,
  to: Pick<User, 'id' | 'isActive' | 'role'>,
): Promise<number> {
  if (!to.isActive || !isStaff(to.role)) return 0
  const held = await lockConversationsOf(change.db, actor.orgId, userId)
  for (const { roomId } of held) await assignConversation(change, actor, roomId, to.id)
  return held.length
}

async function bringInStaff(change: Change, actor: Actor, roomId: string, userId: string): Promise<void> {
  const assignee = await lockUserForWork(change, actor.orgId, userId)
  if (!assignee?.isActive || !isStaff(assignee.role))
    throw invalid('assigneeId: there is no such person of the staff')
  await joinAsStaff(change, actor, roomId, userId)
}

/** @throws AppError 404 */
export async function changeConversation(
  change: Change,
  actor: Actor,
  roomId: string,
  patch: ConversationPatch,
): Promise<Conversation> {
  await getConversation(change, actor, roomId)
  await updateConversation(change.db, roomId, patch, change.now)
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'conversation_changed',
    entity: 'room',
    entityId: roomId,
    metadata: { roomId, fields: Object.keys(patch) },
  })
  await emitConversation(change, conversationChangedEvent, actor.orgId, roomId)
  return getConversation(change, actor, roomId)
}

/** What its customer thinks of the help, once it is closed; again until it is opened again. @throws AppError 404, 403, 409 */
export async function rateConversation(
  change: Change,
  actor: Actor,
  roomId: string,
  rating: number,
): Promise<ListedRoom> {
  const conversation = await lockConversation(change.db, roomId)
  const room = await openedRoom(change, actor, roomId)
  if (conversation?.customerId !== actor.id) throw forbidden('Only its customer rates a conversation')
  if (room.status === 'ACTIVE') throw conflict('Only a closed conversation can be rated', 'not_closed')
  if (conversation.rating === rating) return room
  await updateConversation(change.db, roomId, { rating }, change.now)
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'conversation_rated',
    entity: 'room',
    entityId: roomId,
    metadata: { roomId, rating },
  })
  await recordRoomEvent(change, roomId, roomChangedEvent)
  await emitConversation(change, conversationChangedEvent, actor.orgId, roomId)
  return { ...room, rating }
}

/** Any room; of a customer's the staff is told, too. @throws AppError 404, 403 */
export async function archiveConversation(change: Change, actor: Actor, roomId: string): Promise<OwnRoom> {
  const room = await archiveRoom(change, actor, roomId)
  await settleNotifications(change, [`reply:${roomId}`])
  await emitConversation(change, conversationChangedEvent, actor.orgId, roomId)
  return room
}

/** What is open again has not been rated yet. @returns whether it was archived */
async function beginAnew(change: Change, actor: Actor, roomId: string): Promise<boolean> {
  // Before its room, as everywhere.
  await lockConversation(change.db, roomId)
  const isBack = await reopenRoom(change, actor, roomId)
  if (isBack) await updateConversation(change.db, roomId, { rating: null }, change.now)
  return isBack
}

/** Reactivates a conversation that was archived. Twice is once. @throws AppError 404 */
export async function reopenConversation(
  change: Change,
  actor: Actor,
  roomId: string,
): Promise<Conversation> {
  await getConversation(change, actor, roomId)
  if (await beginAnew(change, actor, roomId))
    await emitConversation(change, conversationOpenedEvent, actor.orgId, roomId)
  return getConversation(change, actor, roomId)
}

function tellAssignee(
  change: Change,
  actor: Actor,
  { id: roomId, customer, waitingSince, lastMessage }: Conversation,
  assigneeId: string,
): void {
  const { id, fullName, role } = customer
  change.emit(attentionEvent, staffChannels(actor.orgId), {
    roomId,
    reason: 'assigned',
    customer: { id, fullName, role },
    assigneeId,
    messageId: lastMessage?.id ?? null,
    text: lastMessage?.content ?? '',
    waitingSince,
  })
  notify(change, {
    orgId: actor.orgId,
    userId: assigneeId,
    type: 'INBOX_ASSIGNED',
    asks: [`reply:${roomId}`],
    people: [actor.id, customer.id],
    parameters: { sender: actor.fullName, customer: fullName },
    data: { roomId },
  })
}

export async function emitConversation(
  change: Change,
  event: typeof conversationChangedEvent,
  orgId: string,
  roomId: string,
): Promise<void> {
  const news = await findNews(change.db, roomId)
  if (news) emitNews(change, event, orgId, news)
}

export function emitNews(
  change: Change,
  event: typeof conversationChangedEvent,
  orgId: string,
  news: ConversationNews,
): void {
  emitFact(change, event, { orgId, id: news.roomId }, staffChannels(orgId), news)
}

export const staffChannels = (orgId: string): string[] => STAFF_ROLES.map((role) => roleChannel(orgId, role))
