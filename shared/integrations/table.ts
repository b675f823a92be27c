// Every write and row lock of API keys and of what came with them. Private to the domain.

import { rowsOf, type Db } from '../kit/store/db.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { ApiKey, type KeyHolder, type OutsideEvent } from './schema.ts'

export async function insertKey(
  db: Db,
  key: Pick<ApiKey, 'id' | 'name' | 'scopes' | 'addresses' | 'expiresAt' | 'hint' | 'createdById'> & {
    orgId: string
    hash: string
  },
  now: Date,
): Promise<ApiKey> {
  const [inserted] = await db('api_keys')
    .insert({ ...key, createdAt: now })
    .returning(columnsOf(ApiKey))
  return inserted
}

/** Two renewals come one after the other: the second puts the first one's key out of use. */
export async function lockKey(
  db: Db,
  orgId: string,
  id: string,
): Promise<(ApiKey & { hash: string }) | undefined> {
  return db('api_keys')
    .where({ orgId, id })
    .forUpdate()
    .first(...columnsOf(ApiKey), 'hash')
}

export async function updateKey(
  db: Db,
  id: string,
  patch: Partial<Pick<ApiKey, 'hint' | 'rotatedAt' | 'previousUntil' | 'revokedAt'>> & {
    hash?: string
    previousHash?: string
  },
): Promise<ApiKey> {
  const [updated] = await db('api_keys').where({ id }).update(patch).returning(columnsOf(ApiKey))
  return updated
}

/** To the minute: a busy key is not written at each use. */
export async function touchKey(db: Db, id: string, now: Date): Promise<void> {
  await db.raw(
    `update api_keys set last_used_at = :now where id = :id and (last_used_at is null
      or last_used_at < :now::timestamptz - interval '1 minute')`,
    { id, now },
  )
}

type ReceivedEventRow = OutsideEvent & { orgId: string; toldAt: Date | null }

/** Of two with the same id at once the second waits for the first. @returns whether it is new, and if not, whether it is the same */
export async function insertEvent(
  db: Db,
  id: string,
  { orgId, id: apiKeyId }: Pick<KeyHolder, 'id' | 'orgId'>,
  { id: eventId, type, payload }: OutsideEvent,
  now: Date,
): Promise<'new' | 'same' | 'other'> {
  const row = { id, orgId, eventId, apiKeyId, type, payload: JSON.stringify(payload), receivedAt: now }
  const inserted = await db('received_events')
    .insert(row)
    .onConflict(['org_id', 'event_id'])
    .ignore()
    .returning('id')
  if (inserted.length > 0) return 'new'
  const [found] = await rowsOf<{ isSame: boolean }>(
    db,
    `select type = :type and payload in (:payload::jsonb, :erased::jsonb) as is_same from received_events
      where org_id = :orgId and event_id = :eventId`,
    { orgId, eventId, type, payload: row.payload, erased: ERASED },
  )
  return found?.isSame ? 'same' : 'other'
}

/** Of an event that was about somebody who was erased. */
const ERASED = '{}'

/**
 * Those of an organisation in which one of these values stands, as a whole; what was not told yet is not
 * told. @returns which, and when they were told
 */
export async function eraseEventsNaming(
  db: Db,
  orgId: string,
  named: readonly unknown[],
  now: Date,
): Promise<{ eventId: string; toldAt: Date }[]> {
  return rowsOf(
    db,
    `update received_events set payload = :erased::jsonb, told_at = coalesce(told_at, :now)
     where org_id = :orgId and jsonb_path_exists(payload, :path::jsonpath, :vars::jsonb) returning event_id, told_at`,
    { orgId, now, erased: ERASED, path: '$.** ? (@ == $named[*])', vars: JSON.stringify({ named }) },
  )
}

/** Two runs of one telling come one after the other. */
export async function lockEvent(db: Db, id: string): Promise<ReceivedEventRow | undefined> {
  return db('received_events')
    .where({ id })
    .forUpdate()
    .first('orgId', 'eventId as id', 'type', 'payload', 'toldAt')
}

export async function setTold(db: Db, id: string, now: Date): Promise<void> {
  await db('received_events').where({ id }).update({ toldAt: now })
}

/** Oldest first. @returns how many */
export async function deleteEventsBefore(db: Db, before: Date, limit: number): Promise<number> {
  const old = db('received_events')
    .where('receivedAt', '<', before)
    .orderBy('receivedAt')
    .limit(limit)
    .select('id')
  return db('received_events').whereIn('id', old).delete()
}
