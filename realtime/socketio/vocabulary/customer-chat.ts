// Chat of customers with the organisation (requirements 5): what a customer writes, what the staff and the desk answer.

import { messageChanged, messageCreated, messageDeleted, messagesRead, typing } from '../../../shared/chat/events.ts'
import type { Message } from '../../../shared/chat/schema.ts'
import { attention, conversationChanged, conversationOpened } from '../../../shared/inbox/events.ts'
import { entering, fieldsOf, leaving, roomIn, saying, typingAs } from './chat-commands.ts'
import { byItsOwnName, told, type Asked, type Dialect } from './row.ts'

const readMessages: Asked = {
  name: 'chat:read-messages',
  command: (data) => ({ c: 'messages.read', data: { roomId: roomIn(data), messageIds: fieldsOf(data)['messageIds'] } }),
}

export const customerChat: Dialect = {
  hears: [
    told(messageCreated, (message) => [[nameOf(message), ofCustomerChat(message)]]),
    // Not in the document.
    told(messageChanged, (message) => [['chat:message-changed', ofCustomerChat(message)]]),
    told(messageDeleted, (deleted) => [['chat:message-deleted', deleted]]),
    told(messagesRead, async (mark, _at, to) => {
      const messageIds = await to.knowledge.newlyMarked('read', mark)
      return messageIds.length > 0 ? [['chat:messages-read', { roomId: mark.roomId, userId: mark.userId, messageIds }]] : []
    }),
    told(typing, ({ roomId, userId, isTyping }, _at, to) => (userId === to.id ? [] : [['chat:user-typing', { roomId, userId, isTyping }]])),
    told(conversationOpened, (news) => [['chat:new-conversation', { ...news, _id: news.roomId }]]),
    byItsOwnName(conversationChanged), byItsOwnName(attention),
  ],
  asks: [
    entering('chat:join-room'), leaving('chat:leave-room'),
    saying('chat:send-message', () => ({}), ofCustomerChat),
    typingAs('chat:typing'), readMessages,
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
  return { ...message, _id: id, senderName: sender?.fullName ?? null, senderType: sideOf(message), ...(Array.isArray(quickReplies) && { quickReplies }), timestamp: createdAt }
}

/** There a person is either a customer or of the staff. */
function sideOf({ sender, senderType }: Message): string {
  if (!sender) return senderType
  return sender.role === 'CUSTOMER' || sender.role === 'GUEST' ? 'customer' : 'staff'
}
