import { preparedRowsOf, type Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import { NEWEST_FIRST, readPage, type Listed, type PagePart } from '../kit/store/keyset.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { ApiKey, type KeyHolder, type ReceivedEvent } from './schema.ts'

/** @param hash of the key. @returns undefined for one that is unknown or revoked; whether it is still good, `goodUntil` says */
export async function findKeyHolder(db: Db, hash: string): Promise<KeyHolder | undefined> {
  const [holder] = await preparedRowsOf<KeyHolder>(
    db,
    'find_key_holder',
    `select k.id, k.org_id, k.name, k.scopes, k.addresses, k.last_used_at, o.locale,
       case when k.hash = :hash then k.expires_at else least(k.expires_at, k.previous_until) end as good_until
     from api_keys k join organisations o on o.id = k.org_id
     where (k.hash = :hash or k.previous_hash = :hash) and k.revoked_at is null`,
    { hash },
  )
  return holder
}

/** Of all organisations: keys that were taken back, or whose secret was renewed. */
export async function listKeysEndedSince(db: Db, since: Date): Promise<string[]> {
  const ended: { keyId: string }[] = await db('endedKeys').where('endedAt', '>', since).select('keyId')
  return ended.map(({ keyId }) => keyId)
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
