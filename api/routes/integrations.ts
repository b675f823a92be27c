import { makeApiKey, revokeApiKey, rotateApiKey } from '../../shared/integrations/actions/keys.ts'
import { makePersonToken } from '../../shared/integrations/actions/tokens.ts'
import { receiveEvent } from '../../shared/integrations/actions/receive.ts'
import { getReceivedEvent, listApiKeys } from '../../shared/integrations/queries.ts'
import {
  ApiKey,
  FreshApiKey,
  NewApiKey,
  OutsideEvent,
  PersonToken,
  ReceivedEvent,
  Rotation,
  TokenRequest,
} from '../../shared/integrations/schema.ts'
import { id, line, shape } from '../../shared/kit/declare/schema.ts'
import type { Route } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'

const ById = shape({ id: id('Key.') })
const ADMINS = { access: ['ADMIN'] } as const
/** A repeated answer would repeat the key. */
const showsKey = { ...ADMINS, reply: FreshApiKey, idempotent: false }

export const integrationRoutes: Route[] = [
  list('/api-keys', {
    summary: 'Keys of other programs, newest first',
    ...ADMINS,
    item: ApiKey,
    handle: ({ db }, { query, caller }) => listApiKeys(db, caller.orgId, query),
  }),
  write('post', '/api-keys', {
    summary: 'Make a key; it is shown this once',
    ...showsKey,
    body: NewApiKey,
    handle: (change, { body, caller }) => makeApiKey(change, caller, body),
  }),
  write('post', '/api-keys/:id/rotate', {
    summary: 'Renew a key; the old one is good for a while yet',
    ...showsKey,
    params: ById,
    body: Rotation,
    refuses: ['revoked'],
    handle: (change, { params, body, caller }) => rotateApiKey(change, caller, params.id, body.overlapHours),
  }),
  write('delete', '/api-keys/:id', {
    summary: 'Take a key back, at once',
    ...ADMINS,
    params: ById,
    reply: ApiKey,
    handle: (change, { params, caller }) => revokeApiKey(change, caller, params.id),
  }),

  write('post', '/auth/token', {
    scope: 'tokens:write',
    summary: 'An access token for a person whom the program recognised',
    access: 'api-key',
    status: 200,
    body: TokenRequest,
    reply: PersonToken,
    idempotent: false,
    handle: (change, { body, caller }) => makePersonToken(change, caller, body),
  }),

  write('post', '/events', {
    scope: 'events:write',
    summary: 'Tell the staff what happened elsewhere; the same id is told once',
    access: 'api-key',
    status: 202,
    body: OutsideEvent,
    reply: ReceivedEvent,
    idempotent: false,
    location: ({ id }) => `/events/${encodeURIComponent(id)}`,
    handle: (change, { body, caller }) => receiveEvent(change, caller, body),
  }),
  read('/events/:id', {
    scope: 'events:write',
    summary: 'Whether the staff was told',
    access: 'api-key',
    params: shape({ id: line('As the sender chose it.') }),
    reply: ReceivedEvent,
    handle: ({ db }, { params, caller }) => getReceivedEvent(db, caller.orgId, params.id),
  }),
]
