// An export in the background: claimed in a change, written page by page while no connection is held, recorded in a change.
// One at a time of each organisation, the oldest first. One that failed for good says so, and can be tried again.

import { countAudit } from '../../audit/queries.ts'
import { openStorage } from '../../files/storage/open.ts'
import type { StoredObject } from '../../files/storage/storage.ts'
import type { DeliveryResult } from '../../kit/outside/delivery-result.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, notFound, unavailable } from '../../kit/declare/errors.ts'
import { userChannel } from '../../kit/declare/event.ts'
import { takeJobs } from '../../kit/store/outbox.ts'
import type { ClaimedWork, LongWork, ExternalWork, ExternalOutcome } from '../../kit/outside/external-work.ts'
import { MINUTE, plusMs, SECOND } from '../../kit/time/time.ts'
import type { Actor } from '../../organisations/roles.ts'
import { headingOf, recordExport } from '../actions.ts'
import { exportProgressEvent } from '../events.ts'
import { makeExportJob } from '../jobs.ts'
import { hasOlderUnfinished, toExport } from '../queries.ts'
import { LINK_LIFE, type ExportHeading, type Export, type ExportRow } from '../schema.ts'
import { claimExport, keepClaim, lockExport, releaseClaim, setDone, setFailed, setPending } from '../table.ts'
import { writeExport } from '../write.ts'

/** Longer than a page takes; a worker that died keeps it for so long. */
const CLAIM = MINUTE
/** Until the one before it may be over. */
const NEXT_LOOK = 5 * SECOND

interface Writing {
  row: ExportRow
  about: ExportHeading
  claimedUntil: Date
}

export interface Written extends DeliveryResult {
  kept: StoredObject
}

interface Ask {
  exportId: string
}

export async function beginExport(change: Change, { exportId }: Ask): Promise<ClaimedWork<Writing>> {
  const row = await lockExport(change.db, exportId)
  if (!row || row.status === 'DONE') return undefined
  if (row.claimedUntil && change.now < row.claimedUntil) return { notBefore: row.claimedUntil }
  if (await hasOlderUnfinished(change.db, row)) return { notBefore: plusMs(change.now, NEXT_LOOK) }
  const claimedUntil = plusMs(change.now, CLAIM)
  await claimExport(change.db, exportId, claimedUntil)
  return { work: { row, about: await headingOf(change, row), claimedUntil } }
}

export async function writeExportFile(
  { config, now }: ExternalWork,
  writing: Writing,
  long: LongWork,
): Promise<Written> {
  const { row, about } = writing
  try {
    const total = await countAudit(long.db, row.orgId, row.scope, row.filter)
    // The last step is the storage's.
    const seen = (rows: number): Promise<void> =>
      tellProgress(config, writing, long, Math.min(99, Math.floor((100 * rows) / Math.max(1, total))))
    return {
      isDone: true,
      said: 'written',
      kept: await openStorage(config).put(
        row.storageKey,
        writeExport(long.db, row.orgId, row.format, about, seen),
        now,
      ),
    }
  } catch (error) {
    await releaseClaim(long.db, row.id, writing.claimedUntil)
    throw error
  }
}

/** Whoever lost the claim, because it stood still for too long, stops: another one is at it. */
async function tellProgress(
  config: ExternalWork['config'],
  writing: Writing,
  long: LongWork,
  percent: number,
): Promise<void> {
  const until = plusMs(long.now(), CLAIM)
  if (!(await keepClaim(long.db, writing.row.id, writing.claimedUntil, until, percent)))
    throw unavailable('Another worker writes this export')
  writing.claimedUntil = until
  if (percent === writing.row.percent) return
  writing.row = { ...writing.row, status: 'RUNNING', percent }
  const told = {
    key: `${writing.row.id}.${percent}`,
    channel: userChannel(writing.row.askerId),
    event: exportProgressEvent.name,
    at: long.now(),
    data: toExport(config, writing.row),
  }
  await Promise.all([long.progress(percent), long.append(told)])
}

export async function endExport(
  change: Change,
  { row, claimedUntil }: Writing,
  { kept }: Written,
): Promise<ExternalOutcome> {
  const done = { ...kept, expiresAt: plusMs(change.now, LINK_LIFE) }
  if (!(await setDone(change.db, row.id, claimedUntil, done))) {
    const now = await lockExport(change.db, row.id)
    return now?.status === 'RUNNING' ? { again: plusMs(change.now, NEXT_LOOK) } : 'done'
  }
  change.emit(
    exportProgressEvent,
    [userChannel(row.askerId)],
    toExport(change.config, { ...row, ...done, status: 'DONE', percent: 100, reason: null }),
  )
  return 'done'
}

/** Its job failed for good. */
export async function giveUpExport(change: Change, { exportId }: Ask, reason: string): Promise<void> {
  const row = await lockExport(change.db, exportId)
  if (!row || row.status === 'DONE') return
  await setFailed(change.db, exportId, reason, plusMs(change.now, LINK_LIFE))
  change.emit(
    exportProgressEvent,
    [userChannel(row.askerId)],
    toExport(change.config, { ...row, status: 'FAILED', reason }),
  )
}

/** Begins it again, with what had happened up to when it was asked for. @throws AppError 404, 409 unless it failed */
export async function retryExport(change: Change, actor: Actor, id: string): Promise<Export> {
  const row = await lockExport(change.db, id)
  if (row?.orgId !== actor.orgId) throw notFound('Export')
  if (row.status !== 'FAILED')
    throw conflict(`The export is ${row.status}: only one that failed is tried again`)
  // Its old job lies under failed, for whoever operates the queues; nothing is left to be done by it.
  if (row.jobId) await takeJobs(change.db, [row.jobId])
  await setPending(change.db, id, change.enqueue(makeExportJob, { exportId: id }))
  recordExport(change, actor, row)
  return toExport(change.config, { ...row, status: 'PENDING', percent: 0, reason: null })
}
