// Reads of exports, always within one organisation; but for whoever brings a link, which names one.

import type { Reading } from '../kit/store/change.ts'
import type { Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import { signText } from '../kit/outside/signature.ts'
import type { Export, ExportRow } from './schema.ts'

export async function findExport(db: Db, id: string): Promise<ExportRow | undefined> {
  return db('exports').where({ id }).first()
}

/** @throws AppError 404, the same for an unknown and a foreign one */
export async function getExport({ db, config }: Reading, orgId: string, id: string): Promise<Export> {
  const row = await findExport(db, id)
  if (row?.orgId !== orgId) throw notFound('Export')
  return toExport(config, row)
}

/** Whether one that was asked for before is still to be written. */
export async function hasOlderUnfinished(db: Db, { id, orgId, createdAt }: ExportRow): Promise<boolean> {
  const older = await db('exports')
    .where({ orgId })
    .whereIn('status', ['PENDING', 'RUNNING'])
    .whereRaw('(created_at, id) < (?, ?)', [createdAt, id])
    .first('id')
  return older !== undefined
}

/** What the link of an export signs: whoever has it may fetch this one file, without an access token, until it expires. */
export function exportLinkText(id: string, expiresAt: Date): string {
  return `export ${id} ${expiresAt.getTime()}`
}

export function toExport(
  config: Reading['config'],
  {
    orgId: _,
    askerId: __,
    storageKey: ___,
    sha256: ____,
    jobId: _____,
    claimedUntil: ______,
    ...row
  }: ExportRow,
): Export {
  const url =
    row.status === 'DONE' &&
    row.expiresAt &&
    `/api/v1/audit/exports/${row.id}/file?token=${signText(config, exportLinkText(row.id, row.expiresAt))}`
  return { ...row, url: url || null }
}
