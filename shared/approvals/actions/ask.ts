// Asking for a decision: the subject's domain opens the approval and names the job that is told of the outcome;
// a worker finds the approver, sets the alarms and tells them.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import type { JobDeclaration } from '../../kit/declare/job.ts'
import { notify, settleNotifications } from '../../notifications/actions/notify.ts'
import { lockHierarchyForWork } from '../../users/actions/hold.ts'
import { getUser, listActiveIdsByRole } from '../../users/queries.ts'
import { approvalDecidedEvent, approvalRequestedEvent } from '../events.ts'
import { expireApprovalJob, remindApproverJob, routeApprovalJob } from '../jobs.ts'
import { getRouteFacts, type RouteFacts } from '../route-facts.ts'
import { approverAmong, planRoute, type PlannedRoute } from '../rules.ts'
import type { Decision, Subject, SubjectDetails } from '../schema.ts'
import { insertApproval, updateApproval, type ApprovalColumns, type ApprovalRow } from '../table.ts'
import { NOBODY_DECIDES } from '../wording.ts'
import { linkTo } from './by-link.ts'
import { followDecision } from './decide.ts'
import { decidersOf, emitApproval, linesOf } from './people.ts'
import { getOrganisation } from '../../organisations/queries.ts'
import { aboutSubject, subjectKindOf } from '../subjects.ts'

interface ApprovalAsk {
  orgId: string
  subject: Subject
  requesterId: string
  approvalType: 'CC_ONLY' | 'MANAGER_APPROVAL'
  /** Told of the decision: approvals never learn what they approve. */
  then: JobDeclaration<Decision>
}

export function openApproval(change: Change, { then, ...ask }: ApprovalAsk): void {
  change.enqueue(routeApprovalJob, { ...ask, then: then.name })
}

/** The details are read when it is routed: what people write stands in no job. */
type Routing = Omit<ApprovalAsk, 'then'> & { then: string }

/** @param reading what there is to say of the subject, being read */
export async function routeApproval(
  change: Change,
  routing: Routing,
  reading: Promise<SubjectDetails | null>,
): Promise<void> {
  // Sent together, and answered in this order: the plan sees what the lock has waited for.
  const [, plan, details] = await Promise.all([
    lockHierarchyForWork(change, routing.orgId),
    planFor(change, routing),
    reading,
  ])
  if (!plan.approverId && routing.approvalType === 'CC_ONLY') return
  const approval = await insertApproval(change.db, rowOf(change, routing, plan, details), change.now)
  if (!approval) return
  await (plan.approverId ? announceApproval(change, approval) : decideByPolicy(change, approval))
}

/** Tells whoever is asked, and sets the alarms of a request that waits. @param former whom it waited on before */
export async function announceApproval(
  change: Change,
  approval: ApprovalRow,
  former: readonly string[] = [],
): Promise<void> {
  const deciders = await decidersOf(change.db, approval, change.now)
  recordAudit(change, {
    orgId: approval.orgId,
    action: 'approval_requested',
    entity: 'approval',
    entityId: approval.id,
    metadata: { code: approval.subjectLabel.code, deciders, approvalType: approval.approvalType },
  })
  if (!approval.expiresAt) return tellCopy(change, approval, deciders)

  change.enqueue(expireApprovalJob, { approvalId: approval.id }, approval.expiresAt)
  if (approval.nextReminderAt)
    change.enqueue(remindApproverJob, { approvalId: approval.id }, approval.nextReminderAt)
  emitApproval(change, approvalRequestedEvent, approval, [...deciders, ...former, approval.requesterId])
  for (const userId of deciders) {
    notify(change, {
      orgId: approval.orgId,
      userId,
      type: 'APPROVAL_REQUIRED',
      asks: [`decision:${approval.id}`],
      people: [approval.requesterId],
      ...aboutSubject(approval.subjectType, approval.subjectId),
      data: { approvalId: approval.id },
      link: await linkTo(change, approval, userId),
      parameters: {
        ...approval.subjectLabel,
        details: linesOf(approval),
        requester: approval.requester.fullName,
        deadline: approval.expiresAt,
      },
    })
  }
}

function tellCopy(change: Change, approval: ApprovalRow, deciders: readonly string[]): void {
  if (!approval.approverId) return
  emitApproval(change, approvalDecidedEvent, approval, [...deciders, approval.requesterId])
  notify(change, {
    orgId: approval.orgId,
    userId: approval.approverId,
    type: subjectKindOf(approval.subjectType).copiedNotice,
    people: [approval.requesterId],
    ...aboutSubject(approval.subjectType, approval.subjectId),
    parameters: { ...approval.subjectLabel, requester: approval.requester.fullName },
  })
}

/** The plan as it is now: what `simulate` answers and the worker does. */
async function planFor(
  reading: Reading,
  ask: Pick<ApprovalAsk, 'orgId' | 'requesterId' | 'approvalType'>,
): Promise<PlannedRoute> {
  return planBy(reading, await getRouteFacts(reading.db, ask.orgId, ask.requesterId), ask.approvalType)
}

export function planBy(
  { config, now }: Pick<Reading, 'config' | 'now'>,
  { requester, organisation, superiors, delegations, calendar }: RouteFacts,
  approvalType: ApprovalAsk['approvalType'],
): PlannedRoute {
  const approver = approverAmong(superiors, requester.id)
  return planRoute({
    requesterId: requester.id,
    approvalType,
    superiors,
    settings: organisation.settings,
    durations: config,
    now,
    calendar,
    delegations: delegations.filter(({ delegatorId }) => delegatorId === approver?.id),
  })
}

function rowOf(
  change: Change,
  routing: Routing,
  plan: PlannedRoute,
  details: SubjectDetails | null,
): ApprovalColumns {
  const isCopy = routing.approvalType === 'CC_ONLY'
  return {
    id: randomUUID(),
    orgId: routing.orgId,
    subjectType: routing.subject.type,
    subjectId: routing.subject.id,
    subjectLabel: routing.subject.label,
    subjectDetails: details,
    approverId: plan.approverId,
    requesterId: routing.requesterId,
    approvalType: routing.approvalType,
    status: isCopy ? 'AUTO_APPROVED' : 'PENDING',
    notes: null,
    reminderCount: 0,
    lastReminderAt: null,
    nextReminderAt: plan.reminders[0] ?? null,
    respondedAt: isCopy ? change.now : null,
    decidedBy: isCopy ? 'policy' : null,
    decidedById: null,
    onBehalfOfId: null,
    expiresAt: plan.expiresAt,
    escalatedFromId: null,
    continuation: routing.then,
    createdAt: change.now,
    updatedAt: change.now,
  }
}

/** Nobody may decide: the organisation's policy does, at once. */
export async function decideByPolicy(change: Change, approval: ApprovalRow): Promise<void> {
  const { settings, locale } = await getOrganisation(change.db, approval.orgId)
  const outcome = settings.noApprover === 'refuse' ? 'rejected' : 'approved'
  const decided = await updateApproval(
    change.db,
    approval.id,
    {
      status: outcome === 'approved' ? 'APPROVED' : 'REJECTED',
      notes: NOBODY_DECIDES[locale],
      respondedAt: change.now,
      nextReminderAt: null,
      decidedBy: 'policy',
    },
    change.now,
  )
  await settleNotifications(change, [`decision:${approval.id}`])
  await recordNoApprover(change, {
    orgId: decided.orgId,
    requesterId: decided.requesterId,
    subject: { type: decided.subjectType, id: decided.subjectId, label: decided.subjectLabel },
    outcome,
  })
  emitApproval(change, approvalDecidedEvent, decided, [
    decided.approverId ?? decided.requesterId,
    decided.requesterId,
  ])
  await followDecision(change, decided, outcome)
}

/** A decision without a person is audited with its reason, and the admins hear of it. */
export async function recordNoApprover(
  change: Change,
  {
    orgId,
    requesterId,
    subject,
    outcome,
  }: { orgId: string; requesterId: string; subject: Subject; outcome: Decision['outcome'] },
): Promise<void> {
  const requester = await getUser(change.db, orgId, requesterId)
  recordAudit(change, {
    orgId,
    actorId: requesterId,
    action: 'approval_decided',
    entity: subjectKindOf(subject.type).entity,
    entityId: subject.id,
    metadata: { code: subject.label.code, decision: outcome, decidedBy: 'policy', reason: 'no_approver' },
  })
  for (const userId of await listActiveIdsByRole(change.db, orgId, ['ADMIN'])) {
    notify(change, {
      orgId,
      userId,
      type: 'NO_APPROVER',
      people: [requesterId],
      ...aboutSubject(subject.type, subject.id),
      parameters: { code: subject.label.code, requester: requester.fullName, outcome },
    })
  }
}
