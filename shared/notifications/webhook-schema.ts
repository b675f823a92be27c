// Webhooks: where an organisation's own systems hear of notifications, and the gateways of its text messages and calls.

import {
  choice,
  id,
  instant,
  instantGiven,
  nullable,
  shape,
  Type,
  webAddress,
  type Static,
} from '../kit/declare/schema.ts'
import { CATEGORIES, DELIVERY_STATUSES, REASONS, DeliveryAttempts } from './schema.ts'

/** WEBHOOK hears of notifications. SMS and AUTO_CALL are asked to send one; of these there is one each. */
const WEBHOOK_CHANNELS = ['WEBHOOK', 'SMS', 'AUTO_CALL'] as const

const url = webAddress('Takes a POST. Must be on the public internet.')
const categories = nullable(
  Type.Array(choice(CATEGORIES, 'What it hears of.'), {
    minItems: 1,
    uniqueItems: true,
    description: 'Null: everything.',
  }),
)

const FORMS = ['thin', 'full'] as const
const events = Type.Array(
  Type.String({
    pattern: '^([a-z]+\\.([a-z_]+|\\*)|\\*)$',
    description: 'A fact, or several: ticket.* or *.',
  }),
  {
    minItems: 1,
    maxItems: 50,
    uniqueItems: true,
    description: 'The facts that it hears of, each once; of notifications it hears nothing then.',
  },
)
const form = choice(
  FORMS,
  'What is sent of a fact. thin: the id of what it is about. full: its data as /asyncapi.json says.',
)

export const NewWebhook = shape({
  channel: Type.Optional({ ...choice(WEBHOOK_CHANNELS, 'What it is for.'), default: 'WEBHOOK' }),
  url,
  categories: Type.Optional(categories),
  events: Type.Optional(events),
  form: Type.Optional({ ...form, default: 'thin' }),
})
export type NewWebhook = Static<typeof NewWebhook>

export const WebhookPatch = Type.Partial(
  shape({
    url,
    categories,
    events,
    form,
    isEnabled: Type.Boolean({
      description: 'True again after it was disabled: what failed meanwhile waits for a replay.',
    }),
  }),
  { additionalProperties: false, minProperties: 1 },
)
export type WebhookPatch = Static<typeof WebhookPatch>

export const Webhook = shape({
  id: id('Webhook.'),
  channel: choice(WEBHOOK_CHANNELS, 'What it is for.'),
  url,
  categories,
  events: nullable(events),
  form,
  failingSince: nullable(instant('Since when nothing arrived there.')),
  disabledAt: nullable(instant('Since when nothing is sent there.')),
  disabledReason: nullable(
    Type.String({ description: 'What it answered last; or that an ADMIN did it, which the audit names.' }),
  ),
  oldSecretUntil: nullable(instant('Until then the secret before the last rotation signs as well.')),
  createdAt: instant('When it was made.'),
  updatedAt: instant('When it last changed.'),
})
export type Webhook = Static<typeof Webhook>

export const WebhookWithSecret = shape({
  ...Webhook.properties,
  secret: Type.String({ description: 'Signs what is sent (Standard Webhooks); shown this once.' }),
})
export type WebhookWithSecret = Static<typeof WebhookWithSecret>

export const Replay = shape({
  since: Type.Optional(instantGiven('From here on.')),
  after: Type.Optional(id('Of facts, instead of since: what comes after this one.')),
  all: Type.Optional(Type.Boolean({ description: 'Also what arrived; only what did not unless given.' })),
})
export type Replay = Static<typeof Replay>
export const Replayed = shape({
  count: Type.Integer({ description: 'Deliveries ordered again; the oldest thousand of them at a time.' }),
})

export const FactDelivery = shape({
  ...DeliveryAttempts.properties,
  factId: id('Fact: the webhook-id under which it is sent, the same to every webhook and at every attempt.'),
  event: Type.String({ description: 'What happened, e.g. booking.changed; webhook.test: a test.' }),
  subjectId: id('What it is about. Of one thing one fact is sent after the other.'),
  at: instant('When it happened.'),
  status: choice(
    DELIVERY_STATUSES,
    'PENDING: on its way. DELIVERED. FAILED: given up. SKIPPED: the webhook was disabled.',
  ),
  reason: nullable(choice(REASONS, 'Why it was skipped.')),
})
export type FactDelivery = Static<typeof FactDelivery>
