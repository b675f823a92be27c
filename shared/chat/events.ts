import { declareEvent } from '../kit/declare/event.ts'
import { Mark, MemberAdded, MemberRemoved, Message, MessageDeleted, Room, Typing } from './schema.ts'

/** What is said in a room, all of it: its members hear it, and nobody else. */
export const roomChannel = (roomId: string): string => `room:${roomId}`

export const roomCreatedEvent = declareEvent(
  'room.created',
  Room,
  'A room was created; its members hear it from here on.',
  { quotes: ({ lastMessage }) => lastMessage?.id },
)
export const roomChangedEvent = declareEvent(
  'room.changed',
  Room,
  'Its name, permissions or status changed.',
  { quotes: ({ lastMessage }) => lastMessage?.id },
)
export const memberAddedEvent = declareEvent(
  'room.member_added',
  MemberAdded,
  'Somebody came in; they hear the room from here on.',
)
export const memberRemovedEvent = declareEvent(
  'room.member_removed',
  MemberRemoved,
  'Somebody left or was removed; they no longer hear the room, and are told on their own channel.',
)
export const messageCreatedEvent = declareEvent(
  'message.created',
  Message,
  'Somebody said something. In the order of `seq`.',
  { quotes: ({ id }) => id },
)
export const messageChangedEvent = declareEvent(
  'message.changed',
  Message,
  'The sender changed what they said.',
  { quotes: ({ id }) => id },
)
export const messageDeletedEvent = declareEvent(
  'message.deleted',
  MessageDeleted,
  'A message was deleted; its text is gone.',
)
export const messagesReadEvent = declareEvent(
  'messages.read',
  Mark,
  'Somebody has read everything up to a number.',
)
export const messagesDeliveredEvent = declareEvent(
  'messages.delivered',
  Mark,
  'A device of somebody has everything up to a number.',
)

export const typingEvent = declareEvent(
  'typing',
  Typing,
  'Somebody types, or no longer does; it ends by itself after six seconds.',
  { isEphemeral: true },
)
