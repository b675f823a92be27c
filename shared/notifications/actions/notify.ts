// Telling people. The fact is stored first, so that whoever was away finds it later; each attempt to reach is a job.

import { randomUUID } from 'node:crypto'
import type { Change } from '../../kit/store/change.ts'
import { notFound } from '../../kit/declare/errors.ts'
import { userChannel } from '../../kit/declare/event.ts'
import { getAddressee, hasMailbox, type Addressee } from '../../users/queries.ts'
import type { Actor } from '../../organisations/roles.ts'
import { insertPlannedDeliveries } from './plan-deliveries.ts'
import { CATALOGUE, deedsOf, type NotificationType, type ParametersOf } from '../catalogue.ts'
import { canPush } from '../delivery/push.ts'
import { notificationChangedEvent, notificationCreatedEvent } from '../events.ts'
import { findStoredNotification, findWays } from '../queries.ts'
import { planDeliveries, type Audience, type Capabilities } from '../rules.ts'
import type { Deed, Notification, Priority } from '../schema.ts'
import {
  insertNotification,
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

/** Stores the notification in the person's language and orders its deliveries. */
export async function notify<T extends NotificationType>(
  change: Change,
  {
    orgId,
    userId,
    type,
    parameters,
    bookingId,
    data,
    people = [],
    asks,
    priority: pressing,
    link,
  }: NotificationRequest<T>,
): Promise<void> {
  const { category, priority: usual } = CATALOGUE[type]
  const priority = pressing ?? usual
  const reader = await getAddressee(change.db, orgId, userId)
  const notification = {
    id: randomUUID(),
    orgId,
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
  await insertNotification(change.db, {
    ...notification,
    link: link ?? null,
    awaits: deedsOf(type, asks),
    sources: [...people.filter((id) => id !== null), ...sourcesIn(data)],
  })
  const occasion = { category, priority, isRead: false, isDeleted: false }
  await insertPlannedDeliveries(
    change,
    notification,
    planDeliveries(occasion, await audienceOf(change, reader), capabilitiesOf(change), change.now),
  )
}

/** Of what stands in the payload of another program nothing is ours. */
function sourcesIn({ messageId, ticketId, roomId }: Record<string, unknown> = {}): string[] {
  return [messageId, ticketId, roomId].filter((id) => typeof id === 'string')
}

export async function audienceOf(change: Change, reader: Addressee): Promise<Audience> {
  const ways = await findWays(change, reader.orgId, reader.id)
  return {
    ...ways,
    isActive: reader.isActive,
    hasPhone: reader.phone !== null,
    hasAddress: hasMailbox(reader),
    timezone: reader.timezone,
  }
}

function capabilitiesOf({ config }: Change): Capabilities {
  return { canMail: config.SMTP_URL !== undefined, canPush: canPush(config) }
}

/** IN_APP: the event on the person's channel, in the transaction that says so. Deleted meanwhile: nothing is left to show. */
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

export async function readAllNotifications(change: Change, actor: Actor): Promise<{ count: number }> {
  const count = await setAllRead(change.db, actor.id, change.now)
  if (count > 0)
    change.emit(notificationChangedEvent, [userChannel(actor.id)], {
      id: null,
      until: change.now,
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
