// What a client sees of the house: its shapes after JSON, and the frames of a socket.

import type { Approval, Delegation, RoutePlan } from '../shared/approvals/schema.ts'
import type { Booking } from '../shared/bookings/schema.ts'
import type { Notification } from '../shared/notifications/schema.ts'
import type { User } from '../shared/users/schema.ts'

/** JSON knows no instants: they are text. */
type Wire<T> = T extends Date
  ? string
  : T extends (infer U)[]
    ? Wire<U>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T

export type BookingSeen = Wire<Booking>
export type ApprovalSeen = Wire<Approval>
export type NotificationSeen = Wire<Notification>
export type DelegationSeen = Wire<Delegation>
export type UserSeen = Wire<User>
export type RouteSeen = Wire<RoutePlan> & { approvalType: Approval['approvalType']; status: string }

export interface EventData {
  'booking.created': BookingSeen
  'booking.changed': BookingSeen
  'approval.requested': ApprovalSeen
  'approval.reminded': ApprovalSeen
  'approval.decided': ApprovalSeen
  'approval.expired': ApprovalSeen
  'notification.created': NotificationSeen
}
export type EventName = keyof EventData

export interface EventFrame {
  t: 'event'
  /** `<partition>:<seq>`. What never stood in the log (typing, presence) has none. */
  id?: string
  ch: string
  ev: EventName
  data: EventData[EventName]
}

/** Partition → number of its newest event, and partition → epoch. */
export interface Positions {
  cursor: Record<string, number>
  epochs: Record<string, string>
}

export type Frame =
  | EventFrame
  | ({ t: 'hello' } & Positions)
  | ({ t: 'refetch'; reason: string } & Positions)
  | ({ t: 'resumed'; count: number } & Positions)
  | { t: 'tick'; cursor: Record<string, number> }
  | { t: 'reply'; ref: unknown; ok: boolean }
  | { t: 'bye'; after: number }

/** The booking that an event is about; null: none. */
export function bookingOf(frame: Pick<EventFrame, 'ev' | 'data'>): string | null {
  return 'bookingId' in frame.data ? frame.data.bookingId : frame.data.id
}

/** What makes an event this event, whatever its number in the log. */
export function contentOf({ ev, data }: Pick<EventFrame, 'ev' | 'data'>): string {
  if ('bookingCode' in data) return `${ev} ${data.bookingCode} version ${data.version}`
  if ('reminderCount' in data) return `${ev} ${data.id} ${data.status} ${data.reminderCount}`
  return `${ev} ${data.id} ${data.type}`
}
