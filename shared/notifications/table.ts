// Every write and row lock of notifications, deliveries, and the ways to people. Private to the domain.

import { rowsOf, violatedUnique, type Db } from '../kit/db.ts'
import { conflict } from '../kit/errors.ts'
import { columnsOf } from '../kit/schema.ts'
import type { PushTarget } from './delivery/push.ts'
import type { Secrets } from './delivery/signing.ts'
import { Delivery, Notification, Subscription, type Page, type Preferences } from './schema.ts'
import { Webhook } from './webhook-schema.ts'

/** A page of ours that a mail about it leads to; the id is signed when the mail is written. */
export interface Link {
  page: Page
  id: string
}

export type DeliveryRow = Delivery & {
  orgId: string
  /** Null of what was ordered by an earlier release, which is IN_APP. */
  userId: string | null
  jobId: string | null
  revivedAfter: number
  digestId: string | null
  digestAt: Date | null
}

export const DELIVERY_COLUMNS = [...columnsOf(Delivery), 'orgId', 'userId', 'jobId', 'revivedAfter', 'digestId', 'digestAt'] as const

export async function insertNotification(db: Db, notification: Notification & { orgId: string; link: Link | null; awaits: readonly string[] | null; sources: readonly string[] }): Promise<void> {
  await db('notifications').insert({ ...notification, data: JSON.stringify(notification.data), link: notification.link && JSON.stringify(notification.link) })
}

export async function insertDeliveries(db: Db, deliveries: readonly Omit<DeliveryRow, 'createdAt' | 'updatedAt'>[], now: Date): Promise<void> {
  await db('deliveries').insert(deliveries.map((each) => ({ ...each, createdAt: now, updatedAt: now })))
}

/**
 * @returns the id of the digest that goes at that hour, and whether this call made it; of two at once the second waits for the first.
 * Undefined when it has begun to go: what joined it now would not be in it. Until the commit nobody can begin it.
 */
export async function openDigest(db: Db, digest: Omit<DeliveryRow, 'createdAt' | 'updatedAt'>, now: Date): Promise<{ id: string; isNew: boolean } | undefined> {
  const [made] = await db('deliveries').insert({ ...digest, createdAt: now, updatedAt: now })
    .onConflict(db.raw('(user_id, digest_at) where digest_at is not null')).ignore().returning('id')
  if (made) return { id: made.id, isNew: true }
  const { id, status, attempts } = await db('deliveries').where({ userId: digest.userId, digestAt: digest.digestAt }).forShare().first('id', 'status', 'attempts')
  return status === 'PENDING' && attempts === 0 ? { id, isNew: false } : undefined
}

/** Two runs of one delivery come one after the other. */
export async function lockDelivery(db: Db, id: string): Promise<DeliveryRow | undefined> {
  return db('deliveries').where({ id }).forUpdate().first(...DELIVERY_COLUMNS)
}

export type DeliveryPatch = Partial<Omit<DeliveryRow, 'id' | 'providerResponse'>> & { providerResponse?: object | null }

export async function updateDelivery(db: Db, id: string, patch: DeliveryPatch, now: Date): Promise<void> {
  await db('deliveries').where({ id }).update({ ...patch, updatedAt: now })
}

/** What goes with a digest, and was not skipped, shares its fate. */
export async function updateDigested(db: Db, digestId: string, patch: DeliveryPatch, now: Date): Promise<void> {
  await db('deliveries').where({ digestId }).whereIn('status', ['PENDING', 'FAILED']).update({ ...patch, updatedAt: now })
}

/** Counts a mail to the person. @returns whether it was one of so many of that hour; one too many is not counted */
export async function takeMailPlace(db: Db, userId: string, hour: Date, ceiling: number): Promise<boolean> {
  const taken = await rowsOf(db,
    `insert into mail_hours as m (user_id, hour, count) values (:userId, :hour, 1)
     on conflict (user_id) do update set hour = greatest(m.hour, excluded.hour), count = case when m.hour < excluded.hour then 1 else m.count + 1 end
     where m.hour < excluded.hour or m.count < :ceiling returning count`, { userId, hour, ceiling })
  return taken.length > 0
}

/** Of those that go with a digest, what was read, deleted or turned off meanwhile stays at home. */
export async function skipUnwantedOf(db: Db, digestId: string, now: Date): Promise<void> {
  await db.raw(
    `update deliveries d set status = 'SKIPPED', reason = case when n.deleted_at is not null then 'deleted' when n.read_at is not null then 'already_read' else 'turned_off' end, next_attempt_at = null, updated_at = :now
     from notifications n where d.digest_id = :digestId and d.status = 'PENDING' and n.id = d.notification_id and (n.read_at is not null or n.deleted_at is not null or exists (
       select from preferences p, jsonb_array_elements(p.choices) c
       where p.user_id = d.user_id and c->>'channel' = 'EMAIL' and c->>'category' = n.category and c->>'isOn' = 'false'))`,
    { digestId, now })
}

export async function setRead(db: Db, userId: string, id: string, now: Date): Promise<Notification | undefined> {
  const [notification] = await db('notifications').where({ userId, id }).whereNull('deletedAt')
    .update({ readAt: db.raw('coalesce(read_at, ?)', [now]) }).returning(columnsOf(Notification))
  return notification
}

/** Those of this moment and before, as is told. */
export async function setAllRead(db: Db, userId: string, now: Date): Promise<number> {
  return db('notifications').where({ userId }).where('createdAt', '<=', now).whereNull('readAt').whereNull('deletedAt').update({ readAt: now })
}

/** Whoever was asked for these deeds and did not look. @returns those of whom nothing more is asked, which this call marked */
export async function setSettledRead(db: Db, deeds: readonly string[], now: Date): Promise<Pick<Notification, 'id' | 'userId'>[]> {
  const settled = await rowsOf<Pick<Notification, 'id' | 'userId' | 'readAt'>>(db,
    `with asking as (
       select id, array(select unnest(awaits) except select unnest(:deeds::text[])) as still from notifications
       where awaits && :deeds::text[] and awaits is not null and read_at is null and deleted_at is null order by id for update
     )
     update notifications n set awaits = still, read_at = case when cardinality(still) = 0 then :now::timestamptz end from asking a where n.id = a.id returning n.id, n.user_id, n.read_at`,
    { deeds: [...deeds], now })
  return settled.filter(({ readAt }) => readAt !== null)
}

export async function setDeleted(db: Db, userId: string, id: string, now: Date): Promise<Notification | undefined> {
  const [notification] = await db('notifications').where({ userId, id }).whereNull('deletedAt').update({ deletedAt: now }).returning(columnsOf(Notification))
  return notification
}

/** Their own are gone but for the fact that they were told; those of others that name or quote them lose their words. */
export async function eraseNames(db: Db, orgId: string, userId: string): Promise<void> {
  await db.raw(
    `update deliveries d set last_error = null, provider_response = null from notifications n where n.id = d.notification_id and n.user_id = :userId`, { userId })
  await db('preferences').where({ userId }).delete()
  await db('mail_hours').where({ userId }).delete()
  await db('push_subscriptions').where({ userId }).delete()
  await db('notifications').where({ userId }).update({ title: '', message: '', data: '{}', deletedAt: db.raw('coalesce(deleted_at, clock_timestamp())') })
  await db('notifications').where({ orgId }).whereRaw('sources @> array[?]::uuid[]', [userId]).update({ title: '…', message: '…' })
}

export async function eraseQuotes(db: Db, sourceId: string): Promise<void> {
  await db('notifications').whereRaw('sources @> array[?]::uuid[]', [sourceId]).update({ message: '…' })
}

export async function eraseWordsAbout(db: Db, orgId: string, key: string, ids: readonly string[]): Promise<void> {
  await db.raw(`update notifications set message = '…', data = jsonb_build_object(:key::text, data->>:key) where org_id = :orgId and data->>:key = any(:ids)`, { orgId, key, ids })
}

/** They were told in the transaction that noted it, which is how they are found by an index. From here on they name the person as their source. */
export async function eraseEvents(db: Db, { orgId, userId }: { orgId: string; userId: string }, events: readonly { eventId: string; toldAt: Date }[]): Promise<void> {
  await db.raw(
    `update notifications set title = '…', message = '…', data = data - 'payload', sources = array_append(sources, :userId::uuid)
     where created_at = any(:times::timestamptz[]) and org_id = :orgId and data->>'eventId' = any(:ids::text[])`,
    { orgId, userId, times: events.map(({ toldAt }) => toldAt), ids: events.map(({ eventId }) => eventId) })
}

/** Also of somebody who never said any: changes of one person's come one after the other. */
export async function lockPreferences(db: Db, who: { userId: string; orgId: string }, now: Date): Promise<void> {
  await db('preferences').insert({ ...who, updatedAt: now }).onConflict('userId').merge(['userId'])
}

export async function upsertPreferences(db: Db, who: { userId: string; orgId: string }, preferences: Preferences, now: Date): Promise<void> {
  const { choices, quietHours, ...rest } = preferences
  await db('preferences').insert({ ...who, ...rest, choices: JSON.stringify(choices), quietHours: quietHours && JSON.stringify(quietHours), updatedAt: now }).onConflict('userId').merge()
}

/** Oldest first, with their deliveries. @returns how many */
export async function deleteNotificationsBefore(db: Db, before: Date, limit: number): Promise<number> {
  const ids: string[] = await db('notifications').where('createdAt', '<', before).orderBy('createdAt').limit(limit).pluck('id')
  await db('deliveries').whereIn('notificationId', ids).delete()
  return db('notifications').whereIn('id', ids).delete()
}

/** Digests that nothing refers to any more. */
export async function deleteDigestsBefore(db: Db, before: Date): Promise<void> {
  await db('deliveries as d').where('d.digestAt', '<', before).whereNotExists(db('deliveries as c').whereRaw('c.digest_id = d.id')).delete()
}

/** Of a row p of push_subscriptions, at :now. One of an earlier release does not say its session: it lives with any of its person's. */
export const LIVE_SUBSCRIPTION = `exists (
  select from sessions s where s.user_id = p.user_id and s.id = coalesce(p.session_id, s.id) and s.ended_at is null and s.expires_at > :now)`

/**
 * A browser has one subscription, of whoever is signed in there last. When it changes hands it is another one, with an id of
 * its own: what waits for the one before finds nobody.
 */
export async function upsertSubscription(db: Db, subscription: PushTarget & { id: string; orgId: string; userId: string; sessionId: string }, now: Date): Promise<Subscription> {
  const unlessSame = (column: string) => db.raw('case when push_subscriptions.user_id = excluded.user_id then push_subscriptions.?? else excluded.?? end', [column, column])
  const [row] = await db('push_subscriptions').insert({ ...subscription, keys: JSON.stringify(subscription.keys), createdAt: now }).onConflict('endpoint')
    .merge({ id: unlessSame('id'), createdAt: unlessSame('created_at'), ...excluded(db, 'org_id', 'user_id', 'session_id', 'keys') }).returning(columnsOf(Subscription))
  return row
}

const excluded = (db: Db, ...columns: string[]) => Object.fromEntries(columns.map((column) => [column, db.raw('excluded.??', [column])]))

export async function deleteSubscription(db: Db, where: { id: string; userId?: string }): Promise<Subscription | undefined> {
  const [row] = await db('push_subscriptions').where(where).delete().returning(columnsOf(Subscription))
  return row
}

/** Whose it is, and whether they are signed in there, as it is now. */
export async function findPushTarget(db: Db, { id, userId, now }: { id: string; userId: string; now: Date }): Promise<PushTarget | undefined> {
  return db('push_subscriptions as p').where({ 'p.id': id, 'p.userId': userId }).whereRaw(LIVE_SUBSCRIPTION, { now }).first('p.endpoint', 'p.keys')
}

export type WebhookRow = Webhook & Secrets & { orgId: string }

const WEBHOOK_COLUMNS = [...columnsOf(Webhook), 'orgId', 'secret', 'oldSecret'] as const

/** With what signs. Deleted ones are not there. */
export async function findWebhookRow(db: Db, id: string): Promise<WebhookRow | undefined> {
  return db('webhooks').where({ id }).whereNull('deletedAt').first(...WEBHOOK_COLUMNS)
}

export async function insertWebhook(db: Db, webhook: Omit<WebhookRow, 'createdAt' | 'updatedAt'>, now: Date): Promise<WebhookRow> {
  try {
    const [row] = await db('webhooks').insert({ ...webhook, categories: webhook.categories && JSON.stringify(webhook.categories), createdAt: now, updatedAt: now }).returning([...WEBHOOK_COLUMNS])
    return row
  } catch (error) {
    if (violatedUnique(error) === 'webhooks_one_gateway') throw conflict('There is a gateway for this channel already')
    throw error
  }
}

export async function lockWebhook(db: Db, orgId: string, id: string): Promise<WebhookRow | undefined> {
  return db('webhooks').where({ orgId, id }).whereNull('deletedAt').forUpdate().first(...WEBHOOK_COLUMNS)
}

export async function updateWebhook(db: Db, id: string, patch: Partial<WebhookRow> & { deletedAt?: Date }, now: Date): Promise<WebhookRow> {
  const { categories, ...rest } = patch
  const [row] = await db('webhooks').where({ id }).update({ ...rest, ...(categories !== undefined && { categories: categories && JSON.stringify(categories) }), updatedAt: now }).returning([...WEBHOOK_COLUMNS])
  return row
}

/** Writes nothing where nothing is the matter, as is usual: then many deliveries to one webhook do not wait for its row. */
export async function setWebhookWell(db: Db, id: string): Promise<void> {
  await db('webhooks').where({ id }).whereNotNull('failingSince').update({ failingSince: null })
}

/** @returns the webhook, unless it is disabled already or gone */
export async function setWebhookFailing(db: Db, id: string, now: Date): Promise<WebhookRow | undefined> {
  const [row] = await db('webhooks').where({ id }).whereNull('disabledAt').whereNull('deletedAt').update({ failingSince: db.raw('coalesce(failing_since, ?)', [now]) }).returning([...WEBHOOK_COLUMNS])
  return row
}

/** What did not arrive there, or everything, oldest first. What is under way is not among it. */
export async function lockReplayable(db: Db, webhookId: string, since: Date, all: boolean, limit: number): Promise<DeliveryRow[]> {
  const statuses = all ? ['FAILED', 'SKIPPED', 'SENT', 'DELIVERED'] : ['FAILED', 'SKIPPED']
  return db('deliveries').where({ targetId: webhookId }).where('createdAt', '>=', since).whereIn('status', statuses).orderBy(['createdAt', 'id']).limit(limit).forUpdate().select(...DELIVERY_COLUMNS)
}
