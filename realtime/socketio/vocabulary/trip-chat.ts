// Chat of a trip: what an employee and the driver say on the way.

import {
  messageChangedEvent,
  messageCreatedEvent,
  messageDeletedEvent,
  messagesReadEvent,
  typingEvent,
} from '../../../shared/chat/events.ts'
import type { Message } from '../../../shared/chat/schema.ts'
import { joinCommand, readCommand, roomIn, sendCommand, typingCommand } from './chat-commands.ts'
import { mapEvent, type NamespaceVocabulary } from './mapping.ts'

export const tripChat: NamespaceVocabulary = {
  hears: [
    mapEvent(messageCreatedEvent, (message) => [['newMessage', ofTrip(message)]]),
    // Not in the document, which knows no message that changes; who does not listen for them misses nothing else.
    mapEvent(messageChangedEvent, (message) => [['messageChanged', ofTrip(message)]]),
    mapEvent(messageDeletedEvent, ({ roomId, messageId, deletedAt }) => [
      ['messageDeleted', { chatRoomId: roomId, messageId, deletedAt }],
    ]),
    mapEvent(messagesReadEvent, ({ roomId, userId }) => [
      ['messagesRead', { chatRoomId: roomId, readBy: userId }],
    ]),
    mapEvent(typingEvent, ({ roomId, userId, isTyping }, _at, to) =>
      userId === to.id ? [] : [['userTyping', { chatRoomId: roomId, userId, isTyping }]],
    ),
  ],
  asks: [
    sendCommand('sendMessage', () => ({}), ofTrip),
    joinCommand('joinRoom', 'joinedRoom', (_done, asked) => ({ chatRoomId: roomIn(asked) })),
    readCommand('markRead'),
    typingCommand('typing'),
  ],
}

function ofTrip(message: Message): object {
  return { ...message, chatRoomId: message.roomId }
}
