// Workplace chat (requirements 2): conversations of two and groups. Its clients know messages, not how far somebody has
// read, so that a mark is told as the messages it has come to cover.

import { messageChanged, messageCreated, messageDeleted, messagesDelivered, messagesRead, typing } from '../../../shared/chat/events.ts'
import type { Attachment } from '../../../shared/files/schema.ts'
import { nameFile, nameForWorkplace, nameRoom } from '../../../shared/chat/names.ts'
import type { Mark, Message, RoomKind } from '../../../shared/chat/schema.ts'
import { presenceChanged } from '../../../shared/users/events.ts'
import { entering, fieldsOf, leaving, saying, typingAs } from './chat-commands.ts'
import { told, type Asked, type Carried, type Dialect, type Emission, type Listener, type Spoken } from './row.ts'

const messageId = (data: unknown): unknown => fieldsOf(data)['messageId']

/** The document's own answer comes with the read mark; only who may not is told by `error`. */
const markAsRead: Asked = { name: 'mark_as_read', command: (data) => ({ c: 'messages.read', data: { messageId: messageId(data) } }) }
const deleteMessage: Asked = { name: 'delete_message', command: (data) => ({ c: 'message.delete', data: { messageId: messageId(data) } }), answer: (_done, asked) => ({ messageId: messageId(asked) }) }

const fileUpload: Carried = {
  name: 'file_upload',
  file(data) {
    const { file, filename } = fieldsOf(data)
    return { name: filename, bytes: file }
  },
  answer: (attachment: Attachment) => nameFile(attachment),
  says: 'file_upload_response',
  refused: (message) => ['file_upload_response', { error: message }],
}

export const workplaceChat: Dialect = {
  hears: [
    told(messageCreated, (message, _at, to) => inRoom(to, message.roomId, (room) => [['message_received', ofWorkplace(message, room)]])),
    // Not in the document.
    told(messageChanged, (message, _at, to) => inRoom(to, message.roomId, (room) => [['message_changed', ofWorkplace(message, room)]])),
    told(messageDeleted, (deleted, _at, to) => inRoom(to, deleted.roomId, (room) => [['message_deleted', { messageId: deleted.messageId, ...room }]])),
    told(messagesDelivered, (mark, _at, to) => eachOf('delivered', mark, to, (id) => [status(id, 'delivered', mark)])),
    told(messagesRead, (mark, _at, to) => eachOf('read', mark, to, (id) => [
      ['message_read', { messageId: id, userId: mark.userId, readAt: mark.at }], status(id, 'read', mark),
    ])),
    told(typing, async ({ roomId, userId, isTyping }, _at, to) => {
      if (userId === to.id) return []
      const username = await to.knowledge.nameOf(to.orgId, userId)
      return inRoom(to, roomId, (room) => [['user_typing', { userId, username, isTyping, ...room }]])
    }),
    told(presenceChanged, ({ userId, isOnline }, at) => [[isOnline ? 'user_online' : 'user_offline', { userId, isOnline, lastSeen: at }]]),
  ],
  asks: [
    saying('send_message', ({ attachments }) => ({ attachments: idsOf(attachments) }), (message: Message, asked) => ofWorkplace(message, keyIn(asked))),
    typingAs('typing'),
    markAsRead, deleteMessage, fileUpload,
    entering('join_conversation'), leaving('leave_conversation'), entering('join_group'), leaving('leave_group'),
  ],
}

type RoomKey = Readonly<Record<string, unknown>>

/** As it was asked. */
function keyIn(asked: unknown): RoomKey {
  const { conversationId, groupId } = fieldsOf(asked)
  return { ...(conversationId !== undefined && { conversationId }), ...(groupId !== undefined && { groupId }) }
}

function inRoom(to: Listener, roomId: string, says: (room: RoomKey) => Spoken): Spoken | Promise<Spoken> {
  const kind = to.knowledge.kindOf(roomId)
  const spoken = (known: RoomKind): Spoken => says(nameRoom(known, roomId))
  return typeof kind === 'string' ? spoken(kind) : kind.then(spoken)
}

async function eachOf(kind: string, mark: Mark, to: Listener, says: (messageId: string) => Spoken): Promise<Spoken> {
  return (await to.knowledge.newlyMarked(kind, mark)).flatMap(says)
}

function status(id: string, word: string, { userId }: Mark): Emission {
  return ['message_status_updated', { messageId: id, status: word, userId }]
}

/** Among who has read a message its clients expect who wrote it. */
function ofWorkplace(message: Message, room: RoomKey): object {
  const { senderId, readBy } = message
  return { ...message, ...room, ...nameForWorkplace(message), status: message.status.toLowerCase(), readBy: senderId === null ? readBy : [senderId, ...readBy] }
}

/** Its clients send back what they were answered when they uploaded it. */
function idsOf(attachments: unknown): unknown {
  return Array.isArray(attachments) ? attachments.map((each: unknown) => fieldsOf(each)['id'] ?? each) : attachments
}
