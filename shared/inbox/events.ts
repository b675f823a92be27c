import { declareEvent, declareFact } from '../kit/declare/event.ts'
import { Attention, ConversationNews, FaqChange } from './schema.ts'

export const conversationOpenedEvent = declareFact(
  'inbox.conversation_opened',
  ConversationNews,
  'A customer opened a conversation, or came back to one that was archived. For the staff.',
)
export const conversationChangedEvent = declareFact(
  'inbox.conversation_changed',
  ConversationNews,
  'Its assignee, priority or tags changed, or somebody began or ceased to wait. For the staff.',
)
export const attentionEvent = declareEvent(
  'inbox.attention',
  Attention,
  'A customer needs a person. For the staff.',
  { quotes: ({ messageId }) => messageId },
)
export const faqChangedEvent = declareEvent(
  'faq.changed',
  FaqChange,
  'A frequent question was added, changed or deleted; for the staff, who read it anew: what was deleted shall not stand in the log.',
)
