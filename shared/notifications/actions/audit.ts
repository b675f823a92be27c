// ADMINs are notified of what matters to the business, as soon as it is sealed.

import { findAuditRow } from '../../audit/queries.ts'
import type { Change } from '../../kit/store/change.ts'
import { peopleIn } from '../../audit/sentences.ts'
import { describeFor } from '../../users/audit-descriptions.ts'
import { listActiveIdsByRole } from '../../users/queries.ts'
import { notify } from './notify.ts'

/** Whoever did it knows. */
export async function notifyAdmins(change: Change, auditId: number): Promise<void> {
  const row = await findAuditRow(change.db, auditId)
  if (!row || row.erasedBy !== null) return
  const { orgId, actorId, action, entity, entityId } = row
  for (const userId of await listActiveIdsByRole(change.db, orgId, ['ADMIN'])) {
    if (userId === actorId) continue
    const [described] = await describeFor(change.db, orgId, userId, [row])
    if (described)
      await notify(change, {
        orgId,
        userId,
        type: 'AUDIT_RECORDED',
        people: peopleIn(row),
        parameters: { kind: entity, text: described.description },
        data: { auditId, action, entity, entityId },
        ...(entity === 'booking' && entityId && { bookingId: entityId }),
      })
  }
}
