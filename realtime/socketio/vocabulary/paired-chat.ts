// Chat in pairs (requirements 3): a customer, an owner, an admin, two at a time. Its messages are spelled in snake_case.

import { messageChanged, messageCreated, messageDeleted, messagesRead, typing } from '../../../shared/chat/events.ts'
import { withFile } from '../../../shared/chat/rules.ts'
import type { Message } from '../../../shared/chat/schema.ts'
import { snake } from '../../../shared/kit/db.ts'
import { entering, leaving, reading, saying, typingAs } from './chat-commands.ts'
import { told, type Dialect } from './row.ts'

export const pairedChat: Dialect = {
  hears: [
    told(messageCreated, (message) => [['new_message', ofPair(message)]]),
    // Not in the document.
    told(messageChanged, (message) => [['message_changed', ofPair(message)]]),
    told(messageDeleted, ({ roomId, messageId, deletedBy }) => [['message_deleted', { messageId, deletedBy, roomId }]]),
    told(messagesRead, ({ roomId, userId }) => [['messages_read', { userId, roomId }]]),
    told(typing, ({ roomId, userId, isTyping }, _at, to) => (userId === to.id ? [] : [['user_typing', { userId, roomId, isTyping }]])),
  ],
  asks: [
    saying('send_message', ({ type, message_type, reply_to, client_msg_id, metadata, file_url, file_name, file_size, ...given }) => ({
      messageType: type ?? message_type ?? given['messageType'], replyTo: reply_to ?? given['replyTo'], clientMsgId: client_msg_id ?? given['clientMsgId'],
      metadata: metadata !== undefined && metadata !== null && typeof metadata !== 'object' ? metadata : withFile(metadata ?? undefined, { fileUrl: file_url, fileName: file_name, fileSize: file_size }),
    }), ofPair),
    entering('join_room', 'joined_room'),
    leaving('leave_room', 'left_room'),
    reading('mark_messages_read'),
    typingAs('typing_start', true),
    typingAs('typing_stop', false),
  ],
}

function ofPair(message: Message): object {
  const { attachments: [first], metadata, sender } = message
  const { fileUrl = first?.url, fileName = first?.name, fileSize = first?.size } = metadata ?? {}
  return {
    id: message.id, chat_room_id: message.roomId, seq: message.seq, sender_id: message.senderId, sender_type: message.senderType,
    sender: sender && { id: sender.id, ...namesOf(sender.fullName), role: sender.role },
    content: message.content, type: message.messageType, status: message.status.toLowerCase(), read_by: message.readBy, metadata,
    file_url: fileUrl ?? null, file_name: fileName ?? null, file_size: fileSize ?? null,
    attachments: message.attachments.map(spelledSnake), reply_to: message.replyTo, client_msg_id: message.clientMsgId,
    is_edited: message.isEdited, edited_at: message.editedAt, created_at: message.createdAt, updated_at: message.editedAt ?? message.createdAt,
  }
}

/**
 * Clients put first_name before a message, some with last_name behind it. A Vietnamese name begins with the family and ends
 * with what people are called, an English one is the other way round, and nothing says which it is: the whole name is
 * right for every reader, and half of it is wrong for some.
 */
function namesOf(fullName: string): object {
  return { first_name: fullName, last_name: '', full_name: fullName }
}

function spelledSnake(thing: object): object {
  return Object.fromEntries(Object.entries(thing).map(([key, value]) => [snake(key), value]))
}
