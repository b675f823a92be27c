// Support (requirements 4).

import { snake } from '../../../shared/kit/db.ts'
import { notificationCreated } from '../../../shared/notifications/events.ts'
import type { Notification } from '../../../shared/notifications/schema.ts'
import { told, type Dialect } from './row.ts'

export const support: Dialect = {
  hears: [told(notificationCreated, (notification) => [['notification:new', forSupport(notification)]])],
  asks: [],
}

function forSupport({ id, type, title, message, data, bookingId, createdAt, priority }: Notification): object {
  const ids = Object.entries({ ...data, ...(bookingId && { bookingId }) }).map(([key, value]) => [snake(key), value])
  return { id, type: type.toLowerCase(), title, message, data: Object.fromEntries(ids), timestamp: createdAt, priority }
}
