// Every write and row lock of notifications, deliveries, and the ways to people. Private to the domain.

import type { LateTable } from '../../kit/store/causes.ts'
import { rowsOf, type Db } from '../../kit/store/db.ts'
import { columnsOf } from '../../kit/declare/schema.ts'
import { Notification, type LinkedPage, type NotificationKind } from '../schema.ts'

/** A page of ours that a mail about it leads to; the id is signed when the mail is written. */
export interface NotificationLink {
  page: LinkedPage
  id: string
}

export type NotificationRow = Notification & {
  orgId: string
  link: NotificationLink | null
  awaits: readonly string[] | null
  /** Whom and what its words name or quote. */
  sources: readonly string[]
}

export const NOTIFICATION_ROWS: LateTable<NotificationRow> = {
  name: 'notifications',
  columns: {
    id: 'uuid',
    orgId: 'uuid',
    userId: 'uuid',
    category: 'text',
    type: 'text',
    title: 'text',
    message: 'text',
    data: 'jsonb',
    priority: 'text',
    bookingId: 'uuid',
    readAt: 'timestamptz',
    createdAt: 'timestamptz',
    link: 'jsonb',
    awaits: 'text[]',
    sources: 'uuid[]',
  },
}

export async function setRead(
  db: Db,
  userId: string,
  id: string,
  now: Date,
): Promise<Notification | undefined> {
  const [notification] = await db('notifications')
    .where({ userId, id })
    .whereNull('deletedAt')
    .update({ readAt: db.raw('coalesce(read_at, ?)', [now]) })
    .returning(columnsOf(Notification))
  return notification
}

/** Those of this moment and before, as is told. */
export async function setAllRead(
  db: Db,
  userId: string,
  { category, except }: NotificationKind,
  now: Date,
): Promise<number> {
  const all = db('notifications').where({ userId, ...(category && { category }) })
  if (except) void all.whereNot({ category: except })
  return all.where('createdAt', '<=', now).whereNull('readAt').whereNull('deletedAt').update({ readAt: now })
}

/** Whoever was asked for these deeds and did not look. @returns those of whom nothing more is asked, which this call marked */
export async function setSettledRead(
  db: Db,
  deeds: readonly string[],
  now: Date,
): Promise<Pick<Notification, 'id' | 'userId'>[]> {
  const settled = await rowsOf<Pick<Notification, 'id' | 'userId' | 'readAt'>>(
    db,
    `with asking as (
       select id, array(select unnest(awaits) except select unnest(:deeds::text[])) as still from notifications
       where awaits && :deeds::text[] and awaits is not null and read_at is null and deleted_at is null order by id for update
     )
     update notifications n set awaits = still, read_at = case
     when cardinality(still) = 0 then :now::timestamptz end from asking a where n.id = a.id returning n.id, n.user_id, n.read_at`,
    { deeds: [...deeds], now },
  )
  return settled.filter(({ readAt }) => readAt !== null)
}

export async function setDeleted(
  db: Db,
  userId: string,
  id: string,
  now: Date,
): Promise<Notification | undefined> {
  const [notification] = await db('notifications')
    .where({ userId, id })
    .whereNull('deletedAt')
    .update({ deletedAt: now })
    .returning(columnsOf(Notification))
  return notification
}

/** Their own are gone but for the fact that they were told; those of others that name or quote them lose their words. */
export async function eraseNames(db: Db, orgId: string, userId: string): Promise<void> {
  await db.raw(
    `update deliveries d set last_error = null, provider_response = null from notifications n
      where n.id = d.notification_id and n.user_id = :userId`,
    { userId },
  )
  await db('preferences').where({ userId }).delete()
  await db('mail_hours').where({ userId }).delete()
  await db('push_subscriptions').where({ userId }).delete()
  await db('notifications')
    .where({ userId })
    .update({
      title: '',
      message: '',
      data: '{}',
      deletedAt: db.raw('coalesce(deleted_at, clock_timestamp())'),
    })
  await db('notifications')
    .where({ orgId })
    .whereRaw('sources @> array[?]::uuid[]', [userId])
    .update({ title: '…', message: '…' })
}

export async function eraseQuotes(db: Db, sourceId: string): Promise<void> {
  await db('notifications').whereRaw('sources @> array[?]::uuid[]', [sourceId]).update({ message: '…' })
}

export async function eraseWordsAbout(
  db: Db,
  orgId: string,
  key: string,
  ids: readonly string[],
): Promise<void> {
  await db.raw(
    `update notifications set message = '…', data = jsonb_build_object(:key::text, data->>:key)
      where org_id = :orgId and data->>:key = any(:ids)`,
    { orgId, key, ids },
  )
}

/**
 * They were told in the transaction that noted it, which is how they are found by an index. From here on
 * they name the person as their source.
 */
export async function eraseEvents(
  db: Db,
  { orgId, userId }: { orgId: string; userId: string },
  events: readonly { eventId: string; toldAt: Date }[],
): Promise<void> {
  await db.raw(
    `update notifications set title = '…', message = '…', data = data - 'payload', sources = array_append(sources, :userId::uuid)
     where created_at = any(:times::timestamptz[]) and org_id = :orgId and data->>'eventId' = any(:ids::text[])`,
    { orgId, userId, times: events.map(({ toldAt }) => toldAt), ids: events.map(({ eventId }) => eventId) },
  )
}

/** Oldest first, with their deliveries. @returns how many */
export async function deleteNotificationsBefore(db: Db, before: Date, limit: number): Promise<number> {
  const ids: string[] = await db('notifications')
    .where('createdAt', '<', before)
    .orderBy('createdAt')
    .limit(limit)
    .pluck('id')
  await db('deliveries').whereIn('notificationId', ids).delete()
  return db('notifications').whereIn('id', ids).delete()
}
