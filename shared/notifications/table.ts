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

/** Their own are gone but for the fact that they were told; in those of others nobody is named, and nobody quoted. */
export async function eraseNames(db: Db, orgId: string, userId: string, names: readonly string[]): Promise<void> {
  await db.raw(
    `update deliveries d set last_error = null, provider_response = null from notifications n where n.id = d.notification_id and n.user_id = :userId`, { userId })
  await db('notifications').where({ userId }).update({ title: '', message: '', data: '{}', deletedAt: db.raw('coalesce(deleted_at, clock_timestamp())') })
  for (const name of names) {
    await db.raw(
      `update notifications set title = replace(title, :name, '…'), message = case when category = 'chat' then '…' else replace(message, :name, '…') end
       where org_id = :orgId and position(:name in title || message) > 0`, { orgId, name })
  }
}
