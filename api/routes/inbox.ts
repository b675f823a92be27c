import {
  addAutoResponse,
  changeAutoResponse,
  deleteAutoResponse,
  sendAutoResponse,
} from '../../shared/inbox/actions/auto-responses.ts'
import {
  assignConversation,
  changeConversation,
  openCustomerRoom,
  rateConversation,
  reopenConversation,
} from '../../shared/inbox/actions/conversations.ts'
import { addFaq, changeFaq, deleteFaq } from '../../shared/inbox/actions/faqs.ts'
import { listNotes, writeNote } from '../../shared/inbox/actions/notes.ts'
import { matchFaqs, suggestQuestions } from '../../shared/inbox/faq/matching.ts'
import { openedRoom } from '../../shared/inbox/queries/conversations.ts'
import {
  ConversationAssignment,
  AutoResponse,
  AutoResponsePatch,
  Conversation,
  ConversationPatch,
  ConversationRating,
  Faq,
  FaqMatch,
  FaqOffer,
  FaqPatch,
  ListedRoom,
  NewAutoResponse,
  NewCustomerRoom,
  NewFaq,
  Suggestion,
} from '../../shared/inbox/schema.ts'
import { Message, NewMessage } from '../../shared/chat/schema.ts'
import { withTotal } from '../../shared/kit/store/keyset.ts'
import { id, line, prose, shape, Type } from '../../shared/kit/declare/schema.ts'
import { getOrganisation } from '../../shared/organisations/queries.ts'
import { STAFF_ROLES } from '../../shared/organisations/roles.ts'
import { LARGE_BODY_LIMIT } from '../http/body.ts'
import { contentTag } from '../http/etag.ts'
import { list, read, write } from '../http/route-builders.ts'
import { BEFORE, messagePage } from './message-page.ts'
import {
  countAutoResponses,
  countFaqs,
  getFaq,
  getAutoResponse,
  listAutoResponses,
  listFaqOffers,
  listFaqs,
} from '../../shared/inbox/queries/faqs.ts'

const ById = shape({ id: id('Room, FAQ or automatic reply.') })
const staff = { access: STAFF_ROLES } as const
const etag = contentTag

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
    summary: 'Change the priority or the tags of a conversation',
    ...staff,
    params: ById,
    body: ConversationPatch,
    reply: Conversation,
    handle: (change, { params, body, caller }) => changeConversation(change, caller, params.id, body),
  }),
  write('put', '/chat/rooms/:id/rating', {
    scope: 'chat:write',
    summary: 'Rate the help one got in a conversation, once it is archived',
    params: ById,
    body: ConversationRating,
    reply: ListedRoom,
    refuses: ['not_closed'],
    handle: (change, { params, body, caller }) => rateConversation(change, caller, params.id, body.rating),
  }),
  write('put', '/chat/rooms/:id/reopen', {
    scope: 'inbox:write',
    summary: 'Reactivate a conversation that was archived',
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
    summary: 'Note something about a customer, who never receives it',
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

  list('/chat/faqs', {
    scope: 'inbox:read',
    asItself: true,
    summary: 'Frequent questions, highest priority first',
    ...staff,
    item: Faq,
    query: shape({
      q: Type.Optional(line('Part of the question, with accents or without.')),
      category: Type.Optional(line('Only these.', 100)),
      isActive: Type.Optional(Type.Boolean({ description: 'Only those that answer, or do not.' })),
    }),
    handle: async ({ db }, { query: { limit, offset, cursor, ...filter }, caller }) => {
      const part = { limit, offset, cursor }
      return withTotal(await listFaqs(db, caller.orgId, filter, part), part, () =>
        countFaqs(db, caller.orgId, filter),
      )
    },
  }),
  list('/chat/faqs/suggestions', {
    scope: 'inbox:read',
    asItself: true,
    summary: 'What customers asked and no FAQ answered, what most asked first',
    ...staff,
    item: Suggestion,
    query: shape({
      atLeast: Type.Integer({
        minimum: 1,
        maximum: 1000,
        default: 2,
        description: 'Asked in at least so many rooms.',
      }),
    }),
    handle: ({ db }, { query, caller }) => suggestQuestions(db, caller.orgId, query),
  }),
  list('/chat/faqs/offers', {
    scope: 'inbox:read',
    asItself: true,
    summary: 'What was offered where no FAQ was sure, and what customers chose, newest first',
    ...staff,
    item: FaqOffer,
    handle: ({ db }, { query, caller }) => listFaqOffers(db, caller.orgId, query),
  }),
  write('post', '/chat/faqs', {
    scope: 'inbox:write',
    asItself: true,
    summary: 'Add a frequent question',
    ...staff,
    body: NewFaq,
    bodyLimit: LARGE_BODY_LIMIT,
    reply: Faq,
    etag,
    refuses: ['too_many_faqs'],
    handle: (change, { body, caller }) => addFaq(change, caller, body),
  }),
  write('post', '/chat/faqs/match', {
    scope: 'inbox:read',
    asItself: true,
    summary: 'What a text would be answered, with every candidate’s score and why',
    ...staff,
    status: 200,
    idempotent: false,
    body: shape({ text: prose('As a customer might write it.', 5000) }),
    reply: Type.Array(FaqMatch),
    handle: async ({ db }, { body, caller }) =>
      (await matchFaqs(db, caller.orgId, body.text, (await getOrganisation(db, caller.orgId)).settings)).map(
        ({ faq: { id: faqId, question, confidenceThreshold, priority }, ...rest }) => ({
          faqId,
          question,
          confidenceThreshold,
          priority,
          ...rest,
        }),
      ),
  }),
  read('/chat/faqs/:id', {
    scope: 'inbox:read',
    asItself: true,
    summary: 'A frequent question',
    ...staff,
    params: ById,
    reply: Faq,
    etag,
    handle: ({ db }, { params, caller }) => getFaq(db, caller.orgId, params.id),
  }),
  write('put', '/chat/faqs/:id', {
    scope: 'inbox:write',
    asItself: true,
    summary: 'Change a frequent question',
    ...staff,
    params: ById,
    body: FaqPatch,
    bodyLimit: LARGE_BODY_LIMIT,
    reply: Faq,
    etag,
    refuses: ['too_many_faqs'],
    handle: (change, { params, body, caller, ifMatch }) =>
      changeFaq(change, caller, params.id, body, ifMatch),
  }),
  write('delete', '/chat/faqs/:id', {
    scope: 'inbox:write',
    asItself: true,
    summary: 'Remove a frequent question',
    ...staff,
    params: ById,
    reply: Faq,
    handle: (change, { params, caller }) => deleteFaq(change, caller, params.id),
  }),

  list('/chat/auto-responses', {
    scope: 'inbox:read',
    asItself: true,
    summary: 'Automatic replies',
    ...staff,
    item: AutoResponse,
    handle: async ({ db }, { query, caller }) =>
      withTotal(await listAutoResponses(db, caller.orgId, query), query, () =>
        countAutoResponses(db, caller.orgId),
      ),
  }),
  write('post', '/chat/auto-responses', {
    scope: 'inbox:write',
    asItself: true,
    summary: 'Add an automatic reply',
    ...staff,
    body: NewAutoResponse,
    reply: AutoResponse,
    etag,
    refuses: ['too_many_auto_responses'],
    handle: (change, { body, caller }) => addAutoResponse(change, caller, body),
  }),
  read('/chat/auto-responses/:id', {
    scope: 'inbox:read',
    asItself: true,
    summary: 'An automatic reply',
    ...staff,
    params: ById,
    reply: AutoResponse,
    etag,
    handle: ({ db }, { params, caller }) => getAutoResponse(db, caller.orgId, params.id),
  }),
  write('put', '/chat/auto-responses/:id', {
    scope: 'inbox:write',
    asItself: true,
    summary: 'Change an automatic reply',
    ...staff,
    params: ById,
    body: AutoResponsePatch,
    reply: AutoResponse,
    etag,
    handle: (change, { params, body, caller, ifMatch }) =>
      changeAutoResponse(change, caller, params.id, body, ifMatch),
  }),
  write('delete', '/chat/auto-responses/:id', {
    scope: 'inbox:write',
    asItself: true,
    summary: 'Remove an automatic reply',
    ...staff,
    params: ById,
    reply: AutoResponse,
    handle: (change, { params, caller }) => deleteAutoResponse(change, caller, params.id),
  }),
]
