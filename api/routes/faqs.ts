import {
  addAutoResponse,
  changeAutoResponse,
  deleteAutoResponse,
} from '../../shared/inbox/actions/auto-responses.ts'
import { addFaq, changeFaq, deleteFaq } from '../../shared/inbox/actions/faqs.ts'
import { matchFaqs, suggestQuestions } from '../../shared/inbox/faq/matching.ts'
import {
  AutoResponse,
  AutoResponsePatch,
  Faq,
  FaqMatch,
  FaqOffer,
  FaqPatch,
  NewAutoResponse,
  NewFaq,
  Suggestion,
} from '../../shared/inbox/schema.ts'
import { withTotal } from '../../shared/kit/store/keyset.ts'
import { id, line, prose, shape, Type } from '../../shared/kit/declare/schema.ts'
import { getOrganisation } from '../../shared/organisations/queries.ts'
import { STAFF_ROLES } from '../../shared/organisations/roles.ts'
import { LARGE_BODY_LIMIT } from '../http/body.ts'
import { contentTag } from '../http/etag.ts'
import { list, read, write } from '../http/route-builders.ts'
import {
  countAutoResponses,
  countFaqs,
  getFaq,
  getAutoResponse,
  listAutoResponses,
  listFaqOffers,
  listFaqs,
} from '../../shared/inbox/queries/faqs.ts'

const ById = shape({ id: id('FAQ or automatic reply.') })
const staff = { access: STAFF_ROLES } as const
const etag = contentTag

export const faqRoutes = [
  list('/chat/faqs', {
    scope: 'inbox:read',
    asItself: true,
    summary: 'Frequent questions, highest priority first',
    ...staff,
    item: Faq,
    query: shape({
      q: Type.Optional(line('Part of the question.')),
      category: Type.Optional(line('Only these.', 100)),
      isActive: Type.Optional(Type.Boolean({ description: 'Only these.' })),
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
    summary: 'What no FAQ answered, what most asked first',
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
    summary: 'FAQs offered where none was sure, and what customers chose, newest first',
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
    summary: 'What a text would be answered, with each candidate’s score and why',
    ...staff,
    status: 200,
    idempotent: false,
    body: shape({ text: prose('Text.', 5000) }),
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
