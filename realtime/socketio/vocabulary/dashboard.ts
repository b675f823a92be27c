// Business dashboard.

import {
  approvalDecidedEvent,
  approvalExpiredEvent,
  approvalRemindedEvent,
  approvalRequestedEvent,
  approvalStepDecidedEvent,
} from '../../../shared/approvals/events.ts'
import { auditRecordedEvent } from '../../../shared/audit/events.ts'
import type { AuditRow } from '../../../shared/audit/schema.ts'
import { bookingChangedEvent, bookingCreatedEvent } from '../../../shared/bookings/events.ts'
import type { Booking } from '../../../shared/bookings/schema.ts'
import { EVENT_TYPES } from '../../../shared/integrations/schema.ts'
import { notificationChangedEvent, notificationCreatedEvent } from '../../../shared/notifications/events.ts'
import type { Notification } from '../../../shared/notifications/schema.ts'
import { fieldsOf } from './chat-commands.ts'
import { customerChat } from './customer-chat.ts'
import { mapUnderOwnName, mapEvent, type NamespaceVocabulary, type Emissions } from './mapping.ts'

export const dashboard: NamespaceVocabulary = {
  hears: [
    mapEvent(notificationCreatedEvent, (notification) => [
      ['notification:new', forDashboard(notification)],
      ...fromOutside(notification),
    ]),
    mapEvent(notificationChangedEvent, (changed) => [['notification:changed', changed]]),
    mapUnderOwnName(bookingCreatedEvent, withMessage),
    mapUnderOwnName(bookingChangedEvent, withMessage),
    mapUnderOwnName(approvalRequestedEvent),
    mapUnderOwnName(approvalRemindedEvent),
    mapUnderOwnName(approvalDecidedEvent),
    mapUnderOwnName(approvalStepDecidedEvent),
    mapUnderOwnName(approvalExpiredEvent),
    ...customerChat.hears,
    mapEvent(auditRecordedEvent, (row) => [['audit:log', forLog(row)]]),
  ],
  asks: customerChat.asks,
}

/** There `type` is what it is about: booking, payment, … */
function forDashboard(notification: Notification): object {
  return {
    ...notification,
    type: notification.category,
    event: notification.type,
    timestamp: notification.createdAt,
  }
}

/** What another program told, by its own name. */
function fromOutside({ title, message, priority, createdAt, data }: Notification): Emissions {
  const name = EVENT_TYPES.find((type) => type === data['event'])
  return name
    ? [[name, { ...fieldsOf(data['payload']), title, message, priority, timestamp: createdAt }]]
    : []
}

function forLog({ at, ...row }: AuditRow): object {
  return { type: 'audit', ...row, timestamp: at }
}

/** A dashboard shows `message`; code, day and time read the same in every language. */
function withMessage(booking: Booking): object {
  return { ...booking, message: `${booking.bookingCode}, ${booking.scheduledDate} ${booking.scheduledTime}` }
}
