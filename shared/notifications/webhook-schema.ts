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

const url = webAddress('Takes a POST; on the public internet.')
const categories = nullable(
  Type.Array(choice(CATEGORIES, 'Category.'), {
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
    description: 'Facts that it hears of, each once; then no notifications.',
  },
)
const form = choice(
  FORMS,
  'Of a fact. thin: the id of what it is about; full: its data as in /asyncapi.json.',
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
      description: 'True again: what failed meanwhile waits for a replay.',
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
  failingSince: nullable(instant('Failing since.')),
  disabledAt: nullable(instant('When it was disabled.')),
  disabledReason: nullable(
    Type.String({ description: 'Its last answer, or that an ADMIN did it (named by the audit).' }),
  ),
  oldSecretUntil: nullable(instant('Until then the earlier secret signs, too.')),
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
  after: Type.Optional(id('Of facts, instead of since: after this one.')),
  all: Type.Optional(Type.Boolean({ description: 'Also what arrived; false unless given.' })),
})
export type Replay = Static<typeof Replay>
export const Replayed = shape({
  count: Type.Integer({ description: 'Deliveries ordered again, the oldest 1000 at a time.' }),
})

export const FactDelivery = shape({
  ...DeliveryAttempts.properties,
  factId: id('Its webhook-id, the same to every webhook and at every attempt.'),
  event: Type.String({ description: 'E.g. booking.changed; webhook.test: a test.' }),
  subjectId: id('What it is about; of one thing facts are sent one after the other.'),
  at: instant('When it happened.'),
  status: choice(
    DELIVERY_STATUSES,
    'PENDING: on its way. FAILED: given up. SKIPPED: the webhook was disabled.',
  ),
  reason: nullable(choice(REASONS, 'Why it was skipped.')),
})
export type FactDelivery = Static<typeof FactDelivery>
