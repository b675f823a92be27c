// What goes over the wire, as a client sees it. Types only: nothing of the server runs in a browser.

import type {
  approvalDecidedEvent,
  approvalExpiredEvent,
  approvalRemindedEvent,
  approvalRequestedEvent,
} from '../../shared/approvals/events.ts'
import type { auditRecordedEvent } from '../../shared/audit/events.ts'
import type { bookingChangedEvent, bookingCreatedEvent } from '../../shared/bookings/events.ts'
import type {
  memberAddedEvent,
  memberRemovedEvent,
  messageChangedEvent,
  messageCreatedEvent,
  messageDeletedEvent,
  messagesDeliveredEvent,
  messagesReadEvent,
  roomChangedEvent,
  roomCreatedEvent,
  typingEvent,
} from '../../shared/chat/events.ts'
import type {
  attentionEvent,
  conversationChangedEvent,
  conversationOpenedEvent,
} from '../../shared/inbox/events.ts'
import type { exportProgressEvent } from '../../shared/exports/events.ts'
import type { ProblemObject } from '../../shared/kit/declare/errors.ts'
import type { EventDeclaration } from '../../shared/kit/declare/event.ts'
import type { Static } from '../../shared/kit/declare/schema.ts'
import type { Positions } from '../../shared/kit/store/cursor.ts'
import type { notificationChangedEvent, notificationCreatedEvent } from '../../shared/notifications/events.ts'
import type {
  ticketCreatedEvent,
  ticketDeletedEvent,
  ticketResolvedEvent,
  ticketUpdatedEvent,
} from '../../shared/support/events.ts'
import type { presenceChangedEvent } from '../../shared/users/events.ts'
import type { Bye, Hello, Refetch, Resumed, Tick } from '../../shared/protocol/frames.ts'

export type { Positions, ProblemObject }

/** What JSON makes of it: instants are text. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T

type DataOf<Declared> = Declared extends EventDeclaration<infer Data> ? Wire<Data> : never

/** Every event that a client can hear, and what it carries. */
export interface EventMap {
  'approval.decided': DataOf<typeof approvalDecidedEvent>
  'approval.expired': DataOf<typeof approvalExpiredEvent>
  'approval.reminded': DataOf<typeof approvalRemindedEvent>
  'approval.requested': DataOf<typeof approvalRequestedEvent>
  'audit.recorded': DataOf<typeof auditRecordedEvent>
  'booking.changed': DataOf<typeof bookingChangedEvent>
  'booking.created': DataOf<typeof bookingCreatedEvent>
  'inbox.attention': DataOf<typeof attentionEvent>
  'inbox.conversation_changed': DataOf<typeof conversationChangedEvent>
  'inbox.conversation_opened': DataOf<typeof conversationOpenedEvent>
  'export.progress': DataOf<typeof exportProgressEvent>
  'message.changed': DataOf<typeof messageChangedEvent>
  'message.created': DataOf<typeof messageCreatedEvent>
  'message.deleted': DataOf<typeof messageDeletedEvent>
  'messages.delivered': DataOf<typeof messagesDeliveredEvent>
  'messages.read': DataOf<typeof messagesReadEvent>
  'notification.changed': DataOf<typeof notificationChangedEvent>
  'notification.created': DataOf<typeof notificationCreatedEvent>
  'presence.changed': DataOf<typeof presenceChangedEvent>
  'room.changed': DataOf<typeof roomChangedEvent>
  'room.created': DataOf<typeof roomCreatedEvent>
  'room.member_added': DataOf<typeof memberAddedEvent>
  'room.member_removed': DataOf<typeof memberRemovedEvent>
  'ticket.created': DataOf<typeof ticketCreatedEvent>
  'ticket.deleted': DataOf<typeof ticketDeletedEvent>
  'ticket.resolved': DataOf<typeof ticketResolvedEvent>
  'ticket.updated': DataOf<typeof ticketUpdatedEvent>
  typing: DataOf<typeof typingEvent>
}

export interface ClientEventFrame {
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
export type Frame =
  | HelloFrame
  | ClientEventFrame
  | ReplyFrame
  | RefetchFrame
  | Wire<Static<typeof Resumed>>
  | Wire<Static<typeof Tick>>
  | ByeFrame
