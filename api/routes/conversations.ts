// Conversations of two and groups: views of rooms, as workplace chat has them, under its names beside ours.

import {
  addGroupMember,
  changeGroup,
  createGroup,
  deleteGroup,
  getGroup,
  leaveGroup,
  removeGroupMember,
} from '../../shared/chat/actions/groups.ts'
import { openConversation } from '../../shared/chat/actions/rooms.ts'
import { countRooms, listRooms } from '../../shared/chat/queries/room-lists.ts'
import { getDirectRoom, listGroups } from '../../shared/chat/queries/rooms.ts'
import { nameForWorkplace, nameRoom } from '../../shared/chat/names.ts'
import {
  GroupPatch,
  NewGroup,
  OwnRoom,
  Room,
  RoomMember,
  WorkplaceMessage,
} from '../../shared/chat/schema.ts'
import { withTotal } from '../../shared/kit/store/keyset.ts'
import { id, shape, Type } from '../../shared/kit/declare/schema.ts'
import { contentTag } from '../http/etag.ts'
import { list, read, write } from '../http/route-builders.ts'
import { listMessages } from '../../shared/chat/queries/messages.ts'

const ById = shape({ id: id('Room.') })
const Someone = shape({ userId: id('Person.') })
const DIRECT = { kind: 'DIRECT' } as const
const etag = contentTag

const MessagePage = shape({
  messages: Type.Array(WorkplaceMessage, {
    description: 'Oldest first inside the page.',
  }),
  total: Type.Integer({ description: 'Messages of the conversation.' }),
  page: Type.Integer({ description: 'From 1.' }),
  pageSize: Type.Integer({ description: 'Page size.' }),
  hasMore: Type.Boolean({ description: 'Whether there are older ones.' }),
})

export const conversationRoutes = [
  list('/chat/conversations', {
    scope: 'chat:read',
    summary: 'Your conversations, newest activity first',
    item: OwnRoom,
    isFollowed: 'rooms',
    handle: async ({ db }, { query, caller }) =>
      withTotal(await listRooms(db, caller, DIRECT, query), query, () => countRooms(db, caller, DIRECT)),
  }),
  write('post', '/chat/conversations/with-user', {
    scope: 'chat:write',
    summary: 'Get or make the conversation with somebody',
    body: Someone,
    reply: OwnRoom,
    handle: (change, { body, caller }) => openConversation(change, caller, body.userId),
  }),
  read('/chat/conversations/:id', {
    scope: 'chat:read',
    summary: 'One of your conversations',
    params: ById,
    reply: OwnRoom,
    isFollowed: 'rooms',
    handle: ({ db }, { params, caller }) => getDirectRoom(db, caller, params.id),
  }),
  read('/chat/conversations/:id/messages', {
    scope: 'chat:read',
    summary: 'A page of its messages',
    params: ById,
    reply: MessagePage,
    isFollowed: 'rooms',
    query: shape({
      page: Type.Integer({ minimum: 1, maximum: 100_000, default: 1, description: 'From 1, the newest.' }),
      limit: Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Limit.' }),
    }),
    handle: async ({ db }, { params, query: { page, limit }, caller }) => {
      const { lastSeq: total } = await getDirectRoom(db, caller, params.id)
      // Numbers have no gap, so that a page is found by arithmetic, however deep.
      const messages = await listMessages(db, params.id, { before: total - (page - 1) * limit + 1, limit })
      return {
        messages: messages
          .toReversed()
          .map((message) => ({ ...message, ...nameForWorkplace(message), ...nameRoom('DIRECT', params.id) })),
        total,
        page,
        pageSize: limit,
        hasMore: page * limit < total,
      }
    },
  }),

  list('/chat/groups', {
    scope: 'chat:read',
    summary: 'Your groups; of an ADMIN, all of them',
    item: Room,
    isFollowed: 'rooms',
    handle: ({ db }, { query, caller }) => listGroups(db, caller, query),
  }),
  write('post', '/chat/groups', {
    scope: 'chat:write',
    summary: 'Make a group',
    access: ['ADMIN'],
    body: NewGroup,
    reply: Room,
    etag,
    handle: (change, { body, caller }) => createGroup(change, caller, body),
  }),
  read('/chat/groups/:id', {
    scope: 'chat:read',
    summary: 'A group',
    params: ById,
    reply: Room,
    etag,
    isFollowed: 'rooms',
    handle: (reading, { params, caller }) => getGroup(reading, caller, params.id),
  }),
  write('patch', '/chat/groups/:id', {
    scope: 'chat:write',
    summary: 'Change a group',
    params: ById,
    body: GroupPatch,
    reply: Room,
    etag,
    refuses: ['room_not_active'],
    handle: (change, { params, body, caller, ifMatch }) =>
      changeGroup(change, caller, params.id, body, ifMatch),
  }),
  write('delete', '/chat/groups/:id', {
    scope: 'chat:write',
    summary: 'Close a group',
    params: ById,
    reply: Room,
    refuses: ['room_not_active'],
    handle: (change, { params, caller }) => deleteGroup(change, caller, params.id),
  }),
  read('/chat/groups/:id/members', {
    scope: 'chat:read',
    summary: 'Who is in it',
    params: ById,
    reply: Type.Array(RoomMember),
    handle: async (reading, { params, caller }) => (await getGroup(reading, caller, params.id)).members,
  }),
  write('post', '/chat/groups/:id/members', {
    scope: 'chat:write',
    summary: 'Bring somebody in',
    params: ById,
    body: Someone,
    reply: Room,
    refuses: ['room_not_active'],
    handle: (change, { params, body, caller }) => addGroupMember(change, caller, params.id, body.userId),
  }),
  write('delete', '/chat/groups/:id/members/:userId', {
    scope: 'chat:write',
    summary: 'Put somebody out',
    params: shape({ id: id('Group.'), userId: id('Person.') }),
    reply: Room,
    refuses: ['room_not_active'],
    handle: (change, { params, caller }) => removeGroupMember(change, caller, params.id, params.userId),
  }),
  write('post', '/chat/groups/:id/leave', {
    scope: 'chat:write',
    summary: 'Leave a group',
    params: ById,
    reply: shape({ success: Type.Literal(true) }),
    refuses: ['room_not_active'],
    handle: (change, { params, caller }) => leaveGroup(change, caller, params.id),
  }),
]
