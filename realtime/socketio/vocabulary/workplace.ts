// Workplace chat: conversations of two and groups. Its clients know messages, not how far somebody has
// read, so that a mark is told as the messages it has come to cover.

import {
  messageChangedEvent,
  messageCreatedEvent,
  messageDeletedEvent,
  messagesDeliveredEvent,
  messagesReadEvent,
  typingEvent,
} from '../../../shared/chat/events.ts'
import type { Attachment } from '../../../shared/files/schema.ts'
import { nameFile, nameForWorkplace, nameRoom } from '../../../shared/chat/names.ts'
import type { Mark, Message, RoomKind } from '../../../shared/chat/schema.ts'
import { presenceChangedEvent } from '../../../shared/users/events.ts'
import { joinCommand, fieldsOf, leaveCommand, sendCommand, typingCommand } from './chat-commands.ts'
import {
  mapEvent,
  type CommandMapping,
  type CommandOutcome,
  type NamespaceVocabulary,
  type Emission,
  type Listener,
  type Emissions,
} from './mapping.ts'

const messageId = (data: unknown): unknown => fieldsOf(data)['messageId']

/** The document's own answer comes with the read mark; only who may not is told by `error`. */
const markAsRead: CommandMapping = {
  name: 'mark_as_read',
  command: (data) => ({ c: 'messages.read', data: { messageId: messageId(data) } }),
}
const deleteMessage: CommandMapping = {
  name: 'delete_message',
  command: (data) => ({ c: 'message.delete', data: { messageId: messageId(data) } }),
  answer: (_done, asked) => ({ messageId: messageId(asked) }),
}

const fileUpload: CommandOutcome = {
  name: 'file_upload',
  file(data) {
    const { file, filename } = fieldsOf(data)
    return { name: filename, bytes: file }
  },
  answer: (attachment: Attachment) => nameFile(attachment),
  says: 'file_upload_response',
  refused: (message) => ['file_upload_response', { error: message }],
}

export const workplaceChat: NamespaceVocabulary = {
  hears: [
    mapEvent(messageCreatedEvent, (message, _at, to) =>
      inRoom(to, message.roomId, (room) => [['message_received', ofWorkplace(message, room)]]),
    ),
    // Not in the document.
    mapEvent(messageChangedEvent, (message, _at, to) =>
      inRoom(to, message.roomId, (room) => [['message_changed', ofWorkplace(message, room)]]),
    ),
    mapEvent(messageDeletedEvent, (deleted, _at, to) =>
      inRoom(to, deleted.roomId, (room) => [['message_deleted', { messageId: deleted.messageId, ...room }]]),
    ),
    mapEvent(messagesDeliveredEvent, (mark, _at, to) =>
      eachOf('delivered', mark, to, (id) => [status(id, 'delivered', mark)]),
    ),
    mapEvent(messagesReadEvent, (mark, _at, to) =>
      eachOf('read', mark, to, (id) => [
        ['message_read', { messageId: id, userId: mark.userId, readAt: mark.at }],
        status(id, 'read', mark),
      ]),
    ),
    mapEvent(typingEvent, async ({ roomId, userId, isTyping }, _at, to) => {
      if (userId === to.id) return []
      const username = await to.knowledge.nameOf(to.orgId, userId)
      return inRoom(to, roomId, (room) => [['user_typing', { userId, username, isTyping, ...room }]])
    }),
    mapEvent(presenceChangedEvent, ({ userId, isOnline }, at) => [
      [isOnline ? 'user_online' : 'user_offline', { userId, isOnline, lastSeen: at }],
    ]),
  ],
  asks: [
    sendCommand(
      'send_message',
      ({ attachments }) => ({ attachments: idsOf(attachments) }),
      (message: Message, asked) => ofWorkplace(message, keyIn(asked)),
    ),
    typingCommand('typing'),
    markAsRead,
    deleteMessage,
    fileUpload,
    joinCommand('join_conversation'),
    leaveCommand('leave_conversation'),
    joinCommand('join_group'),
    leaveCommand('leave_group'),
  ],
}

type RoomKey = Readonly<Record<string, unknown>>

/** As it was asked. */
function keyIn(asked: unknown): RoomKey {
  const { conversationId, groupId } = fieldsOf(asked)
  return {
    ...(conversationId !== undefined && { conversationId }),
    ...(groupId !== undefined && { groupId }),
  }
}

function inRoom(
  to: Listener,
  roomId: string,
  says: (room: RoomKey) => Emissions,
): Emissions | Promise<Emissions> {
  const kind = to.knowledge.kindOf(roomId)
  const spoken = (known: RoomKind): Emissions => says(nameRoom(known, roomId))
  return typeof kind === 'string' ? spoken(kind) : kind.then(spoken)
}

async function eachOf(
  kind: string,
  mark: Mark,
  to: Listener,
  says: (messageId: string) => Emissions,
): Promise<Emissions> {
  return (await to.knowledge.newlyMarked(kind, mark)).flatMap(says)
}

function status(id: string, word: string, { userId }: Mark): Emission {
  return ['message_status_updated', { messageId: id, status: word, userId }]
}

/** Among who has read a message its clients expect who wrote it. */
function ofWorkplace(message: Message, room: RoomKey): object {
  const { senderId, readBy } = message
  return {
    ...message,
    ...room,
    ...nameForWorkplace(message),
    status: message.status.toLowerCase(),
    readBy: senderId === null ? readBy : [senderId, ...readBy],
  }
}

/** Its clients send back what they were answered when they uploaded it. */
function idsOf(attachments: unknown): unknown {
  return Array.isArray(attachments)
    ? attachments.map((each: unknown) => fieldsOf(each)['id'] ?? each)
    : attachments
}
