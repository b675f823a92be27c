// Every write and row lock of approvals and delegations. Private to the domain.

import type { Db } from '../kit/db.ts'
import { columnsOf } from '../kit/schema.ts'
import { Delegation, type Approval } from './schema.ts'

/** The columns of an approval, with the name of the job that is told of the decision. */
export type ApprovalRow = Omit<Approval, 'bookingId'> & { orgId: string; nextReminderAt: Date | null; continuation: string }

export const APPROVAL_COLUMNS = [
  'id', 'orgId', 'subjectType', 'subjectId', 'subjectLabel', 'approverId', 'requesterId', 'approvalType', 'status', 'notes', 'reminderCount',
  'lastReminderAt', 'nextReminderAt', 'respondedAt', 'decidedBy', 'decidedById', 'onBehalfOfId', 'expiresAt', 'escalatedFromId', 'continuation', 'createdAt', 'updatedAt',
] as const

/** Undefined when the subject was routed, or withdrawn, before: `approvals_one_root` serialises those who try at once. */
export async function insertApproval(db: Db, approval: ApprovalRow): Promise<ApprovalRow | undefined> {
  const [inserted] = await db('approvals').insert({ ...approval, subjectLabel: JSON.stringify(approval.subjectLabel) })
    .onConflict(db.raw('(subject_type, subject_id) where escalated_from_id is null')).ignore().returning([...APPROVAL_COLUMNS])
  return inserted
}

/** Decisions, reminders, expiry and withdrawal of one approval come one after the other; the first to change the status wins. */
export async function lockApproval(db: Db, id: string): Promise<ApprovalRow | undefined> {
  return db('approvals').where({ id }).forUpdate().first(...APPROVAL_COLUMNS)
}

/** The one that still waits, or the last there was. */
export async function lockApprovalOf(db: Db, subjectId: string): Promise<ApprovalRow | undefined> {
  return db('approvals').where({ subjectId }).orderBy('createdAt', 'desc').forUpdate().first(...APPROVAL_COLUMNS)
}

/** All that waits on somebody, or for them, one lock after the other in the same order. */
export async function lockPending(db: Db, where: { orgId: string } & ({ approverId: string } | { requesterId: string })): Promise<ApprovalRow[]> {
  return db('approvals').where({ ...where, status: 'PENDING' }).orderBy('id').forUpdate().select(...APPROVAL_COLUMNS)
}

export async function updateApproval(db: Db, id: string, patch: Partial<ApprovalRow>, now: Date): Promise<ApprovalRow> {
  const [updated] = await db('approvals').where({ id }).update({ ...patch, updatedAt: now }).returning([...APPROVAL_COLUMNS])
  return updated
}

export async function insertDelegation(db: Db, delegation: Delegation & { orgId: string }): Promise<void> {
  await db('delegations').insert(delegation)
}

/** One organisation's delegations are made one at a time: two halves of a circle must see each other. */
export async function lockDelegations(db: Db, orgId: string): Promise<void> {
  await db.raw('select pg_advisory_xact_lock(hashtext(?))', [`delegations ${orgId}`])
}

export async function setRevoked(db: Db, id: string, now: Date): Promise<void> {
  await db('delegations').where({ id }).update({ revokedAt: now })
}

/** Given and received, what is not over. @returns what was ended */
export async function endDelegations(db: Db, orgId: string, userId: string, now: Date): Promise<Delegation[]> {
  return db('delegations').where({ orgId }).where((own) => void own.where({ delegatorId: userId }).orWhere({ delegateId: userId }))
    .whereNull('revokedAt').where('untilAt', '>', now).update({ revokedAt: now }).returning(columnsOf(Delegation))
}

/** What somebody gave as their reason. */
export async function clearNotesOf(db: Db, orgId: string, userId: string): Promise<void> {
  await db('approvals').where({ orgId, decidedById: userId }).update({ notes: null })
}

export interface DecisionLinkRow {
  id: string
  orgId: string
  approvalId: string
  userId: string
  usedAt: Date | null
}

/** One for each of those who may decide: reminders lead to the same page. @returns its id */
export async function ensureDecisionLink(db: Db, link: Omit<DecisionLinkRow, 'usedAt'>, now: Date): Promise<string> {
  const [row] = await db('decision_links').insert({ ...link, createdAt: now }).onConflict(['approval_id', 'user_id']).merge({ approvalId: link.approvalId }).returning('id')
  return row.id
}

/** Of two who press at once the second finds it used. */
export async function lockDecisionLink(db: Db, id: string): Promise<DecisionLinkRow | undefined> {
  return db('decision_links').where({ id }).forUpdate().first('id', 'orgId', 'approvalId', 'userId', 'usedAt')
}

export async function setDecisionLinkUsed(db: Db, id: string, now: Date): Promise<void> {
  await db('decision_links').where({ id }).update({ usedAt: now })
}
