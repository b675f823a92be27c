// Shapes of what other programs are known by and what they tell.

import {
  choice,
  day,
  id,
  instant,
  instantGiven,
  line,
  nullable,
  openShape as open,
  prose,
  shape,
  Type,
  type Static,
  type TProperties,
} from '../kit/declare/schema.ts'
import { PRIORITIES } from '../notifications/schema.ts'
import type { Locale } from '../organisations/schema.ts'
import { externalId } from '../users/schema.ts'
import { SCOPES, TOKEN_SCOPES, type Scope } from './scopes.ts'

/** What every key begins with, so that it is known for one wherever it turns up. */
export const KEY_PREFIX = 'bh_'

const name = line('What the organisation calls it.', 100)
const scopes = Type.Array(choice(SCOPES, 'Scope.'), {
  minItems: 1,
  uniqueItems: true,
  description:
    'As x-scope of operations names them. act-as: also for people, whom X-Act-As names; act-as:admin: for ADMINs, too.',
})
const addresses = Type.Array(
  Type.String({ format: 'network', description: 'Or a network such as 203.0.113.0/24.' }),
  { maxItems: 50, description: 'From where it is good; none: from everywhere.' },
)

export const ApiKey = shape({
  id: id('Key.'),
  name,
  scopes,
  addresses,
  expiresAt: nullable(instant('Until when it is good.')),
  hint: Type.String({ description: 'Its first characters.' }),
  createdById: nullable(id('null: whoever operates the installation.')),
  createdAt: instant('When.'),
  rotatedAt: nullable(instant('When it was last renewed.')),
  previousUntil: nullable(instant('Until when the one before is good, too.')),
  lastUsedAt: nullable(instant('To the minute.')),
  revokedAt: nullable(instant('When it was taken back.')),
})
export type ApiKey = Static<typeof ApiKey>

export const FreshApiKey = shape({
  ...ApiKey.properties,
  key: Type.String({ description: 'Shown this once; not kept here.' }),
})
export type FreshApiKey = Static<typeof FreshApiKey>

export const NewApiKey = shape({
  name,
  scopes: Type.Optional({ ...scopes, default: ['events:write'] }),
  addresses: Type.Optional(addresses),
  expiresAt: Type.Optional(instantGiven('For ever unless given.')),
})
export type NewApiKey = Static<typeof NewApiKey>
export const Rotation = shape({
  overlapHours: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 720,
      default: 24,
      description: 'How long the old one is good, too.',
    }),
  ),
})

/** A program. What it may do is not what the person who made its key may do, but what the key's scopes say. */
export interface KeyHolder {
  id: string
  orgId: string
  name: string
  scopes: readonly Scope[]
  addresses: readonly string[]
  /** Of the secret that it came with; null: for ever. */
  goodUntil: Date | null
  lastUsedAt: Date | null
  /** Of the organisation. */
  locale: Locale
}

export const TokenRequest = shape({
  userId: Type.Optional(id('For whom.')),
  externalId: Type.Optional(externalId),
  scopes: Type.Optional(
    Type.Array(choice(TOKEN_SCOPES, 'Scope.'), {
      minItems: 1,
      uniqueItems: true,
      description:
        'Operations of such x-scope and, with sockets, hearing what the person hears. Unless given: all that they may.',
    }),
  ),
  ttl: Type.Optional(Type.Integer({ minimum: 60, maximum: 3600, default: 900, description: 'Seconds.' })),
})
export type TokenRequest = Static<typeof TokenRequest>

export const PersonToken = shape({
  userId: id('For whom.'),
  accessToken: Type.String({
    description: 'As one of a sign-in; cannot be refreshed.',
  }),
  expiresAt: instant('Until when.'),
})
export type PersonToken = Static<typeof PersonToken>

const PAYLOAD_BYTES = 4096
const clientName = line('Who it is for.')
const service = line('What it is.')
const date = day("In the organisation's time zone.")
const time = Type.String({ format: 'time-of-day', description: "In the organisation's time zone." })
const Appointment = open({ clientName, service: Type.Optional(service), date, time })
const Booking = open({ clientName, service, date, time })
const Payment = open({
  amount: Type.Number({ minimum: 0, description: 'In units of the currency, not cents.' }),
  currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217; VND unless given.' })),
  clientName: Type.Optional(clientName),
})

/** It goes along with each notification. */
const told = <P extends TProperties>(properties: P) => open(properties, PAYLOAD_BYTES)

/** What each type of event tells. */
const PAYLOADS = {
  'booking.created': told({ booking: Booking }),
  'booking.status-changed': told({
    booking: Booking,
    oldStatus: line('Old status.', 50),
    newStatus: line('Where it stands.', 50),
  }),
  'payment.received': told({ payment: Payment }),
  'payment.failed': told({ payment: Payment }),
  'client.created': told({ client: open({ name: line('Name.') }) }),
  'appointment.reminder': told({ appointment: Appointment }),
  'staff.availability-changed': told({
    staff: open({ name: line('Name.') }),
    isAvailable: Type.Boolean({ description: 'Whether they are available.' }),
  }),
  'inventory.low-stock': told({
    product: open({
      name: line('Name.'),
      quantity: Type.Optional(Type.Number({ description: 'What is left.' })),
    }),
  }),
  'system.alert': told({
    alert: open({
      title: line('What it is about.', 100),
      message: prose('Message.', 1000),
      priority: Type.Optional(choice(PRIORITIES, 'high unless given.')),
    }),
  }),
} as const

type EventType = keyof typeof PAYLOADS
export type PayloadOf<T extends EventType> = Static<(typeof PAYLOADS)[T]>
export type OutsideEvent = { [T in EventType]: { id: string; type: T; payload: PayloadOf<T> } }[EventType]
export const EVENT_TYPES = Object.keys(PAYLOADS).filter((type): type is EventType => type in PAYLOADS)

const eventId = Type.String({
  pattern: '^[\\x21-\\x7e]{1,200}$',
  description: 'Chosen by the sender: one id is one event, however often sent.',
})

export const OutsideEvent = Type.Unsafe<OutsideEvent>({
  type: 'object',
  discriminator: { propertyName: 'type' },
  oneOf: EVENT_TYPES.map((type) =>
    shape({
      id: eventId,
      type: Type.Literal(type, { description: 'What happened.' }),
      payload: PAYLOADS[type],
    }),
  ),
})

export const ReceivedEvent = shape({
  id: eventId,
  type: choice(EVENT_TYPES, 'What happened.'),
  receivedAt: instant('When it came first.'),
  toldAt: nullable(instant('When the staff was told.')),
})
export type ReceivedEvent = Static<typeof ReceivedEvent>
