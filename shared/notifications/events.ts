import { declareEvent } from '../kit/declare/event.ts'
import { Notification, NotificationChange } from './schema.ts'

export const notificationCreatedEvent = declareEvent(
  'notification.created',
  Notification,
  'Somebody is told something; on their own channel.',
  { quotes: ({ data: { messageId } }) => (typeof messageId === 'string' ? messageId : undefined) },
)
export const notificationChangedEvent = declareEvent(
  'notification.changed',
  NotificationChange,
  'Somebody read or deleted what they were told, on some device of theirs, or what was asked of them is settled; on their own channel.',
)
