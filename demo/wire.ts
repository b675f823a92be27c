// What the demonstration's people see of Bellhop: its shapes after JSON, and the events of a booking's day.

import type { EventContext, EventMap } from '../client/src/socket/connect.ts'
import type { Wire } from '../client/src/socket/wire.ts'
import type { Approval, Delegation, RoutePlan } from '../shared/approvals/schema.ts'
import type { Booking } from '../shared/bookings/schema.ts'
import type { Notification } from '../shared/notifications/schema.ts'
import type { User } from '../shared/users/schema.ts'

export type BookingSeen = Wire<Booking>
export type ApprovalSeen = Wire<Approval>
export type NotificationSeen = Wire<Notification>
export type DelegationSeen = Wire<Delegation>
export type UserSeen = Wire<User>
export type RouteSeen = Wire<RoutePlan> & { approvalType: Approval['approvalType']; status: string }

export const EVENT_NAMES = [
  'booking.created',
  'booking.changed',
  'approval.requested',
  'approval.reminded',
  'approval.decided',
  'approval.expired',
  'notification.created',
] as const
export type EventName = (typeof EVENT_NAMES)[number]
export type EventData = Pick<EventMap, EventName>

export interface SeenEvent extends Pick<EventContext, 'id' | 'ch'> {
  ev: EventName
  data: EventData[EventName]
}

/** The booking that an event is about; null: none. */
export function bookingOf(frame: Pick<SeenEvent, 'ev' | 'data'>): string | null {
  return 'bookingId' in frame.data ? frame.data.bookingId : frame.data.id
}

/** What makes an event this event, whatever its number in the log. */
export function contentOf({ ev, data }: Pick<SeenEvent, 'ev' | 'data'>): string {
  if ('bookingCode' in data) return `${ev} ${data.bookingCode} version ${data.version}`
  if ('reminderCount' in data) return `${ev} ${data.id} ${data.status} ${data.reminderCount}`
  return `${ev} ${data.id} ${data.type}`
}
