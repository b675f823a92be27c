// The client of the socket, which knows nothing of the server, held by the compiler against what the server declares.

import type {
  approvalCommentedEvent,
  approvalDecidedEvent,
  approvalExpiredEvent,
  approvalRemindedEvent,
  approvalRequestedEvent,
  approvalStepDecidedEvent,
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
  faqChangedEvent,
} from '../../shared/inbox/events.ts'
import type { exportProgressEvent } from '../../shared/exports/events.ts'
import type { EventDeclaration } from '../../shared/kit/declare/event.ts'
import type { Static } from '../../shared/kit/declare/schema.ts'
import type { notificationChangedEvent, notificationCreatedEvent } from '../../shared/notifications/events.ts'
import type { calendarChangedEvent, organisationChangedEvent } from '../../shared/organisations/events.ts'
import type {
  ticketCreatedEvent,
  ticketDeletedEvent,
  ticketResolvedEvent,
  ticketUpdatedEvent,
} from '../../shared/support/events.ts'
import type { resourceChangedEvent } from '../../shared/resources/events.ts'
import type { peopleChangedEvent, presenceChangedEvent } from '../../shared/users/events.ts'
import type { Bye, Hello, Refetch, Resumed, Tick } from '../../shared/protocol/frames.ts'

import type {
  ByeFrame,
  HelloFrame,
  RefetchFrame,
  ResumedFrame,
  TickFrame,
  Wire,
} from '../../client/src/socket/wire.ts'

type DataOf<Declared> = Declared extends EventDeclaration<infer Data> ? Wire<Data> : never

declare module '../../client/src/socket/wire.ts' {
  interface EventMap {
    'approval.commented': DataOf<typeof approvalCommentedEvent>
    'approval.decided': DataOf<typeof approvalDecidedEvent>
    'approval.step_decided': DataOf<typeof approvalStepDecidedEvent>
    'approval.expired': DataOf<typeof approvalExpiredEvent>
    'approval.reminded': DataOf<typeof approvalRemindedEvent>
    'approval.requested': DataOf<typeof approvalRequestedEvent>
    'audit.recorded': DataOf<typeof auditRecordedEvent>
    'booking.changed': DataOf<typeof bookingChangedEvent>
    'booking.created': DataOf<typeof bookingCreatedEvent>
    'calendar.changed': DataOf<typeof calendarChangedEvent>
    'faq.changed': DataOf<typeof faqChangedEvent>
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
    'organisation.changed': DataOf<typeof organisationChangedEvent>
    'people.changed': DataOf<typeof peopleChangedEvent>
    'presence.changed': DataOf<typeof presenceChangedEvent>
    'resource.changed': DataOf<typeof resourceChangedEvent>
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
}

type Same<Ours, Theirs> = [Ours] extends [Theirs] ? ([Theirs] extends [Ours] ? true : never) : never

/** Compiles only as long as both sides know the same frames. */
export const FRAMES_AGREE: [
  Same<HelloFrame, Wire<Static<typeof Hello>>>,
  Same<ByeFrame, Static<typeof Bye>>,
  Same<RefetchFrame, Wire<Static<typeof Refetch>>>,
  Same<ResumedFrame, Wire<Static<typeof Resumed>>>,
  Same<TickFrame, Wire<Static<typeof Tick>>>,
] = [true, true, true, true, true]
