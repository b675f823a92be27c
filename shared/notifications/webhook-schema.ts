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
import { CATEGORIES } from './schema.ts'

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

export const NewWebhook = shape({
  channel: choice(WEBHOOK_CHANNELS, 'What it is for.'),
  url,
  categories: Type.Optional(categories),
})
export type NewWebhook = Static<typeof NewWebhook>

export const WebhookPatch = Type.Partial(
  shape({
    url,
    categories,
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
  since: instantGiven('From here on.'),
  all: Type.Optional(Type.Boolean({ description: 'Also what arrived; only what did not unless given.' })),
})
export type Replay = Static<typeof Replay>
export const Replayed = shape({
  count: Type.Integer({ description: 'Deliveries ordered again; the oldest thousand of them at a time.' }),
})
