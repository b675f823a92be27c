// What becomes of a request under a rule, all steps of it. Pure: routing and `simulate` read the same plan.

import type { Calendar } from '../../kit/time/calendar.ts'
import type { OrganisationSettings } from '../../organisations/schema.ts'
import { approversBefore, beginStep } from '../decision/rules.ts'
import type { ApprovalRoute } from '../decision/schema.ts'
import { approvalTypeBy } from '../policy/rules.ts'
import type { PolicyRule, PolicyStep } from '../policy/schema.ts'
import {
  findApprovers,
  planStep,
  type Candidate,
  type PlannedStep,
  type StepQuestion,
} from '../route/rules.ts'
import {
  routeReason,
  type ApprovalType,
  type Delegation,
  type RoutePlan,
  type RouteReason,
} from '../schema.ts'
import type { Durations, Superior } from '../terms/rules.ts'

export type RequestQuestion = Omit<StepQuestion, 'earlier'>

/** Its reasons are put into words for whoever asks. */
type PlannedRoute = Omit<RoutePlan, 'reasons'> & { reasons: RouteReason[] }

export interface PlannedRequest extends PlannedRoute {
  approvalType: ApprovalType
  /** Whether somebody should decide, and nobody can: the organisation's policy does. */
  lacksApprover: boolean
  steps: PlannedStep[]
  /** Where nobody decides: who is told. */
  told: Candidate[]
}

/** Nobody is waited for. */
const NO_WAITING = { delegateId: null, reminders: [], expiresAt: null, onExpiry: null }

/** Each step as if those before it were decided at once. */
export function planRequest(rule: PolicyRule, question: RequestQuestion): PlannedRequest {
  const approvalType = approvalTypeBy(rule)
  return approvalType === 'MANAGER_APPROVAL'
    ? planSteps(rule.steps, question)
    : planCopies(approvalType, rule, question)
}

function planCopies(
  approvalType: ApprovalType,
  { copyTo = [] }: PolicyRule,
  question: RequestQuestion,
): PlannedRequest {
  const found = copyTo.map((each) => findApprovers(each, { ...question, earlier: new Set() }))
  const told = found.flatMap(({ people }) => people).filter(({ id }) => id !== question.requester.id)
  const isMissing = copyTo.length > 0 && told.length === 0
  return {
    ...NO_WAITING,
    approvalType,
    lacksApprover: false,
    approverId: told[0]?.id ?? null,
    steps: [],
    told,
    reasons: [
      ...found.flatMap(({ reasons }) => reasons),
      ...(isMissing ? [noApprover(question.settings)] : []),
      ...(told.length > 0 ? [routeReason('is_told')] : []),
    ],
  }
}

function planSteps(steps: readonly PolicyStep[], question: RequestQuestion): PlannedRequest {
  const planned = planOneAfterAnother(steps, question)
  const first = planned.find(({ state }) => state !== 'skipped')
  const lacksApprover = first?.state === 'nobody'
  return {
    approvalType: 'MANAGER_APPROVAL',
    lacksApprover,
    approverId: first?.asked[0]?.id ?? null,
    delegateId: first?.delegates[0]?.delegateId ?? null,
    reminders: first?.reminders ?? [],
    expiresAt: first?.expiresAt ?? null,
    onExpiry: first?.onExpiry ?? null,
    steps: planned,
    told: [],
    reasons: [
      ...planned.slice(0, first ? planned.indexOf(first) + 1 : undefined).flatMap(({ reasons }) => reasons),
      ...(lacksApprover ? [noApprover(question.settings)] : []),
    ],
  }
}

/** Where all who are asked have to approve, it is certain who has when the next step begins. */
function planOneAfterAnother(steps: readonly PolicyStep[], question: RequestQuestion): PlannedStep[] {
  const earlier = new Set<string>()
  return steps.map((step) => {
    const planned = planStep(step, { ...question, earlier })
    if (planned.need === planned.asked.length) for (const { id } of planned.asked) earlier.add(id)
    return planned
  })
}

/** The requester stands where those who would be asked do. */
export function isCovered({ steps }: PlannedRequest): boolean {
  return steps.length > 0 && steps.every(({ state }) => state === 'skipped')
}

export interface NextStep {
  route: ApprovalRoute
  /** open: it waits for somebody; over: no step is left; nobody: nobody could be asked. */
  state: 'open' | 'over' | 'nobody'
  planned: PlannedStep | undefined
}

/** The first step that waits for its turn and is not covered; those that are covered are left out. */
export function planNext(route: ApprovalRoute, question: RequestQuestion): NextStep {
  let next = route
  for (const { ask, state } of route.steps) {
    if (state !== 'waiting') continue
    const planned = planStep(ask, { ...question, earlier: approversBefore(next) })
    if (planned.state === 'nobody') return { route: next, state: 'nobody', planned }
    next = beginStep(next, planned)
    if (planned.state === 'open') return { route: next, state: 'open', planned }
  }
  return { route: next, state: 'over', planned: undefined }
}

function noApprover({ noApprover: policy = 'auto_approve' }: OrganisationSettings): RouteReason {
  return routeReason('no_approver', { policy })
}

export interface RouteQuestion {
  requesterId: string
  approvalType: Exclude<ApprovalType, 'AUTO_APPROVED'>
  /** The managers above the requester, nearest first. */
  superiors: readonly Superior[]
  /** Of the chosen approver. */
  delegations: readonly Delegation[]
  settings: OrganisationSettings
  calendar: Calendar
  durations: Durations
  now: Date
}

/** The default policy alone, where it is known already that the manager is told or asked. */
export function planRoute({ requesterId, approvalType, ...question }: RouteQuestion): PlannedRoute {
  const nearest = [{ manager: 1 }]
  const rule =
    approvalType === 'CC_ONLY'
      ? { name: approvalType, steps: [], copyTo: nearest }
      : { name: approvalType, steps: [{ approvers: nearest }] }
  const { approverId, delegateId, reminders, expiresAt, onExpiry, reasons } = planRequest(rule, {
    ...question,
    requester: { id: requesterId },
    people: [],
  })
  return { approverId, delegateId, reminders, expiresAt, onExpiry, reasons }
}
