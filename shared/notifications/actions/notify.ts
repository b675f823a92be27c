// Telling people. The fact is stored first, so that whoever was away finds it later; each attempt to reach is a job.

import { randomUUID } from 'node:crypto'
import type { Change } from '../../kit/store/change.ts'
import { notFound } from '../../kit/declare/errors.ts'
import { userChannel } from '../../kit/declare/event.ts'
import type { Actor } from '../../organisations/roles.ts'
import { orderDeliveries } from './plan-deliveries.ts'
import { CATALOGUE, deedsOf, type NotificationType, type ParametersOf } from '../catalogue.ts'
import { canPush } from '../delivery/push.ts'
import { notificationChangedEvent, notificationCreatedEvent } from '../events.ts'
import { findStoredNotification, listRecipients, type Recipient } from '../queries.ts'
import { planDeliveries, type Capabilities } from '../rules.ts'
import type { Deed, Notification, NotificationKind, Priority } from '../schema.ts'
import {
  NOTIFICATION_ROWS,
  setAllRead,
  setDeleted,
  setRead,
  setSettledRead,
  type NotificationLink,
} from '../table/notifications.ts'
import { wordsFor } from '../words.ts'
import { lockDelivery, updateDelivery } from '../table/deliveries.ts'

export interface NotificationRequest<T extends NotificationType> {
  orgId: string
  userId: string
  type: T
  parameters: ParametersOf<T>
  bookingId?: string
  data?: Record<string, unknown>
  /** Whom its words name, and who wrote them; what stands under an id in `data` is added. */
  people?: readonly (string | null)[]
  /** What its type asks for; of several, all. */
  asks?: readonly Deed[]
  /** Where it is not the type that says how much it presses. */
  priority?: Priority | undefined
  /** The page of ours that a mail about it leads to. */
  link?: NotificationLink
}

/**
 * Stores the notification in the person's language, shows it, and orders its other deliveries: at the end of the change, for all
 * whom it tells together. What the change settles (`settleNotifications`) it settles before that.
 */
export function notify<T extends NotificationType>(change: Change, request: NotificationRequest<T>): void {
  change.addToBatch(storeNotifications, request)
}

async function storeNotifications(
  change: Change,
  requests: readonly NotificationRequest<NotificationType>[],
): Promise<void> {
  const recipients = await listRecipients(
    change,
    requests.map(({ userId }) => userId),
  )
  for (const request of requests) {
    const recipient = recipients.get(request.userId)
    if (recipient?.reader.orgId !== request.orgId) throw notFound('User')
    await store(change, request, recipient)
  }
}

async function store(
  change: Change,
  { orgId, userId, type, parameters, bookingId, data, ...request }: NotificationRequest<NotificationType>,
  { reader, audience }: Recipient,
): Promise<void> {
  const { category, priority: usual } = CATALOGUE[type]
  const priority = request.priority ?? usual
  const notification: Notification = {
    id: randomUUID(),
    userId,
    type,
    category,
    priority,
    ...wordsFor(type, reader, parameters),
    data: data ?? {},
    bookingId: bookingId ?? null,
    readAt: null,
    createdAt: change.now,
  }
  change.addRow(NOTIFICATION_ROWS, {
    ...notification,
    orgId,
    link: request.link ?? null,
    awaits: deedsOf(type, request.asks),
    sources: [...(request.people ?? []).filter((id) => id !== null), ...sourcesIn(data)],
  })
  const context = { category, priority, isRead: false, isDeleted: false }
  const plans = planDeliveries(context, audience, capabilitiesOf(change), change.now)
  if (plans.some(({ channel, skip }) => channel === 'IN_APP' && !skip))
    change.emit(notificationCreatedEvent, [userChannel(userId)], notification)
  await orderDeliveries(change, { ...notification, orgId }, plans)
}

/** Of what stands in the payload of another program nothing is ours. */
function sourcesIn({ messageId, ticketId, roomId }: Record<string, unknown> = {}): string[] {
  return [messageId, ticketId, roomId].filter((id) => typeof id === 'string')
}

function capabilitiesOf({ config }: Change): Capabilities {
  return { canMail: config.SMTP_URL !== undefined, canPush: canPush(config) }
}

/**
 * IN_APP, tried again by somebody or ordered by an older release: the event, in the transaction that says so. Deleted
 * meanwhile: nothing is left to show.
 */
export async function deliverNotification(change: Change, deliveryId: string): Promise<void> {
  const delivery = await lockDelivery(change.db, deliveryId)
  if (delivery?.status !== 'PENDING') return
  const told = delivery.notificationId
    ? await findStoredNotification(change.db, delivery.notificationId)
    : undefined
  if (!told || told.deletedAt)
    return updateDelivery(change.db, deliveryId, { status: 'SKIPPED', reason: 'deleted' }, change.now)
  const { orgId: _org, link: _link, deletedAt: _deleted, ...notification } = told
  change.emit(notificationCreatedEvent, [userChannel(told.userId)], notification)
  await updateDelivery(change.db, deliveryId, { status: 'SENT', attempts: delivery.attempts + 1 }, change.now)
}

/** Marks one's own notification as read; the first reading counts. */
export async function readNotification(change: Change, actor: Actor, id: string): Promise<Notification> {
  const notification = await setRead(change.db, actor.id, id, change.now)
  if (!notification) throw notFound('Notification')
  if (notification.readAt?.getTime() === change.now.getTime()) tellRead(change, notification)
  return notification
}

/** So that every bell of theirs agrees. */
function tellRead(change: Change, { id, userId }: Pick<Notification, 'id' | 'userId'>): void {
  change.emit(notificationChangedEvent, [userChannel(userId)], {
    id,
    until: null,
    readAt: change.now,
    isDeleted: false,
  })
}

/** What was asked of people is done, or not asked any more: nobody needs to look at it, nor is told of it on other ways. */
export async function settleNotifications(change: Change, deeds: readonly Deed[]): Promise<void> {
  if (deeds.length === 0) return
  for (const notification of await setSettledRead(change.db, deeds, change.now))
    tellRead(change, notification)
}

export async function readAllNotifications(
  change: Change,
  actor: Actor,
  kind: NotificationKind = {},
): Promise<{ count: number }> {
  const count = await setAllRead(change.db, actor.id, kind, change.now)
  if (count > 0)
    change.emit(notificationChangedEvent, [userChannel(actor.id)], {
      id: null,
      until: change.now,
      ...kind,
      readAt: change.now,
      isDeleted: false,
    })
  return { count }
}

export async function deleteNotification(change: Change, actor: Actor, id: string): Promise<Notification> {
  const notification = await setDeleted(change.db, actor.id, id, change.now)
  if (!notification) throw notFound('Notification')
  change.emit(notificationChangedEvent, [userChannel(actor.id)], {
    id,
    until: null,
    readAt: null,
    isDeleted: true,
  })
  return notification
}
