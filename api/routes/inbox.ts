import { sendAutoResponse } from '../../shared/inbox/actions/auto-responses.ts'
import {
  assignConversation,
  changeConversation,
  openCustomerRoom,
  rateConversation,
  reopenConversation,
} from '../../shared/inbox/actions/conversations.ts'
import { listNotes, writeNote } from '../../shared/inbox/actions/notes.ts'
import { openedRoom } from '../../shared/inbox/queries/conversations.ts'
import {
  ConversationAssignment,
  Conversation,
  ConversationPatch,
  ConversationRating,
  ListedRoom,
  NewCustomerRoom,
} from '../../shared/inbox/schema.ts'
import { Message, NewMessage } from '../../shared/chat/schema.ts'
import { id, shape } from '../../shared/kit/declare/schema.ts'
import { STAFF_ROLES } from '../../shared/organisations/roles.ts'
import { list, write } from '../http/route-builders.ts'
import { BEFORE, messagePage } from './message-page.ts'

const ById = shape({ id: id('Room.') })
const staff = { access: STAFF_ROLES } as const

export const inboxRoutes = [
  write('post', '/chat/rooms/create', {
    scope: 'chat:write',
    summary: 'Get or make a customer’s room with the organisation',
    body: NewCustomerRoom,
    reply: ListedRoom,
    handle: async (change, { body, caller }) =>
      openedRoom(change, caller, await openCustomerRoom(change, caller, body)),
  }),
  write('post', '/chat/rooms/:id/assign', {
    scope: 'inbox:write',
    summary: 'Take a conversation on, hand it over, or let go of it',
    ...staff,
    params: ById,
    body: ConversationAssignment,
    reply: Conversation,
    handle: (change, { params, body, caller }) =>
      assignConversation(
        change,
        caller,
        params.id,
        body.assigneeId === undefined ? caller.id : body.assigneeId,
      ),
  }),
  write('patch', '/chat/rooms/:id/inbox', {
    scope: 'inbox:write',
    summary: "Change a conversation's priority or tags",
    ...staff,
    params: ById,
    body: ConversationPatch,
    reply: Conversation,
    handle: (change, { params, body, caller }) => changeConversation(change, caller, params.id, body),
  }),
  write('put', '/chat/rooms/:id/rating', {
    scope: 'chat:write',
    summary: 'Rate the help in an archived conversation',
    params: ById,
    body: ConversationRating,
    reply: ListedRoom,
    refuses: ['not_closed'],
    handle: (change, { params, body, caller }) => rateConversation(change, caller, params.id, body.rating),
  }),
  write('put', '/chat/rooms/:id/reopen', {
    scope: 'inbox:write',
    summary: 'Reactivate an archived conversation',
    ...staff,
    params: ById,
    reply: Conversation,
    handle: (change, { params, caller }) => reopenConversation(change, caller, params.id),
  }),
  list('/chat/rooms/:id/notes', {
    scope: 'inbox:read',
    isNumbered: true,
    summary: 'What the staff noted about a customer, newest first',
    ...staff,
    params: ById,
    query: shape({ before: BEFORE }),
    item: Message,
    handle: async (reading, { params, query, caller }) =>
      messagePage(await listNotes(reading, caller, params.id, query), query),
  }),
  write('post', '/chat/rooms/:id/notes', {
    scope: 'inbox:write',
    summary: 'Note something about a customer, for the staff only',
    ...staff,
    params: ById,
    body: NewMessage,
    reply: Message,
    refuses: ['room_not_active'],
    handle: (change, { params, body, caller }) => writeNote(change, caller, params.id, body),
  }),
  write('post', '/chat/rooms/:id/auto-responses/:responseId', {
    scope: 'inbox:write',
    summary: 'Send an automatic reply by hand',
    ...staff,
    params: shape({ id: id('Room.'), responseId: id('Automatic reply.') }),
    reply: shape({ messageId: id('What was sent.') }),
    refuses: ['room_not_active'],
    handle: (change, { params, caller }) => sendAutoResponse(change, caller, params.id, params.responseId),
  }),
]
