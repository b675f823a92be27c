// Links in mails, by which one decides. Private to the domain.

import type { LateTable } from '../../kit/store/causes.ts'
import type { Db, Query } from '../../kit/store/db.ts'

export interface DecisionLinkRow {
  id: string
  orgId: string
  approvalId: string
  userId: string
  usedAt: Date | null
}

export const DECISION_LINK_ROWS: LateTable<Omit<DecisionLinkRow, 'usedAt'> & { createdAt: Date }> = {
  name: 'decision_links',
  columns: { id: 'uuid', orgId: 'uuid', approvalId: 'uuid', userId: 'uuid', createdAt: 'timestamptz' },
}

/** One for each of those who may decide: reminders lead to the same page. @returns its id */
export async function ensureDecisionLink(
  db: Db,
  link: Omit<DecisionLinkRow, 'usedAt'>,
  now: Date,
): Promise<string> {
  const [row] = await db('decision_links')
    .insert({ ...link, createdAt: now })
    .onConflict(['approval_id', 'user_id'])
    .merge({ approvalId: link.approvalId })
    .returning('id')
  return row.id
}

/** Of two who press at once the second finds it used. */
export async function lockDecisionLink(db: Db, id: string): Promise<DecisionLinkRow | undefined> {
  return db('decision_links').where({ id }).forUpdate().first('id', 'orgId', 'approvalId', 'userId', 'usedAt')
}

export async function setDecisionLinkUsed(db: Db, id: string, now: Date): Promise<void> {
  await db('decision_links').where({ id }).update({ usedAt: now })
}

/** Of approvals that begin anew. @param approvals their ids */
export async function deleteDecisionLinks(db: Db, approvals: Query): Promise<void> {
  await db('decision_links').whereIn('approvalId', approvals).delete()
}
