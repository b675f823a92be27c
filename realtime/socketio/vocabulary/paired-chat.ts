// Chat in pairs: a customer, an owner, an admin, two at a time. Its messages are spelled in snake_case.

import {
  messageChangedEvent,
  messageCreatedEvent,
  messageDeletedEvent,
  messagesReadEvent,
  typingEvent,
} from '../../../shared/chat/events.ts'
import { nameForPair } from '../../../shared/chat/names.ts'
import { withFile } from '../../../shared/chat/rules.ts'
import type { Message } from '../../../shared/chat/schema.ts'
import { toSnakeCase } from '../../../shared/kit/store/db.ts'
import { joinCommand, leaveCommand, readCommand, sendCommand, typingCommand } from './chat-commands.ts'
import { mapEvent, type NamespaceVocabulary } from './mapping.ts'

export const pairedChat: NamespaceVocabulary = {
  hears: [
    mapEvent(messageCreatedEvent, (message) => [['new_message', ofPair(message)]]),
    // Not in the document.
    mapEvent(messageChangedEvent, (message) => [['message_changed', ofPair(message)]]),
    mapEvent(messageDeletedEvent, ({ roomId, messageId, deletedBy }) => [
      ['message_deleted', { messageId, deletedBy, roomId }],
    ]),
    mapEvent(messagesReadEvent, ({ roomId, userId }) => [['messages_read', { userId, roomId }]]),
    mapEvent(typingEvent, ({ roomId, userId, isTyping }, _at, to) =>
      userId === to.id ? [] : [['user_typing', { userId, roomId, isTyping }]],
    ),
  ],
  asks: [
    sendCommand(
      'send_message',
      ({
        type,
        message_type,
        reply_to,
        client_msg_id,
        metadata,
        file_url,
        file_name,
        file_size,
        ...given
      }) => ({
        messageType: type ?? message_type ?? given['messageType'],
        replyTo: reply_to ?? given['replyTo'],
        clientMsgId: client_msg_id ?? given['clientMsgId'],
        metadata:
          metadata !== undefined && metadata !== null && typeof metadata !== 'object'
            ? metadata
            : withFile(metadata ?? undefined, {
                fileUrl: file_url,
                fileName: file_name,
                fileSize: file_size,
              }),
      }),
      ofPair,
    ),
    joinCommand('join_room', 'joined_room'),
    leaveCommand('leave_room', 'left_room'),
    readCommand('mark_messages_read'),
    typingCommand('typing_start', true),
    typingCommand('typing_stop', false),
  ],
}

function ofPair(message: Message): object {
  const said = { ...message, ...nameForPair(message) }
  return {
    ...spelledSnake(said),
    status: said.status.toLowerCase(),
    sender: said.sender && spelledSnake(said.sender),
    attachments: said.attachments.map(spelledSnake),
  }
}

function spelledSnake(thing: object): object {
  return Object.fromEntries(Object.entries(thing).map(([key, value]) => [toSnakeCase(key), value]))
}
