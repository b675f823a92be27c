// What goes over the wire, as a client sees it. Types only: nothing of the server runs in a browser.

import type { approvalDecided, approvalExpired, approvalReminded, approvalRequested } from '../../shared/approvals/events.ts'
import type { auditRecorded } from '../../shared/audit/events.ts'
import type { bookingChanged, bookingCreated } from '../../shared/bookings/events.ts'
import type { memberAdded, memberRemoved, messageChanged, messageCreated, messageDeleted, messagesDelivered, messagesRead, roomChanged, roomCreated, typing } from '../../shared/chat/events.ts'
import type { attention, conversationChanged, conversationOpened } from '../../shared/inbox/events.ts'
import type { exportProgress } from '../../shared/exports/events.ts'
import type { ProblemObject } from '../../shared/kit/errors.ts'
import type { Event } from '../../shared/kit/event.ts'
import type { Static } from '../../shared/kit/schema.ts'
import type { Positions } from '../../shared/kit/stream.ts'
import type { notificationChanged, notificationCreated } from '../../shared/notifications/events.ts'
import type { ticketCreated, ticketDeleted, ticketResolved, ticketUpdated } from '../../shared/support/events.ts'
import type { presenceChanged } from '../../shared/users/events.ts'
import type { Bye, Hello, Refetch, Resumed, Tick } from '../socket/frames.ts'

export type { Positions, ProblemObject }

/** What JSON makes of it: instants are text. */
export type Wire<T> = T extends Date ? string : T extends readonly (infer Item)[] ? Wire<Item>[] : T extends object ? { [Key in keyof T]: Wire<T[Key]> } : T

type DataOf<Declared> = Declared extends Event<infer Data> ? Wire<Data> : never

/** Every event that a client can hear, and what it carries. */
export interface EventMap {
  'approval.decided': DataOf<typeof approvalDecided>
  'approval.expired': DataOf<typeof approvalExpired>
  'approval.reminded': DataOf<typeof approvalReminded>
  'approval.requested': DataOf<typeof approvalRequested>
  'audit.recorded': DataOf<typeof auditRecorded>
  'booking.changed': DataOf<typeof bookingChanged>
  'booking.created': DataOf<typeof bookingCreated>
  'inbox.attention': DataOf<typeof attention>
  'inbox.conversation_changed': DataOf<typeof conversationChanged>
  'inbox.conversation_opened': DataOf<typeof conversationOpened>
  'export.progress': DataOf<typeof exportProgress>
  'message.changed': DataOf<typeof messageChanged>
  'message.created': DataOf<typeof messageCreated>
  'message.deleted': DataOf<typeof messageDeleted>
  'messages.delivered': DataOf<typeof messagesDelivered>
  'messages.read': DataOf<typeof messagesRead>
  'notification.changed': DataOf<typeof notificationChanged>
  'notification.created': DataOf<typeof notificationCreated>
  'presence.changed': DataOf<typeof presenceChanged>
  'room.changed': DataOf<typeof roomChanged>
  'room.created': DataOf<typeof roomCreated>
  'room.member_added': DataOf<typeof memberAdded>
  'room.member_removed': DataOf<typeof memberRemoved>
  'ticket.created': DataOf<typeof ticketCreated>
  'ticket.deleted': DataOf<typeof ticketDeleted>
  'ticket.resolved': DataOf<typeof ticketResolved>
  'ticket.updated': DataOf<typeof ticketUpdated>
  typing: DataOf<typeof typing>
}

export interface EventFrame {
  t: 'event'
  /** <partition>:<number>; ephemeral events have none. */
  id?: string
  ch: string
  ev: string
  at: string
  data: unknown
}

export interface ReplyFrame {
  t: 'reply'
  ref: string | number | null
  ok: boolean
  data?: unknown
  error?: ProblemObject
}

export type HelloFrame = Wire<Static<typeof Hello>>
export type ByeFrame = Static<typeof Bye>
export type RefetchFrame = Wire<Static<typeof Refetch>>
export type Frame = HelloFrame | EventFrame | ReplyFrame | RefetchFrame | Wire<Static<typeof Resumed>> | Wire<Static<typeof Tick>> | ByeFrame
