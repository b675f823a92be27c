// Every write of exports. Private to the domain.

import type { Db } from '../kit/store/db.ts'
import type { ExportRow } from './schema.ts'

export async function insertExport(db: Db, row: ExportRow): Promise<void> {
  await db('exports').insert({ ...row, filter: JSON.stringify(row.filter) })
}

export async function lockExport(db: Db, id: string): Promise<ExportRow | undefined> {
  return db('exports').where({ id }).forUpdate().first()
}

export async function claimExport(db: Db, id: string, claimedUntil: Date): Promise<void> {
  await db('exports').where({ id }).update({ status: 'RUNNING', percent: 0, reason: null, claimedUntil })
}

/** @returns whether it was still ours */
export async function keepClaim(
  db: Db,
  id: string,
  claimedUntil: Date,
  until: Date,
  percent: number,
): Promise<boolean> {
  return (await db('exports').where({ id, claimedUntil }).update({ claimedUntil: until, percent })) === 1
}

export async function releaseClaim(db: Db, id: string, claimedUntil: Date): Promise<void> {
  await db('exports').where({ id, claimedUntil }).update({ claimedUntil: null })
}

/** @returns whether it was still ours */
export async function setDone(
  db: Db,
  id: string,
  claimedUntil: Date,
  kept: Pick<ExportRow, 'size' | 'sha256' | 'expiresAt'>,
): Promise<boolean> {
  return (
    (await db('exports')
      .where({ id, claimedUntil })
      .update({ ...kept, status: 'DONE', percent: 100, claimedUntil: null })) === 1
  )
}

/** @param expiresAt until when it can be tried again */
export async function setFailed(db: Db, id: string, reason: string, expiresAt: Date): Promise<void> {
  await db('exports').where({ id }).update({ status: 'FAILED', reason, claimedUntil: null, expiresAt })
}

/** What is written, or was. Those that another writes down at this moment are waited for. */
export async function lockBegun(
  db: Db,
  orgId: string,
): Promise<Pick<ExportRow, 'id' | 'storageKey' | 'status'>[]> {
  return db('exports')
    .where({ orgId })
    .whereIn('status', ['RUNNING', 'DONE'])
    .orderBy('id')
    .forUpdate()
    .select('id', 'storageKey', 'status')
}

/** Whoever writes them finds that they are not theirs any more. */
export async function endClaims(db: Db, ids: readonly string[]): Promise<void> {
  await db('exports')
    .whereIn('id', [...ids])
    .update({ claimedUntil: null })
}

export async function setPending(db: Db, id: string, jobId: string): Promise<void> {
  await db('exports')
    .where({ id })
    .update({ status: 'PENDING', percent: 0, reason: null, jobId, expiresAt: null, size: null, sha256: null })
}

/** Oldest first; those that another worker removes at this moment are skipped. */
export async function lockExpired(
  db: Db,
  now: Date,
  limit: number,
): Promise<Pick<ExportRow, 'id' | 'storageKey' | 'status' | 'jobId'>[]> {
  return db('exports')
    .where('expiresAt', '<=', now)
    .orderBy('expiresAt')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .select('id', 'storageKey', 'status', 'jobId')
}

export async function deleteExports(db: Db, ids: readonly string[]): Promise<void> {
  await db('exports').whereIn('id', ids).delete()
}
