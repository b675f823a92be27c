import type { Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import { NEWEST_FIRST, readPage, type Listed, type PagePart } from '../kit/store/keyset.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { sha256Hex } from '../users/tokens.ts'
import { ApiKey, type KeyHolder, type ReceivedEvent } from './schema.ts'

/** Undefined: unknown, revoked, or renewed too long ago. */
export async function findKeyHolder(db: Db, key: string, now: Date): Promise<KeyHolder | undefined> {
  const hash = sha256Hex(key)
  return db('api_keys')
    .whereNull('revokedAt')
    .where(
      (either) =>
        void either
          .where({ hash })
          .orWhere((before) => void before.where({ previousHash: hash }).where('previousUntil', '>', now)),
    )
    .first('id', 'orgId')
}

/** Newest first, those that were revoked included. */
export function listApiKeys(db: Db, orgId: string, part: PagePart): Promise<Listed<ApiKey>> {
  return readPage(db('api_keys').where({ orgId }), columnsOf(ApiKey), NEWEST_FIRST, part)
}

/** @throws AppError 404 */
export async function getReceivedEvent(db: Db, orgId: string, eventId: string): Promise<ReceivedEvent> {
  const event: ReceivedEvent | undefined = await db('received_events')
    .where({ orgId, eventId })
    .first('eventId as id', 'type', 'receivedAt', 'toldAt')
  if (!event) throw notFound('Event')
  return event
}
