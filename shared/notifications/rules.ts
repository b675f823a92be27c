// Which ways a notification goes, when, and why not; and when an attempt that failed is made again. Pure.

import { everyDay, isOpen, nextClosing, nextTimeOfDay } from '../kit/time/calendar.ts'
import { HOUR, SECOND } from '../kit/time/time.ts'
import type { Category, Channel, Preferences, Priority, QuietHours, Reason } from './schema.ts'

export interface NotificationContext {
  category: Category
  priority: Priority
  isRead: boolean
  isDeleted: boolean
}

export interface Audience {
  isActive: boolean
  hasPhone: boolean
  hasAddress: boolean
  /** Of the organisation; quiet hours may name another. */
  timezone: string
  preferences: Preferences
  subscriptions: readonly string[]
  webhooks: readonly {
    id: string
    channel: Channel
    categories: readonly Category[] | null
    isDisabled: boolean
  }[]
}

/** What this installation is set up for. */
export interface Capabilities {
  canMail: boolean
  canPush: boolean
}

/** Now (no date, no reason); from then on; or not at all. */
export interface ChannelPlan {
  skip?: Reason
  notBefore?: Date
  reason?: Reason
}

export interface DeliveryPlan extends ChannelPlan {
  channel: Channel
  targetId: string | null
}

export const NO_PREFERENCES: Preferences = {
  choices: [],
  quietHours: null,
  snoozeUntil: null,
  digestAt: null,
}

/** One order for each way there is, those that are not taken included: people ask why. */
export function planDeliveries(
  occasion: NotificationContext,
  audience: Audience,
  equipment: Capabilities,
  now: Date,
): DeliveryPlan[] {
  const personal = (channel: Channel, targetId: string | null, missing?: Reason): DeliveryPlan => ({
    channel,
    targetId,
    ...planPersonal(channel, occasion, audience, missing, now),
  })
  const subscriptions = equipment.canPush ? audience.subscriptions : []
  return [
    personal('IN_APP', null),
    personal('EMAIL', null, lackingForMail(audience, equipment)),
    ...subscriptions.map((id) => personal('APP_PUSH', id)),
    ...(subscriptions.length === 0
      ? [personal('APP_PUSH', null, equipment.canPush ? 'no_subscription' : 'no_push_keys')]
      : []),
    ...planWebhooks(occasion, audience),
    ...(['SMS', 'AUTO_CALL'] as const).map((channel) => {
      const gateway = audience.webhooks.find((each) => each.channel === channel)
      return personal(channel, gateway?.id ?? null, lackingForPhone(gateway, audience))
    }),
  ]
}

function lackingForMail({ hasAddress }: Audience, { canMail }: Capabilities): Reason | undefined {
  if (!canMail) return 'no_mail_server'
  return hasAddress ? undefined : 'no_address'
}

function lackingForPhone(
  gateway: { isDisabled: boolean } | undefined,
  { hasPhone }: Audience,
): Reason | undefined {
  if (!gateway) return 'no_gateway'
  if (gateway.isDisabled) return 'webhook_disabled'
  return hasPhone ? undefined : 'no_phone'
}

/** They are the organisation's: no person's wishes and no quiet hours. */
function planWebhooks({ category }: NotificationContext, { webhooks }: Audience): DeliveryPlan[] {
  const listening = webhooks.filter(
    (each) => each.channel === 'WEBHOOK' && (each.categories?.includes(category) ?? true),
  )
  if (listening.length === 0) return [{ channel: 'WEBHOOK', targetId: null, skip: 'no_webhook' }]
  return listening.map(({ id, isDisabled }) => ({
    channel: 'WEBHOOK',
    targetId: id,
    ...(isDisabled && { skip: 'webhook_disabled' }),
  }))
}

/**
 * The same when it is ordered and when its time has come, so that a wish that changed meanwhile counts.
 * @param missing what it could not go without
 */
export function planPersonal(
  channel: Channel,
  occasion: NotificationContext,
  audience: Audience,
  missing: Reason | undefined,
  now: Date,
): ChannelPlan {
  if (occasion.isDeleted) return { skip: 'deleted' }
  const wish = wishFor(channel, occasion, audience.preferences)
  if (channel === 'IN_APP') return wish === 'turned_off' ? { skip: wish } : {}
  if (!audience.isActive) return { skip: 'left' }
  if (missing) return { skip: missing }
  if (occasion.isRead) return { skip: 'already_read' }
  const { digestAt } = audience.preferences
  if (digestAt !== null && channel === 'EMAIL' && occasion.priority === 'low' && wish !== 'turned_off')
    return { reason: 'digest', notBefore: nextTimeOfDay(audience.timezone, digestAt, now) }
  return wish ? { skip: wish } : planQuietHours(occasion.priority, audience, now)
}

/** What is urgent passes. */
export function planQuietHours(
  priority: Priority,
  { preferences, timezone }: Pick<Audience, 'preferences' | 'timezone'>,
  now: Date,
): ChannelPlan {
  if (priority === 'urgent') return {}
  const { snoozeUntil, quietHours } = preferences
  if (snoozeUntil && now < snoozeUntil) return { reason: 'snoozed', notBefore: snoozeUntil }
  const quietUntil = quietHours && quietUntilFrom(quietHours, timezone, now)
  return quietUntil ? { reason: 'quiet_hours', notBefore: quietUntil } : {}
}

/** @returns undefined when it may go */
function wishFor(
  channel: Channel,
  { category, priority }: NotificationContext,
  { choices }: Preferences,
): 'turned_off' | 'not_by_default' | undefined {
  const choice = choices.find((each) => each.category === category && each.channel === channel)
  if (choice) return choice.isOn ? undefined : 'turned_off'
  return isOnByDefault(channel, category, priority) ? undefined : 'not_by_default'
}

/**
 * Everything in the app; on the phone's screen what is worth a look; by mail what waits for a decision or
 * cannot wait, but not what is said in rooms; the phone rings for emergencies only.
 */
function isOnByDefault(channel: Channel, category: Category, priority: Priority): boolean {
  if (channel === 'APP_PUSH') return priority !== 'low'
  if (channel === 'EMAIL' && category !== 'chat')
    return category === 'approval' || priority === 'high' || priority === 'urgent'
  return channel === 'IN_APP' || priority === 'urgent'
}

/** The same engine as for opening hours. @returns undefined when it is not quiet */
function quietUntilFrom(
  { from, until, timezone }: QuietHours,
  orgTimezone: string,
  now: Date,
): Date | undefined {
  const quiet = everyDay(timezone ?? orgTimezone, { from, to: until })
  return isOpen(quiet, now) ? nextClosing(quiet, now) : undefined
}

/** Those who have to decide, or to hurry, are asked alone for longer: but a flood of such mails is read by nobody either. */
const PRESSING = 3

/** @returns how many mails may have gone to the person within the hour, this one included, for it to go alone */
export function mailCeiling(
  perHour: number,
  { priority, asksForDecision }: { priority: Priority; asksForDecision: boolean },
): number {
  return asksForDecision || priority === 'urgent' ? perHour * PRESSING : perHour
}

/** Within six hours somebody mends a server, or nobody does. */
const LONGEST_PAUSE = 6 * HOUR
/** A tenth attempt after 21 hours, with a first pause of 30 s. */
const GROWTH = 3
/** What failed together is not tried again together. */
const JITTER = 0.2

/**
 * @param attempt which one failed, from 1 · @param chance from 0 to 1 · @param asked milliseconds that the
 * other side asks to wait, at least
 */
export function pauseAfter(attempt: number, first: number, chance: number, asked = 0): number {
  const pause = Math.min(first * GROWTH ** (attempt - 1), LONGEST_PAUSE)
  return Math.max(pause * (1 - JITTER + 2 * JITTER * chance), Math.min(asked, 24 * HOUR))
}

/** Milliseconds beyond the time of an attempt, for writing down what came of it; afterwards whoever claimed it is given up for dead. */
export const CLAIM_MARGIN = 5 * SECOND
