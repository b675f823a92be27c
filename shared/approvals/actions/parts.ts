// Deciding where several people do, step after step. Whoever locks the approval first counts first; exactly as many count as it needs.

import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { changedMeanwhile, conflict, forbidden } from '../../kit/declare/errors.ts'
import { settleNotifications } from '../../notifications/actions/notify.ts'
import type { Actor } from '../../organisations/roles.ts'
import { closeStep, decideStep, openStepOf, partOf } from '../decision/rules.ts'
import type { ApprovalRoute } from '../decision/schema.ts'
import { approvalDecidedEvent, approvalStepDecidedEvent } from '../events.ts'
import { recordStep } from '../history/entries.ts'
import { listDelegationsOfAll, localeOf, toApproval } from '../queries.ts'
import type { Approval, Respond } from '../schema.ts'
import type { ApprovalColumns, ApprovalPatch, ApprovalRow } from '../table.ts'
import { announceApproval } from './announce.ts'
import { closeUnasked, decideByPolicy } from './ask.ts'
import type { NextStep } from '../plan/rules.ts'
import { planNextStep, saveRoute, termOf } from './next-step.ts'
import { followDecision } from './outcome.ts'
import { decidersOf, deedsAtEnd, deedsOn, emitApproval, openPartsOf } from './people.ts'

/** An approval that several people decide. */
export type SteppedApproval = ApprovalRow & { route: ApprovalRoute }

/** @throws AppError 403, 409 when this part, the step or all of it is decided, 412 when it asks something else than was seen */
export async function decidePart(
  change: Change,
  actor: Actor,
  approval: SteppedApproval,
  { decision, version }: Respond,
  reason: string | null,
): Promise<Approval> {
  const userId = await partIn(change, actor, approval)
  mustBeAsSeen(actor, approval, version)
  const route = decideStep(approval.route, {
    userId,
    byId: actor.id,
    decision: decision === 'approve' ? 'approved' : 'rejected',
    at: change.now.toISOString(),
  })
  const onBehalfOfId = userId === actor.id ? null : userId
  const part = { actor, onBehalfOfId, notes: reason }
  const end = { ...decidedBy(change, actor, decision, reason), onBehalfOfId }
  if (decision === 'reject') return finish(change, actor, approval, route, end)
  if (openStepOf(route)) {
    const parts = await openPartsOf(change.db, approval, change.now)
    const settled = parts.filter(({ forId }) => forId === userId).map((each) => each.userId)
    return showed(actor, await goOn(change, approval, route, { part, settled: [...settled, actor.id] }))
  }
  const next = await planNextStep(change, approval, route)
  if (next.state === 'over') return finish(change, actor, approval, next.route, end)
  return showed(actor, await beginPlanned(change, approval, next, { part }))
}

function showed(actor: Actor, saved: ApprovalRow): Approval {
  return toApproval(saved, localeOf(saved, actor.id))
}

/** @returns whose part it is that this person decides */
export async function partIn(change: Change, actor: Actor, approval: SteppedApproval): Promise<string> {
  const step = openStepOf(approval.route)
  const asked = approval.route.steps.flatMap((each) => each.asked)
  const delegations = await listDelegationsOfAll(change.db, asked)
  const isOpen = approval.status === 'PENDING' && step
  const part = isOpen && partOf(actor, approval.requesterId, step, delegations, change.now)
  if (part) return part
  const isConcerned =
    approval.people.some(({ id }) => id === actor.id) ||
    delegations.some(({ delegateId }) => delegateId === actor.id)
  if (!isConcerned || actor.id === approval.requesterId)
    throw forbidden('Only those who are asked, or their delegates, decide')
  throw conflict(
    isOpen ? 'Your part of this approval is decided' : `Approval already ${approval.status.toLowerCase()}`,
    'already_decided',
  )
}

/** Nobody decides what they did not see: the problem has the approval as it is. @param version as they saw it @throws AppError 412 */
export function mustBeAsSeen(actor: Actor, approval: ApprovalRow, version: number | undefined): void {
  if (version !== undefined && version !== approval.version)
    throw changedMeanwhile('approval', approval.version, version, { approval: showed(actor, approval) })
}

/** The columns of an approval that this person ends. */
export function decidedBy(
  change: Change,
  actor: Actor,
  decision: Respond['decision'],
  reason: string | null,
): Partial<ApprovalColumns> & Pick<ApprovalColumns, 'status'> {
  return {
    status: decision === 'approve' ? 'APPROVED' : 'REJECTED',
    notes: reason,
    respondedAt: change.now,
    nextReminderAt: null,
    decidedBy: 'person',
    decidedById: actor.id,
  }
}

async function finish(
  change: Change,
  actor: Actor,
  approval: SteppedApproval,
  route: ApprovalRoute,
  end: ApprovalPatch,
): Promise<Approval> {
  const told = await decidersOf(change.db, approval, change.now)
  const decided = await saveRoute(change, approval, route, end)
  await announceDecision(change, actor, approval, decided, told)
  return showed(actor, decided)
}

/** @param deciders whom it waited on */
export async function announceDecision(
  change: Change,
  actor: Actor,
  approval: ApprovalRow,
  decided: ApprovalRow,
  deciders: readonly string[],
): Promise<void> {
  const outcome = decided.status === 'APPROVED' ? 'approved' : 'rejected'
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    onBehalfOfId: decided.onBehalfOfId ?? undefined,
    action: 'approval_decided',
    entity: 'approval',
    entityId: decided.id,
    metadata: { code: approval.subjectLabel.code, decision: outcome },
  })
  await settleNotifications(change, deedsAtEnd(approval, deciders))
  recordStep(change, decided, outcome, { actor, onBehalfOfId: decided.onBehalfOfId, notes: decided.notes })
  emitApproval(change, approvalDecidedEvent, decided, [...deciders, decided.requesterId])
  await followDecision(change, decided, outcome)
}

/** Who decided a part that does not end the approval. */
interface Part {
  actor: Actor
  onBehalfOfId: string | null
  notes: string | null
}

interface Going {
  /** Absent: the time was over. */
  part?: Part | undefined
  /** Nobody had to decide any more. */
  isCovered?: boolean
  /** Whose notifications that settles; absent: of all who were asked. */
  settled?: readonly string[]
  term?: ApprovalPatch
}

/** A part is decided, or a step is over, and others still have to decide. */
async function goOn(
  change: Change,
  approval: SteppedApproval,
  route: ApprovalRoute,
  { part, settled, term, isCovered = false }: Going,
): Promise<ApprovalRow> {
  const told = await decidersOf(change.db, approval, change.now)
  const saved = await saveRoute(change, approval, route, term)
  recordAudit(change, {
    orgId: saved.orgId,
    actorId: part?.actor.id,
    onBehalfOfId: part?.onBehalfOfId ?? undefined,
    action: part ? 'approval_step_decided' : isCovered ? 'approval_step_covered' : 'approval_step_expired',
    entity: 'approval',
    entityId: saved.id,
    metadata: { code: saved.subjectLabel.code },
  })
  await settleNotifications(change, deedsOn(approval, settled ?? told))
  if (isCovered) recordStep(change, saved, 'moved', { people: told })
  else recordStep(change, saved, part ? 'approved' : 'step_expired', part)
  emitApproval(change, approvalStepDecidedEvent, saved, [...told, saved.requesterId])
  return saved
}

/** Asks the people of the step that begins, or leaves it to the organisation where there is nobody. */
async function beginPlanned(
  change: Change,
  approval: SteppedApproval,
  { route, state, planned }: NextStep,
  by: Pick<Going, 'part' | 'isCovered'>,
): Promise<ApprovalRow> {
  const begun = await goOn(change, approval, route, { ...by, ...(planned && { term: termOf(planned) }) })
  if (state === 'nobody') await decideByPolicy(change, begun)
  else await announceApproval(change, begun, { copyTo: planned?.copyTo.map(({ id }) => id) })
  return begun
}

/** The open step ended without a decision, as its rule says. @returns false: it was the last */
export async function passStep(
  change: Change,
  approval: SteppedApproval,
  state: 'approved' | 'expired',
): Promise<boolean> {
  const next = await planNextStep(change, approval, closeStep(approval.route, state))
  if (next.state === 'over') return false
  await beginPlanned(change, approval, next, {})
  return true
}

/** Those who are left of the open step have all decided, or are covered: it goes on, or ends. */
export async function completeStep(change: Change, approval: SteppedApproval): Promise<void> {
  const hasDecisions = openStepOf(approval.route)?.decisions.length
  const route = closeStep(approval.route, hasDecisions ? 'approved' : 'skipped')
  const next = await planNextStep(change, approval, route)
  if (next.state === 'over') await closeUnasked(change, approval, next.route)
  else await beginPlanned(change, approval, next, { isCovered: true })
}
