// Keys of other programs, which ADMINs make, renew and take back. Only their hashes are kept.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, invalid, notFound } from '../../kit/declare/errors.ts'
import { HOUR, plusMs } from '../../kit/time/time.ts'
import type { Actor, ActorOrOperator } from '../../organisations/roles.ts'
import { randomToken, sha256Hex } from '../../users/tokens.ts'
import { KEY_PREFIX, type ApiKey, type FreshApiKey, type NewApiKey } from '../schema.ts'
import { insertKey, lockKey, touchKey, updateKey } from '../table.ts'

/** @param actor without an id: whoever operates the installation. @throws AppError 422 for an end that has passed */
export async function makeApiKey(
  change: Change,
  actor: ActorOrOperator,
  { name, scopes = ['events:write'], addresses = [], expiresAt }: NewApiKey,
): Promise<FreshApiKey> {
  const until = expiresAt === undefined ? null : new Date(expiresAt)
  if (until && until <= change.now) throw invalid('expiresAt: this has passed')
  const { key, ...kept } = newKey()
  const made = await insertKey(
    change.db,
    {
      id: randomUUID(),
      orgId: actor.orgId,
      name: name.trim(),
      scopes,
      addresses,
      expiresAt: until,
      createdById: actor.id ?? null,
      ...kept,
    },
    change.now,
  )
  recordOn(change, actor, made, 'created')
  return { ...made, key }
}

/** The same key under a new secret. Of the secrets before it the last one is good for a while. @throws AppError 404, 409 */
export async function rotateApiKey(
  change: Change,
  actor: Actor,
  id: string,
  overlapHours = 24,
): Promise<FreshApiKey> {
  const before = await lockOwn(change, actor, id)
  if (before.revokedAt) throw conflict('The key was revoked', 'revoked')
  const { key, ...kept } = newKey()
  const renewed = await updateKey(change.db, id, {
    ...kept,
    previousHash: before.hash,
    previousUntil: plusMs(change.now, overlapHours * HOUR),
    rotatedAt: change.now,
  })
  recordOn(change, actor, renewed, 'rotated')
  return { ...renewed, key }
}

/** From the next request on, neither of its secrets is good. Twice is once. @throws AppError 404 */
export async function revokeApiKey(change: Change, actor: Actor, id: string): Promise<ApiKey> {
  const { hash: _, ...key } = await lockOwn(change, actor, id)
  if (key.revokedAt) return key
  const revoked = await updateKey(change.db, id, { revokedAt: change.now })
  recordOn(change, actor, revoked, 'revoked')
  return revoked
}

/** To the minute. */
export async function recordKeyUse({ db, now }: Change, id: string): Promise<void> {
  await touchKey(db, id, now)
}

function newKey(): { key: string; hash: string; hint: string } {
  const key = KEY_PREFIX + randomToken()
  return { key, hash: sha256Hex(key), hint: key.slice(0, KEY_PREFIX.length + 4) }
}

async function lockOwn(change: Change, actor: Actor, id: string): Promise<ApiKey & { hash: string }> {
  const key = await lockKey(change.db, actor.orgId, id)
  if (!key) throw notFound('Key')
  return key
}

function recordOn(
  change: Change,
  actor: ActorOrOperator,
  { id, hint, scopes }: ApiKey,
  what: 'created' | 'rotated' | 'revoked',
): void {
  recordAudit(change, {
    orgId: actor.orgId,
    ...(actor.id && { actorId: actor.id }),
    action: `api_key_${what}`,
    entity: 'api_key',
    entityId: id,
    metadata: { hint, scopes },
  })
}
