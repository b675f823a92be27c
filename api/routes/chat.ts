import { getBookingRoom } from '../../shared/bookings/actions/room.ts'
import { changeSchedule } from '../../shared/bookings/actions/schedule.ts'
import { ScheduleChange } from '../../shared/bookings/schedule.ts'
import {
  countMessage,
  deleteMessage,
  editMessage,
  isOneStatement,
  postCounted,
  postMessages,
  type Said,
} from '../../shared/chat/actions/post.ts'
import { openPairedRoom } from '../../shared/chat/actions/rooms.ts'
import { nameForWorkplace, nameRoom } from '../../shared/chat/names.ts'
import { countRooms, listRooms } from '../../shared/chat/queries/room-lists.ts'
import { findRoomKind, getLastSeq } from '../../shared/chat/queries/rooms.ts'
import { withFile } from '../../shared/chat/rules.ts'
import {
  MAX_SEQ,
  Message,
  MessageEdit,
  NewMessage,
  NewMessageIn,
  NewPair,
  OwnRoom,
  OWN_MESSAGE_TYPES,
  ROOM_KINDS,
  ROOM_STATUSES,
  WorkplaceMessage,
} from '../../shared/chat/schema.ts'
import { archiveConversation } from '../../shared/inbox/actions/conversations.ts'
import {
  countConversations,
  listConversations,
  openedRoom,
  withFacts,
} from '../../shared/inbox/queries/conversations.ts'
import { ListedRoom } from '../../shared/inbox/schema.ts'
import type { Change, Reading } from '../../shared/kit/store/change.ts'
import { withTotal } from '../../shared/kit/store/keyset.ts'
import {
  choice,
  id,
  instant,
  line,
  prose,
  shape,
  Type,
  webAddress,
  type Static,
} from '../../shared/kit/declare/schema.ts'
import { mustBeKey } from '../http/idempotency.ts'
import { contentTag } from '../http/etag.ts'
import type { Input } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'
import { BEFORE, messagePage } from './message-page.ts'
import { isStaff } from '../../shared/organisations/roles.ts'
import { listMessages } from '../../shared/chat/queries/messages.ts'

const ById = shape({ id: id('Room.') })
const MessageById = shape({ id: id('Message.') })
/** Existing clients say who they are. Who speaks or reads is whom the token names. */
const claimed = Type.Optional(Type.Unknown({ description: 'Ignored: it is whom the token names.' }))
const CLAIMS = { senderId: claimed, senderType: claimed, senderName: claimed }
/** How pairs spell them, here as on their sockets. */
const PAIRED = {
  type: Type.Optional(choice(OWN_MESSAGE_TYPES, 'Instead of messageType.')),
  fileUrl: Type.Optional(webAddress('Of a file elsewhere; kept in metadata, with its name and bytes.')),
  fileName: Type.Optional(line('File name.')),
  fileSize: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Bytes.',
    }),
  ),
}
const etag = contentTag

type Given = NewMessage & { [Key in keyof typeof PAIRED]?: Static<(typeof PAIRED)[Key]> }

function asGiven(
  { type, fileUrl, fileName, fileSize, ...body }: Given,
  idempotencyKey: string | undefined,
): NewMessage {
  const said = {
    ...body,
    messageType: body.messageType ?? type,
    metadata: withFile(body.metadata, { fileUrl, fileName, fileSize }),
  }
  if (idempotencyKey === undefined || body.clientMsgId !== undefined) return said
  mustBeKey(idempotencyKey)
  return { ...said, clientMsgId: idempotencyKey }
}

/**
 * A message is known by its clientMsgId, hence an Idempotency-Key is one. What people of one organisation say at the same time goes
 * together.
 */
const posting = <I extends Pick<Input<unknown, unknown, Pick<NewMessage, 'attachments'>>, 'body' | 'caller'>>(
  read: (input: I) => Omit<Said, 'change'>,
) => ({
  scope: 'chat:write' as const,
  reply: Message,
  idempotent: false,
  refuses: ['room_not_active'] as const,
  isOneStatement: ({ caller, body }: I) => isOneStatement(caller, body),
  gatheredBy: ({ body }: I) => (body.attachments?.length ? undefined : 'at once'),
  atOnce: {
    async count(reading: Reading, input: I) {
      await countMessage(reading, read(input).actor)
    },
    run: (asked: readonly { change: Change; input: I }[]) =>
      postMessages(asked.map(({ change, input }) => ({ change, ...read(input) }))),
  },
  handle(change: Change, input: I) {
    const { actor, roomId, ask } = read(input)
    return postCounted(change, actor, roomId, ask)
  },
})

export const chatRoutes = [
  list('/chat/rooms', {
    scope: 'chat:read',
    summary:
      "Your rooms, for the staff also customers', newest activity first; kind=SUPPORT: longest waiting first",
    query: shape({
      kind: Type.Optional(choice(ROOM_KINDS, 'Only these.')),
      type: Type.Optional(line('Only these.')),
      status: Type.Optional(choice(ROOM_STATUSES, 'Only these.')),
      isActive: Type.Optional(Type.Boolean({ description: 'True: rooms that take messages.' })),
      search: Type.Optional(prose('Part of the name of the room or a member.')),
    }),
    item: ListedRoom,
    isFollowed: 'rooms',
    async handle(reading, { query: { limit, offset, cursor, ...filter }, caller }) {
      const part = { limit, offset, cursor }
      // What customers wait for is sorted by who waits longest.
      if (filter.kind === 'SUPPORT' && filter.type === undefined && isStaff(caller.role))
        return withTotal(await listConversations(reading, caller, filter, part), part, () =>
          countConversations(reading, caller, filter),
        )
      const { items, next } = await listRooms(reading.db, caller, filter, part)
      return withTotal({ items: await withFacts(reading, caller, items), next }, part, () =>
        countRooms(reading.db, caller, filter),
      )
    },
  }),
  write('post', '/chat/rooms', {
    scope: 'chat:write',
    summary: 'Get or make the room of a pair, or a room of the team',
    body: NewPair,
    reply: Type.Union([OwnRoom, Type.Omit(OwnRoom, ['unreadCount'])]),
    handle: (change, { body, caller }) => openPairedRoom(change, caller, body),
  }),
  write('get', '/chat/rooms/booking/:bookingId', {
    scope: 'chat:write',
    summary: 'Get or make the room of a trip, once a driver is assigned',
    params: shape({ bookingId: id('Booking.') }),
    reply: OwnRoom,
    status: 200,
    idempotent: false,
    refuses: ['no_driver'],
    handle: (change, { params, caller }) => getBookingRoom(change, caller, params.bookingId),
  }),
  read('/chat/rooms/:id', {
    scope: 'chat:read',
    summary: 'One of your rooms',
    params: ById,
    reply: ListedRoom,
    etag,
    isFollowed: 'rooms',
    handle: (reading, { params, caller }) => openedRoom(reading, caller, params.id),
  }),
  write('put', '/chat/rooms/:id/archive', {
    scope: 'chat:write',
    summary: 'Archive a room',
    params: ById,
    reply: OwnRoom,
    etag,
    handle: (change, { params, caller }) => archiveConversation(change, caller, params.id),
  }),
  list('/chat/rooms/:id/messages', {
    scope: 'chat:read',
    isNumbered: true,
    summary: 'Messages, newest first; with `after` ascending, for catching up',
    params: ById,
    item: Message,
    isFollowed: 'rooms',
    query: shape({
      before: BEFORE,
      after: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: MAX_SEQ,
          description: 'After this seq, ascending.',
        }),
      ),
    }),
    handle: async ({ db }, { params, query, caller }) => {
      const total = await getLastSeq(db, caller, params.id)
      return {
        ...messagePage(await listMessages(db, params.id, query), query),
        ...(query.before === undefined && query.after === undefined && { total }),
      }
    },
  }),
  write('post', '/chat/rooms/:id/messages', {
    summary: 'Say something',
    params: ById,
    body: shape({ ...NewMessage.properties, ...PAIRED, ...CLAIMS }),
    ...posting(({ params, body, caller, idempotencyKey }: Input<Static<typeof ById>, unknown, Given>) => ({
      actor: caller,
      roomId: params.id,
      ask: asGiven(body, idempotencyKey),
    })),
  }),
  write('post', '/chat/messages', {
    summary: 'Say something in the room that the body names',
    body: shape({ ...NewMessageIn.properties, ...PAIRED, ...CLAIMS }),
    ...posting(
      ({
        body: { chatRoomId, ...body },
        caller,
        idempotencyKey,
      }: Input<unknown, unknown, Given & { chatRoomId: string }>) => ({
        actor: caller,
        roomId: chatRoomId,
        ask: asGiven(body, idempotencyKey),
      }),
    ),
  }),
  write('post', '/chat/rooms/:id/schedule-change', {
    scope: 'chat:write',
    summary: 'Tell the driver of new times',
    params: ById,
    body: ScheduleChange,
    reply: Message,
    refuses: ['room_not_active'],
    handle: (change, { params, body, caller }) => changeSchedule(change, caller, params.id, body),
  }),
  write('patch', '/chat/messages/:id', {
    scope: 'chat:write',
    summary: 'Change what you said',
    params: MessageById,
    body: MessageEdit,
    reply: Message,
    refuses: ['message_deleted', 'too_late'],
    handle: (change, { params, body, caller }) => editMessage(change, caller, params.id, body),
  }),
  write('delete', '/chat/messages/:id', {
    scope: 'chat:write',
    summary: 'Take back what you said; a tombstone stays',
    params: MessageById,
    reply: WorkplaceMessage,
    refuses: ['message_deleted', 'too_late'],
    async handle(change, { params, caller }) {
      const message = await deleteMessage(change, caller, params.id)
      const kind = await findRoomKind(change.db, message.roomId)
      return { ...message, ...nameForWorkplace(message), ...(kind && nameRoom(kind, message.roomId)) }
    },
  }),
  read('/chat/health', {
    summary: 'Is it there?',
    access: 'open',
    reply: shape({ status: Type.Literal('healthy'), timestamp: instant('Now.') }),
    handle: async ({ now }) => ({ status: 'healthy' as const, timestamp: now }),
  }),
]
