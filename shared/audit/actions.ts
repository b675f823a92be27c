// The audit: one row for each change of state, written in the change's own transaction; sealed, and told, shortly after.

import type { Change } from '../kit/store/change.ts'
import { roleChannel } from '../kit/declare/event.ts'
import { MINUTE, plusMs } from '../kit/time/time.ts'
import { sealOf } from './chain.ts'
import { auditRecordedEvent } from './events.ts'
import type { AuditRow, Seal, SealableRow } from './schema.ts'
import type { AuditAction } from './sentences.ts'
import {
  eraseFromRows,
  AUDIT_ROWS,
  insertSeals,
  listLastSeals,
  listUnsealed,
  lockSealing,
  moveSealing,
} from './table.ts'

interface AuditEntry {
  orgId: string
  /** Who did it; absent when the system itself did, as at an expiry. The key of a program that asked is added by itself. */
  actorId?: string
  onBehalfOfId?: string
  /** noun_past, e.g. booking_created; its sentence stands in sentences.ts. */
  action: AuditAction
  entity: string
  entityId?: string
  /** Ids, figures and codes that the sentence needs (sentences.ts); never what somebody wrote, nor what anybody is called. */
  metadata?: Record<string, unknown>
}

export function recordAudit(
  change: Change,
  { actorId, onBehalfOfId, entityId, metadata, ...entry }: AuditEntry,
): void {
  const { keyId } = change.origin
  change.addRow(AUDIT_ROWS, {
    ...entry,
    // A program in its own name is nobody among the people.
    actorId: actorId === undefined || actorId === keyId ? null : actorId,
    onBehalfOfId: onBehalfOfId ?? null,
    entityId: entityId ?? null,
    description: '',
    metadata: { ...metadata, ...(keyId && { keyId }) },
    at: change.now,
    requestId: change.origin.requestId,
    ip: change.origin.ip ?? null,
  })
}

/** Rows in one transaction. */
const BATCH = 1000
/** What is older when it is sealed, as all is on the day on which sealing begins, is news to nobody. */
const NEWS = 10 * MINUTE

/** What higher domains do with new rows of one organisation. */
interface News {
  /** Gives them their sentences, and leaves them in their order. */
  describe: (change: Change, orgId: string, rows: readonly SealableRow[]) => Promise<AuditRow[]>
  /** Notifies ADMINs of those that matter to the business. */
  notifyAdmins: (change: Change, orgId: string, rows: readonly SealableRow[]) => Promise<void>
}

/**
 * Puts new rows into the chains of their organisations, in the order in which they are found: whoever writes a row waits for
 * nobody. @param after begin behind this row; where all is sealed unless given
 * @returns where to go on, undefined when nothing more is to be seen
 */
export async function sealAudit(change: Change, news: News, after?: number): Promise<number | undefined> {
  const sealing = await lockSealing(change.db)
  if (!sealing) return undefined
  const rows = await listUnsealed(change.db, after ?? sealing.sealedUpTo, BATCH)
  const seals = await linkUp(change, rows)
  if (seals.length > 0) await insertSeals(change.db, seals)
  await tellNews(change, news, seals)
  if (rows.length === BATCH) return rows.at(-1)?.id
  if (after === undefined) await moveSealing(change.db, sealing)
  return undefined
}

async function linkUp(
  change: Change,
  rows: readonly SealableRow[],
): Promise<(Seal & { row: SealableRow })[]> {
  const orgIds = [...new Set(rows.map(({ orgId }) => orgId))]
  const last = new Map<string, Pick<Seal, 'n' | 'hash'>>(
    (await listLastSeals(change.db, orgIds)).map(({ orgId, ...seal }) => [orgId, seal]),
  )
  return rows.map((row) => {
    const seal = sealOf(row, last.get(row.orgId))
    last.set(row.orgId, seal)
    return { ...seal, row }
  })
}

/** Things of the business whose every change ADMINs are notified of. */
const CRITICAL: readonly string[] = [
  'booking',
  'payment',
  'appointment',
  'client',
  'organisation',
  'settings',
]

/** Who talks is told by the rooms themselves, by the thousand. */
async function tellNews(
  change: Change,
  { describe, notifyAdmins }: News,
  seals: readonly (Seal & { row: SealableRow })[],
): Promise<void> {
  const news = seals.filter(
    ({ row }) =>
      row.action !== 'message_sent' && row.erasedBy === null && row.at >= plusMs(change.now, -NEWS),
  )
  for (const orgId of new Set(news.map(({ row }) => row.orgId))) {
    const mine = news.filter(({ row }) => row.orgId === orgId)
    const rows = mine.map(({ row }) => row)
    const described = await describe(change, orgId, rows)
    for (const [at, row] of described.entries()) {
      const { n = 0, hash = '' } = mine[at] ?? {}
      change.emit(auditRecordedEvent, [roleChannel(orgId, 'ADMIN')], { ...row, n, hash })
    }
    const critical = rows.filter(({ entity }) => CRITICAL.includes(entity))
    if (critical.length > 0) await notifyAdmins(change, orgId, critical)
  }
}

/**
 * Takes the words, the request and the address out of every row that a person did or that is about them, by their id alone; the chain
 * holds. A row says that it was done.
 */
export async function eraseFromAudit(
  change: Change,
  erasure: { orgId: string; personId: string; actorId?: string },
): Promise<void> {
  await eraseFromRows(change.db, {
    ...erasure,
    actorId: erasure.actorId ?? null,
    at: change.now,
    requestId: change.origin.requestId,
  })
}
