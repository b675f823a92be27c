// Asking for a decision: the subject's domain opens the approval and names the job that is told of the outcome;
// a worker finds the approver, sets the alarms and tells them.

import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import type { JobDeclaration } from '../../kit/declare/job.ts'
import { notify, settleNotifications } from '../../notifications/actions/notify.ts'
import { lockHierarchyForWork } from '../../users/actions/hold.ts'
import { getUser, listActiveIdsByRole } from '../../users/queries.ts'
import { approvalDecidedEvent } from '../events.ts'
import { recordStep } from '../history/entries.ts'
import { routeApprovalJob } from '../jobs.ts'
import { getRouteFacts, type RouteFacts } from '../route-facts.ts'
import { newRoute } from '../decision/rules.ts'
import type { ApprovalRoute } from '../decision/schema.ts'
import type { PlannedRequest } from '../plan/rules.ts'
import { approvalTypeBy } from '../policy/rules.ts'
import { DEFAULT_POLICY, type PolicyRule } from '../policy/schema.ts'
import { findPolicy } from '../policy/table.ts'
import type { Decision, Subject, SubjectDetails } from '../schema.ts'
import { insertApproval, updateApproval, type ApprovalColumns, type ApprovalRow } from '../table.ts'
import { NOBODY_DECIDES } from '../wording.ts'
import { announceApproval } from './announce.ts'
import { newRow, type Routing } from './new-row.ts'
import { planFor, planNextStep, saveRoute, termOf } from './next-step.ts'
import { followDecision } from './outcome.ts'
import { decidersOf, deedsAtEnd, emitApproval } from './people.ts'
import { getOrganisation } from '../../organisations/queries.ts'
import { aboutSubject, subjectKindOf } from '../subjects.ts'

export interface ApprovalAsk extends Omit<Routing, 'then'> {
  /** Told of the decision: approvals never learn what they approve. */
  then: JobDeclaration<Decision>
}

export function openApproval(change: Change, { then, ...ask }: ApprovalAsk): void {
  change.enqueue(routeApprovalJob, { ...ask, then: then.name })
}

/** @param reading what there is to say of the subject, being read */
export async function routeApproval(
  change: Change,
  routing: Routing,
  reading: Promise<SubjectDetails | null>,
): Promise<void> {
  // Sent together, and answered in this order: the facts are those that the lock has waited for.
  const [, facts, details] = await Promise.all([
    lockHierarchyForWork(change, routing.orgId),
    getRouteFacts(change.db, routing.orgId, routing.requesterId),
    reading,
  ])
  await askUnderRule(change, routing, facts, details, { write: insertApproval })
}

interface Placing {
  /** A subject that was asked about already is not asked about again, unless this renews it. */
  write: typeof insertApproval
  /** Whom it waited on before. */
  former?: readonly string[]
}

export async function askUnderRule(
  change: Change,
  routing: Routing,
  facts: RouteFacts,
  details: SubjectDetails | null,
  { write, former = [] }: Placing,
): Promise<void> {
  const rule = await ruleOf(change, routing, facts)
  const plan = await planFor(change, routing.orgId, facts, rule)
  if (!plan.approverId && routing.approvalType === 'CC_ONLY') return
  const row = newRow(change, routing, plan, details)
  await beginApproval(change, row, plan, {
    begun: routing.policy && newRoute(routing.policy.version, rule),
    write,
    former,
  })
}

interface Beginning extends Placing {
  /** Under a policy of one's own. */
  begun: ApprovalRoute | undefined
}

/** As it is planned. @returns false: the subject was routed before, or waits already */
export async function beginApproval(
  change: Change,
  row: ApprovalColumns,
  plan: PlannedRequest,
  { begun, write, former = [] }: Beginning,
): Promise<boolean> {
  const asks = row.approvalType === 'MANAGER_APPROVAL'
  if (begun && asks) return routeSteps(change, row, begun, { write, former })
  const approval = await write(change.db, row, change.now)
  if (!approval) return false
  if (asks && !plan.approverId) await decideByPolicy(change, approval)
  else await announceApproval(change, approval, { former, copyTo: plan.told.slice(1).map(({ id }) => id) })
  return true
}

/** The rule that held when it was asked for: its version stays. */
async function ruleOf(
  { db }: Change,
  { orgId, policy, approvalType }: Routing,
  facts: RouteFacts,
): Promise<PolicyRule> {
  const rules =
    policy && policy.version !== facts.policy?.version
      ? (await findPolicy(db, orgId, policy.version))?.rules
      : facts.policy?.rules
  const rule = policy
    ? rules?.[policy.rule]
    : DEFAULT_POLICY.rules.find((each) => approvalTypeBy(each) === approvalType)
  if (!rule)
    throw new Error(
      `There is no rule ${policy?.rule} in version ${policy?.version} of the policy of ${orgId}`,
    )
  return rule
}

/** Of several people: the first step that is not covered is asked. */
async function routeSteps(
  change: Change,
  row: ApprovalColumns,
  begun: ApprovalRoute,
  { write, former = [] }: Placing,
): Promise<boolean> {
  const { route, state, planned } = await planNextStep(change, row, begun)
  const term = planned ? termOf(planned) : {}
  const inserted = await write(change.db, { ...row, ...term, approverId: null, route }, change.now)
  if (!inserted) return false
  const approval = await saveRoute(change, inserted, route)
  if (state === 'nobody') await decideByPolicy(change, approval)
  else if (state === 'over') await closeUnasked(change, approval, route)
  else await announceApproval(change, approval, { former, copyTo: planned?.copyTo.map(({ id }) => id) })
  return true
}

/** All steps are covered: by now it needs nobody any more. */
export async function closeUnasked(
  change: Change,
  approval: ApprovalRow,
  route: ApprovalRoute,
): Promise<void> {
  const deciders = await decidersOf(change.db, approval, change.now)
  const decided = await saveRoute(change, approval, route, {
    status: 'APPROVED',
    respondedAt: change.now,
    nextReminderAt: null,
    decidedBy: 'policy',
  })
  await settleNotifications(change, deedsAtEnd(approval, deciders))
  recordStep(change, decided, 'approved_by_policy')
  emitApproval(change, approvalDecidedEvent, decided, [...deciders, decided.requesterId])
  await followDecision(change, decided, 'approved')
}

/** Nobody may decide: the organisation's policy does, at once. */
export async function decideByPolicy(change: Change, approval: ApprovalRow): Promise<void> {
  const { settings, locale } = await getOrganisation(change.db, approval.orgId)
  const deciders = await decidersOf(change.db, approval, change.now)
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
  await settleNotifications(change, deedsAtEnd(approval, deciders))
  recordStep(change, decided, `${outcome}_by_policy`, { notes: decided.notes })
  await recordNoApprover(change, {
    orgId: decided.orgId,
    requesterId: decided.requesterId,
    subject: { type: decided.subjectType, id: decided.subjectId, label: decided.subjectLabel },
    outcome,
  })
  emitApproval(change, approvalDecidedEvent, decided, [
    decided.approverId ?? decided.requesterId,
    ...(approval.route ? deciders : []),
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
