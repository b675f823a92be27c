// A notification is the fact that somebody was to be told; a delivery is an attempt to reach them over one channel.

import {
  choice,
  id,
  instant,
  instantGiven,
  line,
  nullable,
  opaque,
  shape,
  Type,
  webAddress,
  type Static,
} from '../kit/declare/schema.ts'

export const CATEGORIES = [
  'booking',
  'approval',
  'chat',
  'support',
  'payment',
  'client',
  'appointment',
  'staff',
  'inventory',
  'system',
  'audit',
] as const
export type Category = (typeof CATEGORIES)[number]
export const PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const
export type Priority = (typeof PRIORITIES)[number]
export const CHANNELS = ['IN_APP', 'APP_PUSH', 'EMAIL', 'WEBHOOK', 'SMS', 'AUTO_CALL'] as const
export type Channel = (typeof CHANNELS)[number]
export const DELIVERY_STATUSES = ['PENDING', 'SENT', 'DELIVERED', 'FAILED', 'SKIPPED'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

export const Notification = shape({
  id: id('Notification.'),
  userId: id('User.'),
  category: choice(CATEGORIES, 'What it is about.'),
  type: line('E.g. APPROVAL_REQUIRED.'),
  title: line('In the language of whoever is told.'),
  message: Type.String({ description: 'In the language of whoever is told.' }),
  data: opaque('Ids to go on with.'),
  priority: choice(PRIORITIES, 'urgent passes quiet hours.'),
  bookingId: nullable(id('Booking.')),
  readAt: nullable(instant('When it was read.')),
  createdAt: instant('When it happened.'),
})
export type Notification = Static<typeof Notification>

/** Which of them it is about, where it is not all. */
export const NotificationKind = shape({
  category: Type.Optional(choice(CATEGORIES, 'Only these.')),
  except: Type.Optional(choice(['audit'], 'All but what ADMINs are told of the audit.')),
})
export type NotificationKind = Static<typeof NotificationKind>

/** Whatever says that it was read stays: an older event may come after a newer one. */
export const NotificationChange = shape({
  id: nullable(
    id(
      'Notification; null: all of the kind (`category`, `except`), or all, that were created at `until` or before.',
    ),
  ),
  until: nullable(instant('Set where it is about many.')),
  ...NotificationKind.properties,
  readAt: nullable(instant('When it was read; null: not changed by this.')),
  isDeleted: Type.Boolean({ description: 'It is gone.' }),
})

export const UnreadCount = shape({
  count: Type.Integer({ description: '1000: or more.' }),
})
export const Marked = shape({ count: Type.Integer({ description: 'How many were marked.' }) })

/** Pages of ours that a mail may lead to. */
export const LINKED_PAGES = ['decisions'] as const
export type LinkedPage = (typeof LINKED_PAGES)[number]

/** Why a delivery waits, or was skipped. Said in sentences in wording.ts. */
export const REASONS = [
  'quiet_hours',
  'snoozed',
  'digest',
  'many_mails',
  'turned_off',
  'not_by_default',
  'already_read',
  'deleted',
  'left',
  'no_address',
  'no_phone',
  'no_subscription',
  'subscription_over',
  'no_webhook',
  'no_mail_server',
  'no_push_keys',
  'no_gateway',
  'webhook_disabled',
  'webhook_deleted',
  'nothing_left',
] as const
export type Reason = (typeof REASONS)[number]

/** What deliveries of all kinds have. */
export const DeliveryAttempts = shape({
  id: id('Delivery.'),
  attempts: Type.Integer({ description: 'Attempts.' }),
  lastError: nullable(Type.String({ description: 'Last error.' })),
  nextAttemptAt: nullable(instant('When the next attempt is.')),
  providerResponse: nullable(opaque('Provider response.')),
  createdAt: instant('When it was made.'),
  updatedAt: instant('When it last changed.'),
})

export const Delivery = shape({
  ...DeliveryAttempts.properties,
  notificationId: nullable(id('null: of a digest.')),
  channel: choice(CHANNELS, 'Channel.'),
  targetId: nullable(id('Subscription or webhook, where there are several.')),
  status: choice(
    DELIVERY_STATUSES,
    'SENT: the other side took it. DELIVERED: a webhook confirmed it. FAILED: given up, until somebody tries again. SKIPPED: not sent.',
  ),
  reason: nullable(choice(REASONS, 'Why it waits or was skipped.')),
})
export type Delivery = Static<typeof Delivery>

export const Explanation = shape({
  ...Delivery.properties,
  explanation: Type.String({ description: 'In the language of whoever is told.' }),
})
export type Explanation = Static<typeof Explanation>

/** WEBHOOK is the organisation's, not a person's. */
const PERSONAL_CHANNELS = [
  'IN_APP',
  'APP_PUSH',
  'EMAIL',
  'SMS',
  'AUTO_CALL',
] as const satisfies readonly Channel[]

const timeOfDay = (description: string) => Type.String({ format: 'time-of-day', description })
const timezone = Type.String({ format: 'time-zone', description: 'IANA time zone.' })

const Choice = shape({
  category: choice(CATEGORIES, 'What it is about.'),
  channel: choice(PERSONAL_CHANNELS, 'Channel.'),
  isOn: Type.Boolean({ description: 'Everything of it, or nothing.' }),
})
type Choice = Static<typeof Choice>

export const QuietHours = shape({
  from: timeOfDay('Start.'),
  until: timeOfDay('Before the start: on the next day.'),
  timezone: Type.Optional(timezone),
})
export type QuietHours = Static<typeof QuietHours>

export const NewPreferences = shape({
  choices: Type.Optional(
    Type.Array(Choice, {
      maxItems: CATEGORIES.length * PERSONAL_CHANNELS.length,
      description: 'Other than the default.',
    }),
  ),
  quietHours: Type.Optional(nullable(QuietHours)),
  snoozeUntil: Type.Optional(nullable(instantGiven('Until then only what is urgent disturbs.'))),
  digestAt: Type.Optional(nullable(timeOfDay('Low-priority ones come in one mail a day, then.'))),
})
export type NewPreferences = Static<typeof NewPreferences>

export const Preferences = shape({
  choices: Type.Array(Choice),
  quietHours: nullable(QuietHours),
  snoozeUntil: nullable(instant('Until then only what is urgent disturbs.')),
  digestAt: nullable(timeOfDay('Low-priority ones come in one mail a day, then.')),
})
export type Preferences = Static<typeof Preferences>

export const PushKey = shape({
  publicKey: nullable(Type.String({ description: 'applicationServerKey; null: push is not configured.' })),
})

const base64url = (description: string) =>
  Type.String({ pattern: '^[\\w-]+=*$', maxLength: 200, description })

/** As the browser's PushSubscription says it. */
export const NewSubscription = shape({
  endpoint: webAddress('Endpoint.'),
  keys: shape({ p256dh: base64url('Its public key.'), auth: base64url('Its authentication secret.') }),
  expirationTime: Type.Optional(nullable(Type.Number({ description: 'As the browser says; not needed.' }))),
})
export type NewSubscription = Static<typeof NewSubscription>

export const Subscription = shape({
  id: id('Subscription.'),
  endpoint: Type.String({ description: 'Endpoint.' }),
  createdAt: instant('When it was made.'),
})
export type Subscription = Static<typeof Subscription>

/**
 * What somebody can do about what they are told. `decision` of an approval; `reply` to a customer's room, or taking it on, or putting it
 * away; `care` of a ticket: taking it on or answering; its `answer`; its `solution`; `assignment` of a trip; `review` of a booking:
 * whatever is done with it; `delegation` of somebody's decisions; `webhook`: that it is turned on again, or removed.
 */
export type DeedKind =
  | 'decision'
  | 'reply'
  | 'care'
  | 'answer'
  | 'solution'
  | 'assignment'
  | 'review'
  | 'delegation'
  | 'webhook'
/** Of what, by its id. */
export type Deed = `${DeedKind}:${string}`
