// Every write of exports. Private to the domain.

import type { Db } from '../kit/db.ts'
import type { ExportRow } from './schema.ts'

export async function insertExport(db: Db, row: ExportRow): Promise<void> {
  await db('exports').insert({ ...row, filter: JSON.stringify(row.filter) })
}

export async function setProgress(db: Db, id: string, percent: number): Promise<void> {
  await db('exports').where({ id }).update({ status: 'RUNNING', percent })
}

export async function setDone(db: Db, id: string, kept: Pick<ExportRow, 'size' | 'sha256' | 'expiresAt'>): Promise<void> {
  await db('exports').where({ id }).update({ ...kept, status: 'DONE', percent: 100 })
}

/** Oldest first; those that another worker removes at this moment are skipped. */
export async function lockExpired(db: Db, now: Date, limit: number): Promise<Pick<ExportRow, 'id' | 'storageKey'>[]> {
  return db('exports').where('expiresAt', '<=', now).orderBy('expiresAt').limit(limit).forUpdate().skipLocked().select('id', 'storageKey')
}

export async function deleteExports(db: Db, ids: readonly string[]): Promise<void> {
  await db('exports').whereIn('id', ids).delete()
}
