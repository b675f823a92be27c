// Telling people. The fact is stored first, so that whoever was away finds it later; each attempt to reach is a job.

import { randomUUID } from 'node:crypto'
import type { Change } from '../kit/change.ts'
import { notFound } from '../kit/errors.ts'
import { userChannel } from '../kit/event.ts'
import { getAddressee } from '../users/queries.ts'
import type { Actor } from '../users/schema.ts'
import { CATALOGUE, wordsFor, type NotificationType, type ParametersOf } from './catalogue.ts'
import { notificationCreated } from './events.ts'
import { deliver } from './jobs.ts'
import { findNotification } from './queries.ts'
import type { Notification, Priority } from './schema.ts'
import { insertDelivery, insertNotification, lockDelivery, setAllRead, setDeleted, setDeliverySent, setRead } from './table.ts'

export interface News<T extends NotificationType> {
  orgId: string
  userId: string
  type: T
  parameters: ParametersOf<T>
  bookingId?: string
  data?: Record<string, unknown>
  /** Where it is not the type that says how much it presses. */
  priority?: Priority | undefined
}

/** Stores the notification in the person's language and orders its delivery. */
export async function notify<T extends NotificationType>(change: Change, { orgId, userId, type, parameters, bookingId, data, priority }: News<T>): Promise<void> {
  const { category, priority: usual } = CATALOGUE[type]
  const reader = await getAddressee(change.db, orgId, userId)
  const notification = {
    id: randomUUID(), orgId, userId, type, category, priority: priority ?? usual, ...wordsFor(type, reader, parameters),
    data: data ?? {}, bookingId: bookingId ?? null, readAt: null, createdAt: change.now,
  }
  await insertNotification(change.db, notification)
  const delivery = { id: randomUUID(), orgId, notificationId: notification.id, channel: 'IN_APP', status: 'PENDING' } as const
  await insertDelivery(change.db, delivery, change.now)
  change.enqueue(deliver, { deliveryId: delivery.id })
}

/** IN_APP: the event on the person's channel. Deleted meanwhile: nothing is left to show. */
export async function deliverNotification(change: Change, deliveryId: string): Promise<void> {
  const delivery = await lockDelivery(change.db, deliveryId)
  if (delivery?.status !== 'PENDING') return
  const notification = await findNotification(change.db, delivery.notificationId)
  if (notification) change.emit(notificationCreated, [userChannel(notification.userId)], notification)
  await setDeliverySent(change.db, deliveryId, change.now)
}

/** Marks one's own notification as read; the first reading counts. */
export async function readNotification(change: Change, actor: Actor, id: string): Promise<Notification> {
  const notification = await setRead(change.db, actor.id, id, change.now)
  if (!notification) throw notFound('Notification')
  return notification
}

export async function readAllNotifications(change: Change, actor: Actor): Promise<{ count: number }> {
  return { count: await setAllRead(change.db, actor.id, change.now) }
}

export async function deleteNotification(change: Change, actor: Actor, id: string): Promise<Notification> {
  const notification = await setDeleted(change.db, actor.id, id, change.now)
  if (!notification) throw notFound('Notification')
  return notification
}
