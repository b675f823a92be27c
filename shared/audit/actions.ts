// The audit: one row for each change of state, written in the change's own transaction.

import type { Change } from '../kit/change.ts'

export interface AuditEntry {
  orgId: string
  /** Who did it; absent when the house itself did, as at an expiry. */
  actorId?: string
  onBehalfOfId?: string
  /** noun_past, e.g. booking_created */
  action: string
  entity: string
  entityId?: string
  /** One English sentence for a person who reads the log. */
  description: string
  metadata?: Record<string, unknown>
}

export async function record(change: Change, entry: AuditEntry): Promise<void> {
  await change.db('audit_log').insert({
    ...entry,
    metadata: entry.metadata ?? {},
    at: change.now,
    requestId: change.origin.requestId,
    ip: change.origin.ip,
  })
}
