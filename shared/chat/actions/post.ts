// Saying something, and changing or taking back what was said.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { AuditAction } from '../../audit/sentences.ts'
import { attachFiles, removeFilesOfMessage } from '../../files/actions.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import { conflict, forbidden, invalid, notFound } from '../../kit/declare/errors.ts'
import { MINUTE, plusMs } from '../../kit/time/time.ts'
import { getOrganisation } from '../../organisations/queries.ts'
import { isStaff, type Actor } from '../../organisations/roles.ts'
import { messageChangedEvent, messageCreatedEvent, messageDeletedEvent } from '../events.ts'
import { fanOutRoomJob, deleteCopiesJob } from '../jobs.ts'
import { getOwnRoom } from '../queries/rooms.ts'
import { cleanContent, mayDelete } from '../rules.ts'
import type { Message, NewMessage } from '../schema.ts'
import { lockRoom } from '../table/rooms.ts'
import { joinAsStaff } from './members.ts'
import { recordRoomEvent } from './publish.ts'
import { findBySender, getOwnMessage } from '../queries/messages.ts'
import {
  insertSystemMessage,
  insertMessage,
  updateMessage,
  type MessageColumns,
  type Posted,
} from '../table/messages.ts'
import { insertMessagesTogether } from '../table/posts-together.ts'

/** How much somebody may say, counted before it is said. @throws AppError 429 */
export async function countMessage(
  { count }: Reading,
  { id, role }: Pick<Actor, 'id' | 'role'>,
): Promise<void> {
  await count(role === 'GUEST' ? 'messages.guest' : 'messages.person', id)
}

/** Files are taken along in statements of their own, and by speaking in a customer's room the staff comes into it. */
export function isOneStatement(
  actor: Pick<Actor, 'role'>,
  { attachments }: Pick<NewMessage, 'attachments'>,
): boolean {
  return !attachments?.length && !isStaff(actor.role)
}

/**
 * One statement (change.ts, makeStatement) where it may be. The same clientMsgId in the same room is the same message: sent again, it is
 * answered as it stands. @throws AppError 404 for whoever is not in the room, 409 when it takes no messages, 422, 429
 */
export async function postMessage(
  change: Change,
  actor: Actor,
  roomId: string,
  ask: NewMessage,
  messageType?: Message['messageType'],
): Promise<Message> {
  await countMessage(change, actor)
  return postCounted(change, actor, roomId, ask, messageType)
}

/** The same where it was counted already. @throws AppError 404, 409, 422 */
export async function postCounted(
  change: Change,
  actor: Actor,
  roomId: string,
  ask: NewMessage,
  messageType?: Message['messageType'],
): Promise<Message> {
  const words = columnsFor(actor, roomId, ask, messageType ?? ask.messageType)
  if (!ask.attachments?.length) return say(change, actor, words)
  // One after the other: whoever sends twice at once finds what the first made, and not files that are taken.
  await lockRoom(change.db, actor.orgId, roomId)
  // Sent again, it has its files already, and they are not free to be taken again.
  if (words.clientMsgId !== null && (await findBySender(change.db, roomId, actor.id, words.clientMsgId)))
    return answerAsBefore(change, actor, words)
  const attachments = await attachFiles(change, actor, ask.attachments, { roomId, messageId: words.id })
  return say(change, actor, {
    ...words,
    attachments,
    messageType: ask.messageType ?? attachments[0]?.kind ?? 'file',
  })
}

export interface Said {
  change: Change
  actor: Actor
  roomId: string
  ask: NewMessage
}

/**
 * What people of one organisation say at the same time, by one statement for all of them, which waits for nobody.
 * @returns undefined for what has to be said alone (postCounted), where it is found why
 */
export async function postMessages(said: readonly Said[]): Promise<(Message | undefined)[]> {
  const [first] = said
  if (!first) return []
  const posts = said.map(({ change, actor, roomId, ask }) => ({
    message: columnsFor(actor, roomId, ask, ask.messageType),
    job: change.makeJob(fanOutRoomJob, { roomId }),
    origin: change.origin,
  }))
  const { change } = first
  const inserted = await insertMessagesTogether(change.db, posts, change.now)
  return posts.map((post) => {
    const posted = inserted.get(post)
    if (posted?.isFirst) change.shipWritten(post.job)
    return posted && asPosted(post.message, posted, posted.seq, change.now)
  })
}

interface SystemMessage {
  senderType: 'bot' | 'system'
  messageType: Message['messageType']
  content: string
  metadata: Record<string, unknown>
  /** What is said under one is said once in the room. */
  clientMsgId: string
}

/** What the system itself says. @returns its id; undefined when it was said before, or the room takes no messages (any more) */
export async function sendSystemMessage(
  change: Change,
  roomId: string,
  words: SystemMessage,
): Promise<string | undefined> {
  const id = randomUUID()
  const posted = await insertSystemMessage(change.db, { ...words, id, roomId }, change.now)
  if (!posted) return undefined
  await recordRoomEvent(change, roomId, messageCreatedEvent, id)
  recordAudit(change, {
    orgId: posted.orgId,
    action: 'message_sent',
    entity: 'message',
    entityId: id,
    metadata: { roomId, seq: posted.seq },
  })
  return id
}

async function say(change: Change, actor: Actor, message: MessageColumns): Promise<Message> {
  const { roomId } = message
  const job = change.makeJob(fanOutRoomJob, { roomId })
  const post = (): ReturnType<typeof insertMessage> =>
    insertMessage(change.db, message, job, change.origin, change.now)
  const posted = (await post()) ?? ((await joinAsStaff(change, actor, roomId)) ? await post() : undefined)
  if (posted === undefined) throw notFound('Room')
  if (posted !== 'again' && posted.isFirst) change.shipWritten(job)
  if (posted !== 'again' && posted.seq !== null) return asPosted(message, posted, posted.seq, change.now)
  return answerAsBefore(change, actor, message)
}

function columnsFor(
  actor: Actor,
  roomId: string,
  ask: NewMessage,
  messageType: Message['messageType'] = 'text',
): MessageColumns {
  return {
    id: randomUUID(),
    roomId,
    senderId: actor.id,
    messageType,
    content: cleanContent(ask.content),
    metadata: ask.metadata ?? null,
    attachments: [],
    replyTo: ask.replyTo ?? null,
    clientMsgId: ask.clientMsgId ?? null,
  }
}

function asPosted(message: MessageColumns, { fullName, role }: Posted, seq: number, now: Date): Message {
  return {
    ...message,
    seq,
    senderType: 'user',
    sender: { id: message.senderId, fullName, role },
    status: 'SENT',
    readBy: [],
    isEdited: false,
    editedAt: null,
    deletedAt: null,
    createdAt: now,
  }
}

/** It was not accepted: because it was before, or the room is closed, or it answers nothing that is here. */
async function answerAsBefore(change: Change, actor: Actor, message: MessageColumns): Promise<Message> {
  const before =
    message.clientMsgId === null
      ? undefined
      : await findBySender(change.db, message.roomId, actor.id, message.clientMsgId)
  if (before && before.content !== message.content && !before.isEdited && !before.deletedAt)
    throw invalid('This clientMsgId was used with another message')
  if (before) return before
  // As it is by now: it may have closed while this message waited for its turn.
  const { status } = await getOwnRoom(change.db, actor, message.roomId)
  if (status !== 'ACTIVE') throw conflict(`The room is ${status} and takes no messages`, 'room_not_active')
  throw invalid('replyTo: there is no such message in the room')
}

/** @throws AppError 404, 403 for a message of somebody else, 409 when it is too late */
export async function editMessage(
  change: Change,
  actor: Actor,
  id: string,
  { content }: { content: string },
): Promise<Message> {
  const message = await lockMessage(change, actor, id)
  if (message.senderId !== actor.id) throw forbidden('Only who wrote a message changes it')
  await mustBeInWindow(change, actor, message)
  await updateMessage(change.db, message, { content: cleanContent(content), editedAt: change.now })
  change.enqueue(deleteCopiesJob, { messageId: id })
  await recordRoomEvent(change, message.roomId, messageChangedEvent, id)
  recordOn(change, actor, message, 'message_edited')
  return getOwnMessage(change.db, actor, id)
}

/** Leaves a tombstone: number, sender and time stay, the text is gone. @throws AppError 404, 403, 409 */
export async function deleteMessage(change: Change, actor: Actor, id: string): Promise<Message> {
  const message = await lockMessage(change, actor, id)
  const { permissions } = await getOwnRoom(change.db, actor, message.roomId)
  if (!mayDelete(actor, message, permissions)) throw forbidden('You may not delete what somebody else wrote')
  if (!mayDelete(actor, { senderId: null }, permissions)) await mustBeInWindow(change, actor, message)
  await updateMessage(change.db, message, { deletedAt: change.now, deletedBy: actor.id })
  await removeFilesOfMessage(change, id, actor.id)
  change.enqueue(deleteCopiesJob, { messageId: id })
  await recordRoomEvent(change, message.roomId, messageDeletedEvent, id)
  recordOn(change, actor, message, 'message_deleted')
  return getOwnMessage(change.db, actor, id)
}

/** Behind the lock of its room, so that a change and a deletion of it come one after the other. */
async function lockMessage(change: Change, actor: Actor, id: string): Promise<Message> {
  const { roomId } = await getOwnMessage(change.db, actor, id)
  await lockRoom(change.db, actor.orgId, roomId)
  const message = await getOwnMessage(change.db, actor, id)
  if (message.deletedAt) throw conflict('The message was deleted', 'message_deleted')
  return message
}

/** From sending; a setting of the organisation (`messageWindowMinutes`). */
const WINDOW_MINUTES = 24 * 60

async function mustBeInWindow(change: Change, actor: Actor, message: Message): Promise<void> {
  const { settings } = await getOrganisation(change.db, actor.orgId)
  const until = plusMs(message.createdAt, (settings.messageWindowMinutes ?? WINDOW_MINUTES) * MINUTE)
  if (change.now >= until) throw conflict('It is too late to change this message', 'too_late')
}

function recordOn(change: Change, actor: Actor, message: Message, action: AuditAction): void {
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action,
    entity: 'message',
    entityId: message.id,
    metadata: { roomId: message.roomId, seq: message.seq, senderId: message.senderId },
  })
}
