// The next step of an approval by the rule under which it began, and what is kept of it.

import type { Change, Reading } from '../../kit/store/change.ts'
import { approversBefore, hasMovedOn, openStepOf, peopleOf, waitingOf } from '../decision/rules.ts'
import type { ApprovalRoute } from '../decision/schema.ts'
import {
  planNext,
  planRequest,
  type NextStep,
  type PlannedRequest,
  type RequestQuestion,
} from '../plan/rules.ts'
import { DEFAULT_POLICY, type PolicyRule } from '../policy/schema.ts'
import { planStep, type PlannedStep } from '../route/rules.ts'
import { getNamedFacts, getRouteFacts, type RouteFacts } from '../route-facts.ts'
import {
  updateApproval,
  writeDeciders,
  type ApprovalColumns,
  type ApprovalPatch,
  type ApprovalRow,
} from '../table.ts'

type Asking = Pick<ApprovalColumns, 'orgId' | 'requesterId'>

/** What a plan depends on. A rule that names nobody but managers costs no statement more. */
async function questionAbout(
  { db, config, now }: Pick<Reading, 'db' | 'config' | 'now'>,
  orgId: string,
  facts: RouteFacts,
  { steps, copyTo = [] }: Pick<PolicyRule, 'steps' | 'copyTo'>,
): Promise<RequestQuestion> {
  const { requester, superiors, organisation, calendar } = facts
  const named = await getNamedFacts(db, { orgId, department: requester.department }, [
    ...steps.flatMap((step) => [...step.approvers, ...(step.copyTo ?? [])]),
    ...copyTo,
  ])
  return {
    requester,
    superiors,
    people: named.people,
    delegations: [...facts.delegations, ...named.delegations],
    settings: organisation.settings,
    calendar,
    durations: config,
    now,
  }
}

/** What would become of a request now; what `simulate` answers. */
export async function planFor(
  reading: Pick<Reading, 'db' | 'config' | 'now'>,
  orgId: string,
  facts: RouteFacts,
  rule: PolicyRule,
): Promise<PlannedRequest> {
  return planRequest(rule, await questionAbout(reading, orgId, facts, rule))
}

export function policyIn({ policy }: RouteFacts): NonNullable<RouteFacts['policy']> {
  return policy ?? DEFAULT_POLICY
}

/** The steps that are covered are left out. */
export async function planNextStep(
  change: Change,
  { orgId, requesterId }: Asking,
  route: ApprovalRoute,
): Promise<NextStep> {
  const waiting = route.steps.filter(({ state }) => state === 'waiting').map(({ ask }) => ask)
  if (waiting.length === 0) return { route, state: 'over', planned: undefined }
  const facts = await getRouteFacts(change.db, orgId, requesterId)
  const question = await questionAbout(change, orgId, facts, { steps: waiting })
  return planNext(route, question)
}

/** The open step anew, as whoever is there now would be asked. */
export async function planOpenStep(
  change: Change,
  { orgId, requesterId }: Asking,
  route: ApprovalRoute,
): Promise<PlannedStep | undefined> {
  const step = openStepOf(route)
  if (!step) return undefined
  const facts = await getRouteFacts(change.db, orgId, requesterId)
  const question = await questionAbout(change, orgId, facts, { steps: [step.ask] })
  return planStep(step.ask, { ...question, earlier: approversBefore(route) })
}

export function termOf({
  expiresAt,
  reminders,
}: Pick<PlannedStep, 'expiresAt' | 'reminders'>): Pick<
  ApprovalColumns,
  'expiresAt' | 'nextReminderAt' | 'reminderCount' | 'lastReminderAt' | 'timeLeftMs'
> {
  return {
    expiresAt,
    nextReminderAt: reminders[0] ?? null,
    reminderCount: 0,
    lastReminderAt: null,
    timeLeftMs: null,
  }
}

/** Who is asked stands beside it, for whoever looks for what waits for them. */
export async function saveRoute(
  change: Change,
  approval: Pick<ApprovalRow, 'id' | 'orgId' | 'createdAt' | 'route' | 'version'>,
  route: ApprovalRoute,
  patch: ApprovalPatch = {},
): Promise<ApprovalRow> {
  const isOver = patch.status !== undefined && patch.status !== 'PENDING'
  const before = approval.route ? peopleOf(approval.route) : []
  const people = [...new Set([...before, ...peopleOf(route)])]
  await writeDeciders(change.db, approval, people, isOver ? [] : waitingOf(route))
  const next = hasMovedOn(approval.route, route) ? { version: approval.version + 1 } : {}
  return updateApproval(change.db, approval.id, { ...patch, ...next, route }, change.now)
}
