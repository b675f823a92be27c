// ADMINs are notified of what matters to the business, as soon as it is sealed.

import { findAuditRow } from '../../audit/queries.ts'
import type { StoredRow } from '../../audit/schema.ts'
import { peopleIn } from '../../audit/describe.ts'
import type { Change } from '../../kit/store/change.ts'
import { describeRows } from '../../users/audit-descriptions.ts'
import { listActiveReaders } from '../../users/queries.ts'
import { notify } from './notify.ts'

/** In the language of each. Whoever did it knows. */
export async function notifyAdmins(change: Change, orgId: string, rows: readonly StoredRow[]): Promise<void> {
  const admins = await listActiveReaders(change.db, orgId, ['ADMIN'])
  for (const locale of new Set(admins.map((admin) => admin.locale))) {
    const { rows: described } = await describeRows(change.db, orgId, locale, rows)
    for (const { id: userId } of admins.filter((admin) => admin.locale === locale))
      for (const row of described.filter(({ actorId }) => actorId !== userId))
        notify(change, {
          orgId,
          userId,
          type: 'AUDIT_RECORDED',
          people: peopleIn(row),
          parameters: { kind: row.entity, text: row.description },
          data: { auditId: row.id, action: row.action, entity: row.entity, entityId: row.entityId },
          ...(row.entity === 'booking' && row.entityId && { bookingId: row.entityId }),
        })
  }
}

/** For jobs that an older release ordered. */
export async function notifyAdminsOf(change: Change, auditId: number): Promise<void> {
  const row = await findAuditRow(change.db, auditId)
  if (row && row.erasedBy === null) await notifyAdmins(change, row.orgId, [row])
}
