// Every write and row lock of notifications and deliveries. Private to the domain.

import type { Db } from '../kit/db.ts'
import { columnsOf } from '../kit/schema.ts'
import { Notification, type Channel, type DeliveryStatus } from './schema.ts'

export interface DeliveryRow {
  id: string
  orgId: string
  notificationId: string
  channel: Channel
  status: DeliveryStatus
}

export async function insertNotification(db: Db, notification: Notification & { orgId: string }): Promise<void> {
  await db('notifications').insert({ ...notification, data: JSON.stringify(notification.data) })
}

export async function insertDelivery(db: Db, delivery: DeliveryRow, now: Date): Promise<void> {
  await db('deliveries').insert({ ...delivery, createdAt: now, updatedAt: now })
}

/** Two runs of one delivery come one after the other. */
export async function lockDelivery(db: Db, id: string): Promise<DeliveryRow | undefined> {
  return db('deliveries').where({ id }).forUpdate().first('id', 'orgId', 'notificationId', 'channel', 'status')
}

export async function setDeliverySent(db: Db, id: string, now: Date): Promise<void> {
  await db('deliveries').where({ id }).update({ status: 'SENT', attempts: db.raw('attempts + 1'), updatedAt: now })
}

export async function setRead(db: Db, userId: string, id: string, now: Date): Promise<Notification | undefined> {
  const [notification] = await db('notifications').where({ userId, id }).whereNull('deletedAt')
    .update({ readAt: db.raw('coalesce(read_at, ?)', [now]) }).returning(columnsOf(Notification))
  return notification
}

export async function setAllRead(db: Db, userId: string, now: Date): Promise<number> {
  return db('notifications').where({ userId }).whereNull('readAt').whereNull('deletedAt').update({ readAt: now })
}

export async function setDeleted(db: Db, userId: string, id: string, now: Date): Promise<Notification | undefined> {
  const [notification] = await db('notifications').where({ userId, id }).whereNull('deletedAt').update({ deletedAt: now }).returning(columnsOf(Notification))
  return notification
}
