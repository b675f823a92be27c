// Every write and row lock of facts on their way to webhooks. Private to the domain.

import type { LateTable } from '../../kit/store/causes.ts'
import { rowsOf, type Db } from '../../kit/store/db.ts'
import { blankCopyOf } from '../../kit/store/copies.ts'
import { columnsOf } from '../../kit/declare/schema.ts'
import { deliverFactJob } from '../jobs.ts'
import { FactDelivery } from '../webhook-schema.ts'

export type FactDeliveryRow = FactDelivery & {
  orgId: string
  webhookId: string
  n: number
  revivedAfter: number
  data: unknown
}

interface Fact {
  id: string
  orgId: string
  event: string
  subjectId: string
  data: unknown
  at: Date
  requestId: string
}

/** The patterns that a fact fits. */
const FITTING = `array[f.event, split_part(f.event, '.', 1) || '.*', '*']`

/** A delivery for each webhook that wants it, with its job, by the statement that ends the change. Nobody wants it: nothing is written. */
export const FACT_ROWS: LateTable<Fact> = {
  name: 'facts',
  columns: {
    id: 'uuid',
    orgId: 'uuid',
    event: 'text',
    subjectId: 'uuid',
    data: 'jsonb',
    at: 'timestamptz',
    requestId: 'text',
  },
  insertWithJobs: (rows) => ({
    inserting: `insert into fact_deliveries (id, org_id, webhook_id, fact_id, event, subject_id, data, at, status, reason,
        created_at, updated_at)
      select gen_random_uuid(), f."orgId", h.id, f.id, f.event, f."subjectId", case when h.form = 'full' then f.data end, f.at,
        case when h.disabled_at is null then 'PENDING' else 'SKIPPED' end,
        case when h.disabled_at is not null then 'webhook_disabled' end, f.at, f.at
      from ${rows('f')} join webhooks h on h.org_id = f."orgId" and h.deleted_at is null and h.events && ${FITTING}
      order by f.ordinality returning id, org_id, status`,
    jobs: (
      inserted,
    ) => `select gen_random_uuid(), '${deliverFactJob.name}', jsonb_build_object('deliveryId', i.id),
        (select f."requestId" from ${rows('f')} limit 1), i.org_id
      from ${inserted} i where i.status = 'PENDING'`,
  }),
}

const COLUMNS = [...columnsOf(FactDelivery), 'orgId', 'webhookId', 'n', 'revivedAfter', 'data'] as const

export async function insertFactDelivery(
  db: Db,
  delivery: Pick<FactDeliveryRow, 'id' | 'orgId' | 'webhookId' | 'factId' | 'event' | 'subjectId'>,
  now: Date,
): Promise<FactDelivery> {
  const times = { at: now, createdAt: now, updatedAt: now }
  const [row] = await db('fact_deliveries')
    .insert({ ...delivery, ...times, status: 'PENDING' })
    .returning(columnsOf(FactDelivery))
  return row
}

export async function lockFactDelivery(db: Db, id: string): Promise<FactDeliveryRow | undefined> {
  return db('fact_deliveries')
    .where({ id })
    .forUpdate()
    .first(...COLUMNS)
}

/** Of those to the same webhook about the same thing. */
export async function findFirstOpen(
  db: Db,
  { webhookId, subjectId }: Pick<FactDeliveryRow, 'webhookId' | 'subjectId'>,
): Promise<Pick<FactDeliveryRow, 'id' | 'nextAttemptAt'> | undefined> {
  return db('fact_deliveries')
    .where({ webhookId, subjectId, status: 'PENDING' })
    .orderBy('n')
    .first('id', 'nextAttemptAt')
}

export async function updateFactDelivery(
  db: Db,
  id: string,
  patch: Partial<Omit<FactDeliveryRow, 'id' | 'providerResponse'>> & { providerResponse?: object },
  now: Date,
): Promise<void> {
  await db('fact_deliveries')
    .where({ id })
    .update({ ...patch, updatedAt: now })
}

/** What is over there, oldest first: all of it, or what did not arrive. @param from an instant, or the fact after which it begins */
export async function lockReplayableFacts(
  db: Db,
  webhookId: string,
  from: { since: Date } | { after: string },
  all: boolean,
  limit: number,
): Promise<FactDeliveryRow[]> {
  const known = db('fact_deliveries')
    .where({ webhookId })
    .whereIn('status', all ? ['FAILED', 'SKIPPED', 'DELIVERED'] : ['FAILED', 'SKIPPED'])
  const begun =
    'since' in from
      ? known.where('createdAt', '>=', from.since)
      : known.where('n', '>', db('fact_deliveries').where({ webhookId, factId: from.after }).select('n'))
  return begun
    .orderBy('n')
    .limit(limit)
    .forUpdate()
    .select(...COLUMNS)
}

/** Oldest first. @returns how many */
export async function deleteFactsBefore(db: Db, before: Date, limit: number): Promise<number> {
  const old = db('fact_deliveries')
    .where('createdAt', '<', before)
    .whereNot({ status: 'PENDING' })
    .orderBy('createdAt')
    .limit(limit)
    .select('id')
  return db('fact_deliveries').whereIn('id', old).delete()
}

/** What was, or will be, sent there loses the words and names of a person. */
export async function eraseFactsNaming(db: Db, orgId: string, personId: string): Promise<void> {
  const rows = await rowsOf<Pick<FactDeliveryRow, 'id' | 'data'>>(
    db,
    `select id, data from fact_deliveries where org_id = :orgId and position(:personId in data::text) > 0 order by id for update`,
    { orgId, personId },
  )
  for (const { id, data } of rows)
    await db('fact_deliveries')
      .where({ id })
      .update({ data: JSON.stringify(blankCopyOf(data, new Set([personId]))) })
}
