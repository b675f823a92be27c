// A notification is the fact that somebody was to be told; a delivery is an attempt to reach them over one channel.

import { choice, id, instant, line, nullable, opaque, shape, Type, type Static } from '../kit/schema.ts'

export const CATEGORIES = ['booking', 'approval', 'chat', 'support', 'payment', 'client', 'appointment', 'staff', 'inventory', 'system', 'audit'] as const
export type Category = (typeof CATEGORIES)[number]
export const PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const
export type Priority = (typeof PRIORITIES)[number]
export const CHANNELS = ['IN_APP', 'APP_PUSH', 'EMAIL', 'WEBHOOK', 'SMS', 'AUTO_CALL'] as const
export type Channel = (typeof CHANNELS)[number]
export const DELIVERY_STATUSES = ['PENDING', 'SENT', 'DELIVERED', 'FAILED', 'SKIPPED'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

export const Notification = shape({
  id: id('Notification.'),
  userId: id('Who is told.'),
  category: choice(CATEGORIES, 'What it is about.'),
  type: line('What happened, e.g. APPROVAL_REQUIRED.'),
  title: line('In the language of whoever is told.'),
  message: Type.String({ description: 'In the language of whoever is told.' }),
  data: opaque('Ids to go on with.'),
  priority: choice(PRIORITIES, 'urgent passes quiet hours.'),
  bookingId: nullable(id('The booking it is about.')),
  readAt: nullable(instant('When it was read.')),
  createdAt: instant('When it happened.'),
})
export type Notification = Static<typeof Notification>

export const UnreadCount = shape({ count: Type.Integer({ description: 'Unread notifications.' }) })
export const Marked = shape({ count: Type.Integer({ description: 'How many were marked.' }) })
