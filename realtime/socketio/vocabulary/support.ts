// Support. A ticket is told by its own name, in the words of the notification that whoever was away finds.

import { toSnakeCase } from '../../../shared/kit/store/db.ts'
import { notificationChangedEvent, notificationCreatedEvent } from '../../../shared/notifications/events.ts'
import type { Notification } from '../../../shared/notifications/schema.ts'
import { mapEvent, type NamespaceVocabulary } from './mapping.ts'

const NAMES: Readonly<Record<string, string>> = {
  SUPPORT_TICKET_CREATED: 'support:ticket:created',
  SUPPORT_TICKET_UPDATED: 'support:ticket:updated',
  SUPPORT_TICKET_RESOLVED: 'support:ticket:resolved',
  SUPPORT_TICKET_DELETED: 'support:ticket:deleted',
}

export const support: NamespaceVocabulary = {
  hears: [
    mapEvent(notificationCreatedEvent, (notification) => {
      const said = forSupport(notification)
      const name = NAMES[notification.type]
      return name === undefined
        ? [['notification:new', said]]
        : [
            ['notification:new', said],
            [name, said],
          ]
    }),
    mapEvent(notificationChangedEvent, (changed) => [['notification:changed', changed]]),
  ],
  asks: [],
}

function forSupport({
  id,
  type,
  title,
  message,
  data,
  bookingId,
  createdAt,
  priority,
}: Notification): object {
  const ids = Object.entries({ ...data, ...(bookingId && { bookingId }) }).map(([key, value]) => [
    toSnakeCase(key),
    value,
  ])
  return {
    id,
    type: type.toLowerCase(),
    title,
    message,
    data: Object.fromEntries(ids),
    timestamp: createdAt,
    priority,
  }
}
