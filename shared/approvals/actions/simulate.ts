// What would become of a request: the plan by which it would be asked, as people read it.

import type { Reading } from '../../kit/store/change.ts'
import type { Actor } from '../../organisations/roles.ts'
import type { PersonBrief } from '../../users/schema.ts'
import { isCovered, type PlannedRequest } from '../plan/rules.ts'
import type { PolicyRule } from '../policy/schema.ts'
import type { ApprovalSimulation, SimulatedApproval } from '../requests/schema.ts'
import { getRouteFacts, type RouteFacts } from '../route-facts.ts'
import type { Candidate } from '../route/rules.ts'
import { routeReason, type RouteReason, type SimulatedPlan } from '../schema.ts'
import { sayReasons } from '../wording.ts'
import { planFor, policyIn } from './next-step.ts'
import { findRequester, ruleOf } from './request.ts'

/** By the very rules and plan that decide for real about things of other programs. @throws AppError 400, 403 */
export async function simulateApproval(
  reading: Pick<Reading, 'db' | 'config' | 'now'>,
  actor: Actor,
  { at, ...ask }: ApprovalSimulation,
): Promise<SimulatedApproval> {
  const facts = await getRouteFacts(reading.db, actor.orgId, await findRequester(reading, actor, ask))
  const now = at ? new Date(at) : reading.now
  const rule = ruleOf(actor, facts, ask)
  const plan = await planFor({ ...reading, now }, actor.orgId, facts, rule)
  return {
    ...showPlan(facts, { plan, rule, version: policyIn(facts).version }),
    status: statusOf(plan, facts.organisation.settings.noApprover === 'refuse'),
  }
}

function statusOf(plan: PlannedRequest, refuses: boolean): SimulatedApproval['status'] {
  if (plan.lacksApprover) return refuses ? 'REFUSED' : 'APPROVED'
  if (plan.approvalType !== 'MANAGER_APPROVAL') return 'AUTO_APPROVED'
  return isCovered(plan) ? 'APPROVED' : 'PENDING'
}

interface Met {
  plan: PlannedRequest
  rule: PolicyRule
  /** 0: of the default policy. */
  version: number
}

/** In the requester's language. */
export function showPlan(
  { requester, organisation }: RouteFacts,
  { plan, rule, version }: Met,
): SimulatedPlan {
  const locale = requester.locale ?? organisation.locale
  const { approvalType, approverId, delegateId, reminders, expiresAt, onExpiry } = plan
  const why =
    version > 0 ? routeReason('rule', { name: rule.name }) : reasonFor(plan, requester.positionLevel)
  return {
    approvalType,
    approverId,
    delegateId,
    reminders,
    expiresAt,
    onExpiry,
    reasons: sayReasons([why, ...plan.reasons], locale),
    policyVersion: version,
    rule: rule.name,
    steps: plan.steps.map((step) => ({
      ...step,
      asked: step.asked.map(briefOf),
      copyTo: step.copyTo.map(briefOf),
      reasons: sayReasons(step.reasons, locale),
    })),
    told: plan.told.map(briefOf),
  }
}

/** Of the default policy. */
function reasonFor({ approvalType }: PlannedRequest, level: string): RouteReason {
  if (approvalType === 'AUTO_APPROVED') return routeReason('management', { level })
  return routeReason(approvalType === 'CC_ONLY' ? 'informs' : 'needs_approval')
}

const briefOf = ({ id, fullName, role }: Candidate): PersonBrief => ({ id, fullName, role })
