// Chat of customers with the organisation: what a customer writes, what the staff and the desk answer.

import {
  messageChangedEvent,
  messageCreatedEvent,
  messageDeletedEvent,
  messagesReadEvent,
  typingEvent,
} from '../../../shared/chat/events.ts'
import type { Message } from '../../../shared/chat/schema.ts'
import {
  attentionEvent,
  conversationChangedEvent,
  conversationOpenedEvent,
} from '../../../shared/inbox/events.ts'
import { joinCommand, fieldsOf, leaveCommand, roomIn, sendCommand, typingCommand } from './chat-commands.ts'
import { mapUnderOwnName, mapEvent, type CommandMapping, type NamespaceVocabulary } from './mapping.ts'

const readMessages: CommandMapping = {
  name: 'chat:read-messages',
  command: (data) => ({
    c: 'messages.read',
    data: { roomId: roomIn(data), messageIds: fieldsOf(data)['messageIds'] },
  }),
}

export const customerChat: NamespaceVocabulary = {
  hears: [
    mapEvent(messageCreatedEvent, (message) => [[nameOf(message), ofCustomerChat(message)]]),
    // Not in the document.
    mapEvent(messageChangedEvent, (message) => [['chat:message-changed', ofCustomerChat(message)]]),
    mapEvent(messageDeletedEvent, (deleted) => [['chat:message-deleted', deleted]]),
    mapEvent(messagesReadEvent, async (mark, _at, to) => {
      const messageIds = await to.knowledge.newlyMarked('read', mark)
      return messageIds.length > 0
        ? [['chat:messages-read', { roomId: mark.roomId, userId: mark.userId, messageIds }]]
        : []
    }),
    mapEvent(typingEvent, ({ roomId, userId, isTyping }, _at, to) =>
      userId === to.id ? [] : [['chat:user-typing', { roomId, userId, isTyping }]],
    ),
    mapEvent(conversationOpenedEvent, (news) => [['chat:new-conversation', { ...news, _id: news.roomId }]]),
    mapUnderOwnName(conversationChangedEvent),
    mapUnderOwnName(attentionEvent),
  ],
  asks: [
    joinCommand('chat:join-room'),
    leaveCommand('chat:leave-room'),
    sendCommand('chat:send-message', () => ({}), ofCustomerChat),
    typingCommand('chat:typing'),
    readMessages,
  ],
}

function nameOf({ senderType, messageType }: Message): string {
  if (messageType === 'faq_response') return 'chat:faq-response'
  return senderType === 'bot' ? 'chat:auto-response' : 'chat:new-message'
}

/** `_id` is what its clients read. */
function ofCustomerChat(message: Message): object {
  const { id, sender, metadata, createdAt } = message
  const quickReplies = metadata?.['quickReplies']
  return {
    ...message,
    _id: id,
    senderName: sender?.fullName ?? null,
    senderType: sideOf(message),
    ...(Array.isArray(quickReplies) && { quickReplies }),
    timestamp: createdAt,
  }
}

/** There a person is either a customer or of the staff. */
function sideOf({ sender, senderType }: Message): string {
  if (!sender) return senderType
  return sender.role === 'CUSTOMER' || sender.role === 'GUEST' ? 'customer' : 'staff'
}
