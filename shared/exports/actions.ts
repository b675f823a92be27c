// Exporting the audit: at once, as a stream, or in the background, as a file that can be fetched for a day.

import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { recordAudit } from '../audit/actions.ts'
import type { AuditScope } from '../audit/schema.ts'
import { storageKeyOf } from '../files/rules.ts'
import { openStorage } from '../files/storage/open.ts'
import type { ByteRange } from '../files/storage/storage.ts'
import type { Change, Reading } from '../kit/store/change.ts'
import type { Db } from '../kit/store/db.ts'
import { plusMs } from '../kit/time/time.ts'
import { notFound } from '../kit/declare/errors.ts'
import { takeJobs } from '../kit/store/outbox.ts'
import { getAddressee } from '../users/queries.ts'
import type { Actor } from '../organisations/roles.ts'
import { makeExportJob, sweepExportsJob } from './jobs.ts'
import { isSigned } from '../kit/outside/signature.ts'
import { exportLinkText, findExport, toExport } from './queries.ts'
import {
  LINK_LIFE,
  type ExportHeading,
  type Export,
  type ExportQuery,
  type ExportRequest,
  type ExportRow,
} from './schema.ts'
import { deleteExports, endClaims, insertExport, lockBegun, lockExpired, setFailed } from './table.ts'
import { CONTENT_TYPES, fileNameOf, writeExport } from './write.ts'
import { getOrganisation } from '../organisations/queries.ts'

interface Named {
  name: string
  contentType: string
}

interface ExportStream extends Named {
  /** Not within the change: it takes as long as its reader does. */
  chunks: (db: Db) => AsyncIterable<Uint8Array>
}

/** Streams what has happened up to now. That it was taken out is audited first. */
export async function streamExport(
  change: Change,
  actor: Actor,
  scope: AuditScope,
  ask: ExportQuery,
): Promise<ExportStream> {
  const row = rowOf(change, actor, { ...ask, scope })
  recordExport(change, actor, row)
  const about = await headingOf(change, row)
  return { ...(await namedOf(change, row)), chunks: (db) => writeExport(db, actor.orgId, row.format, about) }
}

/** Orders one in the background. */
export async function orderExport(change: Change, actor: Actor, ask: ExportRequest): Promise<Export> {
  const row = rowOf(change, actor, ask)
  await insertExport(change.db, { ...row, jobId: change.enqueue(makeExportJob, { exportId: row.id }) })
  recordExport(change, actor, row)
  return toExport(change.config, row)
}

/** More happens while it is being written; it ends where it began. */
function rowOf(
  change: Change,
  actor: Actor,
  { scope = 'all', format = 'pdf', ...filter }: ExportRequest,
): ExportRow {
  const id = randomUUID()
  return {
    id,
    orgId: actor.orgId,
    askerId: actor.id,
    scope,
    format,
    filter: { ...filter, to: filter.to ?? change.now.toISOString() },
    status: 'PENDING',
    percent: 0,
    storageKey: storageKeyOf(actor.orgId, id),
    size: null,
    sha256: null,
    createdAt: change.now,
    expiresAt: null,
    reason: null,
    jobId: null,
    claimedUntil: null,
  }
}

export function recordExport(change: Change, actor: Actor, { id, scope, format, filter }: ExportRow): void {
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'export',
    entity: 'audit',
    entityId: id,
    metadata: { scope, format, filter },
  })
}

export async function headingOf(
  { db }: Reading,
  { orgId, askerId, createdAt, scope, filter }: ExportRow,
): Promise<ExportHeading> {
  const [{ name }, { locale, timezone }] = [
    await getOrganisation(db, orgId),
    await getAddressee(db, orgId, askerId),
  ]
  return { organisation: name, locale, timezone, at: createdAt, scope, filter }
}

async function namedOf({ db }: Reading, { orgId, scope, format, createdAt }: ExportRow): Promise<Named> {
  const { slug } = await getOrganisation(db, orgId)
  return { name: fileNameOf(slug, scope, format, createdAt), contentType: CONTENT_TYPES[format] }
}

interface FetchedExport extends Named {
  size: number
  digest: string
  open: (range?: ByteRange) => Promise<Readable>
}

/** @throws AppError 404, the same for what is not there, is not done, has expired, and for a link that is not ours */
export async function fetchExport(reading: Reading, id: string, token: string): Promise<FetchedExport> {
  const row = await findExport(reading.db, id)
  if (
    row?.status !== 'DONE' ||
    !row.expiresAt ||
    row.expiresAt <= reading.now ||
    !isSigned(reading.config, exportLinkText(id, row.expiresAt), token)
  )
    throw notFound('Export')
  return {
    ...(await namedOf(reading, row)),
    size: row.size ?? 0,
    digest: row.sha256 ?? '',
    open: (range) => openStorage(reading.config).get(row.storageKey, range),
  }
}

const ERASED = 'Somebody whom it may name was erased since: tried again, it is made without them'

/** Somebody was erased: files that may name them go, and can be made anew; what is being written begins again. */
export async function forgetExports(change: Change, orgId: string): Promise<void> {
  const begun = await lockBegun(change.db, orgId)
  for (const { id, storageKey } of begun.filter(({ status }) => status === 'DONE')) {
    await openStorage(change.config).remove(storageKey)
    await setFailed(change.db, id, ERASED, plusMs(change.now, LINK_LIFE))
  }
  await endClaims(
    change.db,
    begun.filter(({ status }) => status === 'RUNNING').map(({ id }) => id),
  )
}

/** Exports in one transaction of the sweep. */
const BATCH = 100

/** Bytes first: a row that stays leads to them again. */
export async function sweepExpiredExports(change: Change): Promise<void> {
  const expired = await lockExpired(change.db, change.now, BATCH)
  for (const { storageKey } of expired) await openStorage(change.config).remove(storageKey)
  // Nobody has it tried again any more.
  for (const { status, jobId } of expired)
    if (status === 'FAILED' && jobId) await takeJobs(change.db, [jobId])
  await deleteExports(
    change.db,
    expired.map(({ id }) => id),
  )
  if (expired.length === BATCH) change.enqueue(sweepExportsJob, {})
}
