// Idempotency-Key: the same key and request give the same answer for 24 hours, from any process.
// The key's row is written in the change's own transaction: of two at once the second waits for the first, and a change
// that fails leaves no trace, so that it can be tried again.

import type { Change } from './change.ts'
import { blankCopyOf, idsIn } from './copies.ts'
import type { Db } from './db.ts'
import { DAY, plusMs } from '../time/time.ts'
import { invalid } from '../declare/errors.ts'
import { declareJob } from '../declare/job.ts'
import { shape } from '../declare/schema.ts'

export interface StoredAnswer {
  status: number
  headers: Record<string, string>
  body: unknown
}

const WINDOW = DAY
/** Rows in one transaction of the retention. */
const EXPIRED_AT_ONCE = 1000

/** Runs `work`, or repeats what it answered to this key before. @throws AppError 422 when the key came with another request */
export async function runIdempotent(
  change: Change,
  claim: { userId: string; key: string; requestHash: string },
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const { userId, key } = claim
  await change
    .db('idempotency_keys')
    .where({ userId, key })
    .where('createdAt', '<', plusMs(change.now, -WINDOW))
    .delete()
  // Waits on the primary key while another request with this key is under way.
  const claimed = await change
    .db('idempotency_keys')
    .insert({ ...claim, createdAt: change.now })
    .onConflict(['user_id', 'key'])
    .ignore()
    .returning('key')
  if (claimed.length === 0) return repeat(change, claim)
  const answer = await work()
  await change
    .db('idempotency_keys')
    .where({ userId, key })
    .update({
      status: answer.status,
      headers: JSON.stringify(answer.headers),
      body: JSON.stringify(answer.body),
      sources: idsIn(answer.body),
    })
  return answer
}

async function repeat(
  change: Change,
  { userId, key, requestHash }: { userId: string; key: string; requestHash: string },
): Promise<StoredAnswer> {
  const stored = await change
    .db('idempotency_keys')
    .where({ userId, key })
    .first('requestHash', 'status', 'headers', 'body')
  if (stored?.requestHash !== requestHash) throw invalid('This Idempotency-Key was used with another request')
  // Asked in this very transaction (gathering.ts): alone, the second finds the answer of the first.
  if (stored.status === null) throw new Error('This request is being answered in the same transaction.')
  return {
    status: stored.status,
    headers: { ...stored.headers, 'Idempotency-Replayed': 'true' },
    body: stored.body,
  }
}

/** What was answered to this person's own requests. */
export async function deleteAnswersTo(db: Db, userId: string): Promise<void> {
  await db('idempotency_keys').where({ userId }).delete()
}

/** What was answered stays an answer, without words and names of these people or messages. */
export async function deleteAnswersAbout(change: Change, ids: readonly string[]): Promise<void> {
  const rows: { userId: string; key: string; body: unknown }[] = await change
    .db('idempotency_keys')
    .whereRaw('sources && ?::uuid[]', [[...ids]])
    .select('userId', 'key', 'body')
  for (const { userId, key, body } of rows)
    await change
      .db('idempotency_keys')
      .where({ userId, key })
      .update({ body: JSON.stringify(blankCopyOf(body, new Set(ids))) })
}

/** Twice: nothing is left to delete. Late: deletes more. */
export const expireKeysJob = declareJob('maintenance.forgetKeys', shape({}))

export async function expireKeys(change: Change): Promise<void> {
  const old = change
    .db('idempotency_keys')
    .where('createdAt', '<', plusMs(change.now, -WINDOW))
    .orderBy('createdAt')
    .limit(EXPIRED_AT_ONCE)
    .select('userId', 'key')
  const count = await change.db('idempotency_keys').whereIn(['userId', 'key'], old).delete()
  if (count === EXPIRED_AT_ONCE) change.enqueue(expireKeysJob, {})
}
