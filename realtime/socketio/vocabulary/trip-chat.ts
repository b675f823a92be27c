// Chat of a trip (requirements 1): what an employee and the driver say on the way.

import { messageChanged, messageCreated, messageDeleted, messagesRead, typing } from '../../../shared/chat/events.ts'
import type { Message } from '../../../shared/chat/schema.ts'
import { entering, reading, roomIn, saying, typingAs } from './chat-commands.ts'
import { told, type Dialect } from './row.ts'

export const tripChat: Dialect = {
  hears: [
    told(messageCreated, (message) => [['newMessage', ofTrip(message)]]),
    // Not in the document, which knows no message that changes; who does not listen for them misses nothing else.
    told(messageChanged, (message) => [['messageChanged', ofTrip(message)]]),
    told(messageDeleted, ({ roomId, messageId, deletedAt }) => [['messageDeleted', { chatRoomId: roomId, messageId, deletedAt }]]),
    told(messagesRead, ({ roomId, userId }) => [['messagesRead', { chatRoomId: roomId, readBy: userId }]]),
    told(typing, ({ roomId, userId, isTyping }, _at, to) => (userId === to.id ? [] : [['userTyping', { chatRoomId: roomId, userId, isTyping }]])),
  ],
  asks: [
    saying('sendMessage', () => ({}), ofTrip),
    entering('joinRoom', 'joinedRoom', (_done, asked) => ({ chatRoomId: roomIn(asked) })),
    reading('markRead'),
    typingAs('typing'),
  ],
}

function ofTrip(message: Message): object {
  return { ...message, chatRoomId: message.roomId }
}
