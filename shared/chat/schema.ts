// Shapes of rooms and messages.

import { ATTACHMENT, Attachment } from '../files/schema.ts'
import {
  choice,
  id,
  instant,
  line,
  note,
  nullable,
  opaque,
  opaqueGiven,
  prose,
  shape,
  Type,
  type Static,
} from '../kit/declare/schema.ts'
import { PersonBrief } from '../users/schema.ts'
import { ROLES } from '../organisations/roles.ts'

export const ROOM_KINDS = ['BOOKING', 'DIRECT', 'PAIRED', 'GROUP', 'SUPPORT', 'TEAM'] as const
export type RoomKind = (typeof ROOM_KINDS)[number]
export const ROOM_STATUSES = ['ACTIVE', 'ARCHIVED', 'CLOSED'] as const
export type RoomStatus = (typeof ROOM_STATUSES)[number]
export const PAIR_TYPES = ['customer_hotel_owner', 'customer_admin', 'hotel_owner_admin'] as const
export type PairType = (typeof PAIR_TYPES)[number]
const GROUP_TYPES = ['department', 'custom', 'operational'] as const
const MESSAGE_TYPES = [
  'text',
  'image',
  'document',
  'file',
  'audio',
  'video',
  'schedule_change',
  'system',
  'faq_response',
] as const
/** What a person may send; the others come of what happens. */
export const OWN_MESSAGE_TYPES = ['text', 'image', 'document', 'file', 'audio', 'video'] as const
const SENDER_TYPES = ['user', 'bot', 'system'] as const
const RECEIPTS = ['SENT', 'DELIVERED', 'READ'] as const
export type Receipt = (typeof RECEIPTS)[number]

/** What the column holds. */
export const MAX_SEQ = 2 ** 31 - 1
export const SEQ = Type.Integer({
  minimum: 1,
  maximum: MAX_SEQ,
  description: 'Seq of a message.',
})
const MAX_CONTENT = 5000
export const MAX_GROUP = 1000
/** Bytes. */
const MAX_METADATA = 4096

const clientMsgId = Type.String({
  pattern: '^[\\x21-\\x7e]{1,200}$',
  description: 'Chosen by the client: in one room one id is one message, however often sent.',
})
const content = prose('Plain text, trimmed, stored in NFC, never markup.', MAX_CONTENT)

export const RoomMember = shape({
  userId: id('Who.'),
  roleInRoom: line('requester, driver, participant, customer, hotel_owner, admin or member.'),
  fullName: line('Full name.'),
  role: choice(ROLES, 'In the organisation.'),
})
export type RoomMember = Static<typeof RoomMember>

const roles = (may: string) =>
  Type.Array(choice(ROLES, 'Role.'), { uniqueItems: true, description: `Who ${may}.` })
export const RoomPermissions = shape({
  canAddMembers: roles('may add members'),
  canRemoveMembers: roles('may remove members, change and delete the group'),
  canDeleteMessages: roles('may delete messages of others'),
})
export type RoomPermissions = Static<typeof RoomPermissions>

const MessagePreview = shape({
  id: id('Message.'),
  seq: Type.Integer({ description: 'Seq.' }),
  senderId: nullable(id('null: the system.')),
  messageType: choice(MESSAGE_TYPES, 'What it is.'),
  content: Type.String({ description: 'First 100 characters; empty once deleted.' }),
  createdAt: instant('When it was made.'),
})
type MessagePreview = Static<typeof MessagePreview>

export const Room = shape({
  id: id('Room.'),
  _id: id('As id.'),
  kind: choice(ROOM_KINDS, 'What kind of room.'),
  type: nullable(Type.String({ description: 'Of a PAIRED room or a group.' })),
  name: nullable(line('Name.', 120)),
  description: nullable(note('Description.')),
  avatar: nullable(note('Address of a picture.')),
  bookingId: nullable(id('Booking.')),
  resourceId: nullable(id('The resource it is about.')),
  status: choice(ROOM_STATUSES, 'Only an ACTIVE room takes messages.'),
  members: Type.Array(RoomMember, { description: 'Who is in it.' }),
  permissions: nullable(RoomPermissions),
  lastSeq: Type.Integer({ description: 'Of its newest message; 0: none.' }),
  lastMessage: nullable(MessagePreview),
  lastMessageAt: nullable(instant('When its last message was.')),
  version: Type.Integer({ description: 'Of the room itself.' }),
  createdAt: instant('When it was made.'),
})
export type Room = Static<typeof Room>

/** A room as one of its members sees it. */
export const OwnRoom = shape({
  ...Room.properties,
  unreadCount: Type.Integer({
    description: 'Messages of others; 1000: or more.',
  }),
})
export type OwnRoom = Static<typeof OwnRoom>

/** What every form of a message has: their files differ. */
export const MessageWithoutFiles = shape({
  id: id('Message.'),
  roomId: id('Room.'),
  seq: Type.Integer({ minimum: 1, description: 'In the room: 1, 2, 3…, without a gap.' }),
  senderId: nullable(id('null: the system.')),
  senderType: choice(SENDER_TYPES, 'bot: an automatic answer.'),
  sender: nullable(PersonBrief),
  messageType: choice(MESSAGE_TYPES, 'What it is.'),
  content: Type.String({ description: 'Plain text; empty once deleted.' }),
  metadata: nullable(opaque('What belongs to its type.')),
  replyTo: nullable(id('Reply to.')),
  status: choice(RECEIPTS, "DELIVERED: a recipient's device said so. READ: by a recipient."),
  readBy: Type.Array(id('Person.'), { description: 'Who of the others has read it.' }),
  isEdited: Type.Boolean({ description: 'Whether it is edited.' }),
  editedAt: nullable(instant('When.')),
  deletedAt: nullable(instant('Its text is gone.')),
  clientMsgId: nullable(Type.String({ description: 'As the sender chose it.' })),
  createdAt: instant('When it was made.'),
})
export const Message = shape({ ...MessageWithoutFiles.properties, attachments: Type.Array(Attachment) })
export type Message = Static<typeof Message>

/** As workplace chat reads it: its names beside ours. */
export const WorkplaceMessage = shape({
  ...MessageWithoutFiles.properties,
  _id: id('As id.'),
  conversationId: Type.Optional(id('As roomId, in a room of two.')),
  groupId: Type.Optional(id('As roomId, in a room of more.')),
  attachments: Type.Array(
    shape({
      ...Attachment.properties,
      type: Type.String({ description: 'As contentType.' }),
      uploadedAt: instant('When the message took it.'),
    }),
  ),
  updatedAt: instant('When it was last changed.'),
})
export type WorkplaceMessage = Static<typeof WorkplaceMessage>

export const RoomBrief = Type.Pick(Room, ['id', 'kind', 'type', 'name', 'status'], {
  additionalProperties: false,
})
export type RoomBrief = Static<typeof RoomBrief>

export const FoundMessage = shape({
  message: Message,
  room: RoomBrief,
  parts: Type.Array(
    shape({
      text: Type.String({ description: 'Text.' }),
      isMatch: Type.Boolean({ description: 'Whether it is a match.' }),
    }),
    { description: 'Joined, they are the content.' },
  ),
})
export type FoundMessage = Static<typeof FoundMessage>

export const NewMessage = shape({
  content,
  messageType: Type.Optional(
    choice(OWN_MESSAGE_TYPES, 'Unless given: text, or what the first attachment is.'),
  ),
  metadata: Type.Optional(opaqueGiven('Kept with it as it is.', MAX_METADATA)),
  attachments: Type.Optional(
    Type.Array(id('A file that you uploaded.'), { maxItems: ATTACHMENT.perMessage, uniqueItems: true }),
  ),
  replyTo: Type.Optional(id('A message of this room.')),
  clientMsgId: Type.Optional(clientMsgId),
})
export type NewMessage = Static<typeof NewMessage>
export const NewMessageIn = shape({ chatRoomId: id('Room.'), ...NewMessage.properties })
export const MessageEdit = shape({ content })

/** How far somebody is: everything up to `seq`. */
export const Mark = shape({
  roomId: id('Room.'),
  userId: id('Who.'),
  seq: Type.Integer({ description: 'Everything up to this number.' }),
  at: instant('When.'),
})
export type Mark = Static<typeof Mark>

export const Typing = shape({
  roomId: id('Room.'),
  userId: id('Who.'),
  isTyping: Type.Boolean({ description: 'False: no longer.' }),
})

/** What a room's continuation is told. */
export const MessageRef = shape({ roomId: id('Room.'), messageId: id('Message.') })
export type MessageRef = Static<typeof MessageRef>

export const MemberAdded = shape({ roomId: id('Room.'), member: RoomMember })
export const MemberRemoved = shape({ roomId: id('Room.'), userId: id('Who is in it no more.') })
export const MessageDeleted = shape({
  roomId: id('Room.'),
  messageId: id('Message.'),
  seq: Type.Integer({ description: 'Seq.' }),
  deletedAt: instant('When.'),
  deletedBy: nullable(id('Who did.')),
})

export const NewPair = shape({
  type: choice([...PAIR_TYPES, 'team'], 'team: the staff among themselves.'),
  participant1Id: Type.Optional(id('One of the pair.')),
  participant2Id: Type.Optional(id('Participant.')),
  hotelId: Type.Optional(id('The property it is about.')),
  name: Type.Optional(line('Of a team room.', 120)),
  memberIds: Type.Optional(Type.Array(id('Of the staff.'), { maxItems: MAX_GROUP - 1, uniqueItems: true })),
})
export type NewPair = Static<typeof NewPair>

const groupName = line('Name.', 120)
export const NewGroup = shape({
  name: groupName,
  type: Type.Optional(choice(GROUP_TYPES, 'custom unless given.')),
  description: Type.Optional(note('Description.')),
  avatar: Type.Optional(note('Address of a picture.')),
  memberIds: Type.Optional(Type.Array(id('Person.'), { maxItems: MAX_GROUP - 1, uniqueItems: true })),
  permissions: Type.Optional(Type.Partial(RoomPermissions, { additionalProperties: false })),
})
export type NewGroup = Static<typeof NewGroup>
export const GroupPatch = Type.Partial(
  shape({
    name: groupName,
    type: choice(GROUP_TYPES, 'Which.'),
    description: nullable(note('Description.')),
    avatar: nullable(note('Address of a picture.')),
    permissions: Type.Partial(RoomPermissions, { additionalProperties: false }),
  }),
  { additionalProperties: false, minProperties: 1 },
)
export type GroupPatch = Static<typeof GroupPatch>
