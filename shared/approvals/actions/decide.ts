// Deciding, and taking the question back. Whoever changes the status first wins; all others are told that it is decided.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, forbidden, invalid, notFound } from '../../kit/declare/errors.ts'
import { isBlank } from '../../kit/text/text.ts'
import { notify, settleNotifications } from '../../notifications/actions/notify.ts'
import type { Actor } from '../../organisations/roles.ts'
import { approvalDecidedEvent } from '../events.ts'
import { recordStep } from '../history/entries.ts'
import { listDelegationsOf, localeOf, toApproval } from '../queries.ts'
import { mayDecide } from '../rules.ts'
import type { Approval, Delegation, Respond, Subject, SubjectDetails } from '../schema.ts'
import {
  insertApproval,
  lockApproval,
  lockApprovalOf,
  lockApprovalsAbout,
  updateApproval,
  type ApprovalColumns,
  type ApprovalRow,
} from '../table.ts'
import { announceDecision, decidedBy, decidePart, mustBeAsSeen, partIn } from './parts.ts'
import { decidersAmong, decidersOf, deedsAtEnd, emitApproval } from './people.ts'
import { aboutSubject, subjectWords } from '../subjects.ts'

export async function decideApproval(
  change: Change,
  actor: Actor,
  approvalId: string,
  respond: Respond,
): Promise<Approval> {
  const { decision, notes, version } = respond
  const reason = reasonFor(decision, notes)
  const approval = await lockApproval(change.db, approvalId, change.now)
  if (approval?.orgId !== actor.orgId) throw notFound('Approval')
  if (approval.route)
    return decidePart(change, actor, { ...approval, route: approval.route }, respond, reason)
  const delegations = approval.approverId ? await listDelegationsOf(change.db, approval.approverId) : []
  mustBeOpen(actor, approval, delegations, change.now)
  mustBeAsSeen(actor, approval, version)
  const onBehalfOfId = actor.id === approval.approverId ? null : approval.approverId
  const decided = await updateApproval(
    change.db,
    approvalId,
    { ...decidedBy(change, actor, decision, reason), onBehalfOfId },
    change.now,
  )
  const told = decidersAmong(decided, delegations, change.now)
  await announceDecision(change, actor, approval, decided, told)
  return toApproval(decided, localeOf(approval, actor.id))
}

/** @throws AppError 400 */
function reasonFor(decision: Respond['decision'], notes: string | undefined): string | null {
  const reason = notes === undefined || isBlank(notes) ? null : notes.trim()
  if (decision === 'reject' && !reason) throw invalid('Rejection reason is required', 400)
  return reason
}

/** @throws AppError 403, 409 when it, or this person's part of it, is decided */
export async function mustBeOpenTo(change: Change, actor: Actor, approval: ApprovalRow): Promise<void> {
  const { route, approverId } = approval
  if (route) await partIn(change, actor, { ...approval, route })
  else
    mustBeOpen(actor, approval, approverId ? await listDelegationsOf(change.db, approverId) : [], change.now)
}

function mustBeOpen(
  actor: Actor,
  approval: ApprovalRow,
  delegations: readonly Delegation[],
  now: Date,
): void {
  if (!mayDecide(actor, approval, delegations, now))
    throw forbidden('Only the approver or their delegate decides')
  if (approval.status !== 'PENDING')
    throw conflict(`Approval already ${approval.status.toLowerCase()}`, 'already_decided')
}

/**
 * A decision locks its approval and then what it is about, which moves with it. Whoever may withdraw one does so in the same order,
 * so that the two do not wait for each other.
 */
export async function lockDecisionsAbout(change: Change, subjectId: string): Promise<void> {
  await lockApprovalsAbout(change.db, subjectId)
}

interface Withdrawal {
  orgId: string
  subject: Subject
  details: SubjectDetails
  requesterId: string
  approvalType: 'CC_ONLY' | 'MANAGER_APPROVAL'
  /** Why, in words. */
  notes?: string | undefined
}

/** The subject no longer needs a decision. Not routed yet: the row stands in the way of the route job. */
export async function withdrawApproval(
  change: Change,
  actorId: string | undefined,
  about: Withdrawal,
): Promise<void> {
  if (await insertApproval(change.db, tombstoneOf(change, about), change.now)) return
  const approval = await lockApprovalOf(change.db, about.subject.id, change.now)
  if (approval?.status === 'PENDING') await withdrawLocked(change, actorId, approval, about.notes)
}

export async function withdrawLocked(
  change: Change,
  actorId: string | undefined,
  approval: ApprovalRow,
  notes?: string,
): Promise<ApprovalRow> {
  const withdrawn = await updateApproval(
    change.db,
    approval.id,
    { status: 'WITHDRAWN', respondedAt: change.now, nextReminderAt: null },
    change.now,
  )
  const deciders = await decidersOf(change.db, approval, change.now)
  await settleNotifications(change, deedsAtEnd(approval, deciders))
  recordStep(change, withdrawn, 'withdrawn', { actor: actorId ? { id: actorId } : undefined, notes })
  recordAudit(change, {
    orgId: approval.orgId,
    ...(actorId && { actorId }),
    action: 'approval_withdrawn',
    entity: 'approval',
    entityId: approval.id,
    metadata: { code: approval.subjectLabel.code },
  })
  emitApproval(change, approvalDecidedEvent, withdrawn, [...deciders, withdrawn.requesterId])
  tellWithdrawn(change, withdrawn, deciders)
  return withdrawn
}

/** Stands in the way of the route job. */
function tombstoneOf(change: Change, about: Withdrawal): ApprovalColumns {
  return {
    id: randomUUID(),
    orgId: about.orgId,
    subjectType: about.subject.type,
    subjectId: about.subject.id,
    subjectLabel: about.subject.label,
    subjectDetails: about.details,
    externalId: null,
    subjectUrl: null,
    approverId: null,
    requesterId: about.requesterId,
    approvalType: about.approvalType,
    status: 'WITHDRAWN',
    notes: null,
    reminderCount: 0,
    lastReminderAt: null,
    nextReminderAt: null,
    respondedAt: change.now,
    decidedBy: null,
    decidedById: null,
    onBehalfOfId: null,
    expiresAt: null,
    escalatedFromId: null,
    openQuestion: null,
    timeLeftMs: null,
    continuation: '',
    route: null,
    createdAt: change.now,
    updatedAt: change.now,
  }
}

function tellWithdrawn(change: Change, withdrawn: ApprovalRow, deciders: readonly string[]): void {
  for (const userId of deciders) {
    notify(change, {
      orgId: withdrawn.orgId,
      userId,
      type: 'APPROVAL_WITHDRAWN',
      people: [withdrawn.requesterId],
      ...aboutSubject(withdrawn.subjectType, withdrawn.subjectId),
      parameters: { code: subjectWords(withdrawn).code, requester: withdrawn.requester.fullName },
    })
  }
}
