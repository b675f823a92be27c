// Links in mails, by which one decides.

import { randomUUID } from 'node:crypto'
import type { Change } from '../../kit/store/change.ts'
import { DECISION_LINK_ROWS, ensureDecisionLink } from '../links/table.ts'
import type { ApprovalRow } from '../table.ts'

/** For a mail about this approval to this person. */
export async function linkTo(
  change: Change,
  { id: approvalId, orgId, createdAt, route }: ApprovalRow,
  userId: string,
): Promise<{ page: 'decisions'; id: string }> {
  const link = { id: randomUUID(), orgId, approvalId, userId }
  // Of an approval that this change makes nobody has a link yet; of several people somebody may be asked once more.
  if (route !== null || createdAt.getTime() !== change.now.getTime())
    return { page: 'decisions', id: await ensureDecisionLink(change.db, link, change.now) }
  change.addRow(DECISION_LINK_ROWS, { ...link, createdAt: change.now })
  return { page: 'decisions', id: link.id }
}
