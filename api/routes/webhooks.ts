import { id, shape } from '../../shared/kit/declare/schema.ts'
import {
  addWebhook,
  changeWebhook,
  removeWebhook,
  replayDeliveries,
  rotateSecret,
  testWebhook,
} from '../../shared/notifications/actions/webhooks.ts'
import {
  getWebhook,
  listDeliveriesTo,
  listFactsTo,
  listWebhooks,
} from '../../shared/notifications/queries.ts'
import { Delivery } from '../../shared/notifications/schema.ts'
import {
  FactDelivery,
  NewWebhook,
  Replay,
  Replayed,
  Webhook,
  WebhookPatch,
  WebhookWithSecret,
} from '../../shared/notifications/webhook-schema.ts'
import type { Route } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'

const ById = shape({ id: id('Webhook.') })
const access = ['ADMIN'] as const

export const webhookRoutes: Route[] = [
  list('/webhooks', {
    summary: 'Webhooks, and gateways for text messages and calls',
    access,
    item: Webhook,
    handle: ({ db }, { query, caller }) => listWebhooks(db, caller.orgId, query),
  }),
  write('post', '/webhooks', {
    summary: 'Add one; the answer shows its secret, this once',
    access,
    body: NewWebhook,
    reply: WebhookWithSecret,
    idempotent: false,
    handle: (change, { body, caller }) => addWebhook(change, caller, body),
  }),
  read('/webhooks/:id', {
    summary: 'One of them',
    access,
    params: ById,
    reply: Webhook,
    handle: ({ db }, { params, caller }) => getWebhook(db, caller.orgId, params.id),
  }),
  write('patch', '/webhooks/:id', {
    summary: 'Change it, disable it, enable it again',
    access,
    params: ById,
    body: WebhookPatch,
    reply: Webhook,
    handle: (change, { params, body, caller }) => changeWebhook(change, caller, params.id, body),
  }),
  write('delete', '/webhooks/:id', {
    summary: 'Remove it',
    access,
    params: ById,
    reply: Webhook,
    handle: (change, { params, caller }) => removeWebhook(change, caller, params.id),
  }),
  write('post', '/webhooks/:id/rotate', {
    summary: 'Give it a new secret; for a day the old one signs as well',
    access,
    params: ById,
    reply: WebhookWithSecret,
    idempotent: false,
    handle: (change, { params, caller }) => rotateSecret(change, caller, params.id),
  }),
  write('post', '/webhooks/:id/replay', {
    summary: 'Send again what did not arrive there, or everything',
    access,
    params: ById,
    body: Replay,
    reply: Replayed,
    handle: (change, { params, body, caller }) => replayDeliveries(change, caller, params.id, body),
  }),
  write('post', '/webhooks/:id/test', {
    summary: 'Send a test there, as a fact would be sent',
    access,
    params: ById,
    status: 202,
    reply: FactDelivery,
    handle: (change, { params, caller }) => testWebhook(change, caller, params.id),
  }),
  list('/webhooks/:id/facts', {
    summary: 'Facts sent there in the last 30 days, newest first',
    access,
    params: ById,
    item: FactDelivery,
    handle: async ({ db }, { params, query, caller }) =>
      listFactsTo(db, (await getWebhook(db, caller.orgId, params.id)).id, query),
  }),
  list('/webhooks/:id/deliveries', {
    summary: 'What was sent there, newest first',
    access,
    params: ById,
    item: Delivery,
    handle: async ({ db }, { params, query, caller }) =>
      listDeliveriesTo(db, (await getWebhook(db, caller.orgId, params.id)).id, query),
  }),
]
