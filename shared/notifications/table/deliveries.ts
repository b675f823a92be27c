// Every write and row lock of deliveries and digests. Private to the domain.

import type { LateTable } from '../../kit/store/causes.ts'
import { rowsOf, type Db } from '../../kit/store/db.ts'
import { columnsOf } from '../../kit/declare/schema.ts'
import { Delivery } from '../schema.ts'

export type DeliveryRow = Delivery & {
  orgId: string
  /** Null of what was ordered by an earlier release, which is IN_APP. */
  userId: string | null
  jobId: string | null
  revivedAfter: number
  digestId: string | null
  digestAt: Date | null
}

export const DELIVERY_COLUMNS = [
  ...columnsOf(Delivery),
  'orgId',
  'userId',
  'jobId',
  'revivedAfter',
  'digestId',
  'digestAt',
] as const

export const DELIVERY_ROWS: LateTable<DeliveryRow> = {
  name: 'deliveries',
  columns: {
    id: 'uuid',
    orgId: 'uuid',
    userId: 'uuid',
    notificationId: 'uuid',
    channel: 'text',
    targetId: 'uuid',
    status: 'text',
    attempts: 'integer',
    reason: 'text',
    lastError: 'text',
    nextAttemptAt: 'timestamptz',
    providerResponse: 'jsonb',
    jobId: 'uuid',
    revivedAfter: 'integer',
    digestId: 'uuid',
    digestAt: 'timestamptz',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
}

/**
 * @returns the id of the digest that goes at that hour, and whether this call made it; of two at once the second waits for the first.
 * Undefined when it has begun to go: what joined it now would not be in it. Until the commit nobody can begin it.
 */
export async function openDigest(
  db: Db,
  digest: Omit<DeliveryRow, 'createdAt' | 'updatedAt'>,
  now: Date,
): Promise<{ id: string; isNew: boolean } | undefined> {
  const [made] = await db('deliveries')
    .insert({ ...digest, createdAt: now, updatedAt: now })
    .onConflict(db.raw('(user_id, digest_at) where digest_at is not null'))
    .ignore()
    .returning('id')
  if (made) return { id: made.id, isNew: true }
  const { id, status, attempts } = await db('deliveries')
    .where({ userId: digest.userId, digestAt: digest.digestAt })
    .forShare()
    .first('id', 'status', 'attempts')
  return status === 'PENDING' && attempts === 0 ? { id, isNew: false } : undefined
}

/** Two runs of one delivery come one after the other. */
export async function lockDelivery(db: Db, id: string): Promise<DeliveryRow | undefined> {
  return db('deliveries')
    .where({ id })
    .forUpdate()
    .first(...DELIVERY_COLUMNS)
}

export type DeliveryPatch = Partial<Omit<DeliveryRow, 'id' | 'providerResponse'>> & {
  providerResponse?: object | null
}

export async function updateDelivery(db: Db, id: string, patch: DeliveryPatch, now: Date): Promise<void> {
  await db('deliveries')
    .where({ id })
    .update({ ...patch, updatedAt: now })
}

/** What goes with a digest, and was not skipped, shares its fate. */
export async function updateDigested(
  db: Db,
  digestId: string,
  patch: DeliveryPatch,
  now: Date,
): Promise<void> {
  await db('deliveries')
    .where({ digestId })
    .whereIn('status', ['PENDING', 'FAILED'])
    .update({ ...patch, updatedAt: now })
}

/** Counts a mail to the person. @returns whether it was one of so many of that hour; one too many is not counted */
export async function takeMailPlace(db: Db, userId: string, hour: Date, ceiling: number): Promise<boolean> {
  const taken = await rowsOf(
    db,
    `insert into mail_hours as m (user_id, hour, count) values (:userId, :hour, 1)
     on conflict (user_id) do update set hour = greatest(m.hour, excluded.hour), count = case
     when m.hour < excluded.hour then 1 else m.count + 1 end
     where m.hour < excluded.hour or m.count < :ceiling returning count`,
    { userId, hour, ceiling },
  )
  return taken.length > 0
}

/** Of those that go with a digest, what was read, deleted or turned off meanwhile stays at home. */
export async function skipUnwantedOf(db: Db, digestId: string, now: Date): Promise<void> {
  await db.raw(
    `update deliveries d set status = 'SKIPPED', reason = case when n.deleted_at is not null then 'deleted'
      when n.read_at is not null then 'already_read' else 'turned_off' end, next_attempt_at = null, updated_at = :now
     from notifications n where d.digest_id = :digestId and d.status = 'PENDING'
     and n.id = d.notification_id and (n.read_at is not null or n.deleted_at is not null or exists (
       select from preferences p, jsonb_array_elements(p.choices) c
       where p.user_id = d.user_id and c->>'channel' = 'EMAIL' and c->>'category' = n.category and c->>'isOn' = 'false'))`,
    { digestId, now },
  )
}

/** Digests that nothing refers to any more. */
export async function deleteDigestsBefore(db: Db, before: Date): Promise<void> {
  await db('deliveries as d')
    .where('d.digestAt', '<', before)
    .whereNotExists(db('deliveries as c').whereRaw('c.digest_id = d.id'))
    .delete()
}
