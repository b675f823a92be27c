// What a decision means for an approval of several people. Pure: a route goes in, another comes out.

import { isOfOrganisation } from '../../organisations/roles.ts'
import type { User } from '../../users/schema.ts'
import type { PolicyRule } from '../policy/schema.ts'
import type { PlannedStep } from '../route/rules.ts'
import type { Delegation } from '../schema.ts'
import { delegateAt } from '../terms/rules.ts'
import type { ApprovalRoute, RouteStep, StepDecision } from './schema.ts'

export function newRoute(version: number, { name, steps }: PolicyRule): ApprovalRoute {
  return {
    version,
    rule: name,
    steps: steps.map((ask) => ({
      ask,
      state: 'waiting',
      need: 0,
      asked: [],
      decisions: [],
      dueAt: null,
      isEscalated: false,
    })),
  }
}

export function openStepOf({ steps }: ApprovalRoute): RouteStep | undefined {
  return steps.find(({ state }) => state === 'open')
}

/** Whether another step is asked than before. */
export function hasMovedOn(before: ApprovalRoute | null, after: ApprovalRoute): boolean {
  const openIn = ({ steps }: ApprovalRoute): number => steps.findIndex(({ state }) => state === 'open')
  return before !== null && openIn(after) !== -1 && openIn(after) !== openIn(before)
}

/** Whose part of the step is not decided. */
export function waitingIn({ asked, decisions }: RouteStep): string[] {
  return asked.filter((each) => !decisions.some(({ userId }) => userId === each))
}

/** Whom the open step waits for. */
export function waitingOf(route: ApprovalRoute): string[] {
  const step = openStepOf(route)
  return step ? waitingIn(step) : []
}

/** Everybody who was asked or decided, in any step. */
export function peopleOf({ steps }: ApprovalRoute): string[] {
  return [
    ...new Set(
      steps.flatMap(({ asked, decisions }) => [
        ...asked,
        ...decisions.flatMap(({ userId, byId }) => [userId, byId]),
      ]),
    ),
  ]
}

/** Who has approved in a step that is over, also by a delegate: nobody is asked for the same thing twice. */
export function approversBefore({ steps }: ApprovalRoute): Set<string> {
  const over = steps.filter(({ state }) => state !== 'open' && state !== 'waiting')
  const decisions = over.flatMap((step) => step.decisions).filter(({ decision }) => decision === 'approved')
  return new Set(decisions.flatMap(({ userId, byId }) => [userId, byId]))
}

/** Whose part this person decides: their own, or that of somebody in whose place they are. One person counts once. */
export function partOf(
  { id, role }: Pick<User, 'id' | 'role'>,
  requesterId: string,
  step: RouteStep,
  delegations: readonly Delegation[],
  at: Date,
): string | undefined {
  const hasDecided = step.decisions.some(({ byId }) => byId === id)
  if (id === requesterId || hasDecided || !isOfOrganisation(role)) return undefined
  const waiting = waitingIn(step)
  if (waiting.includes(id)) return id
  return waiting.find(
    (each) =>
      delegateAt(
        delegations.filter(({ delegatorId }) => delegatorId === each),
        requesterId,
        at,
      ) === id,
  )
}

/** A rejection ends the step, and so does the last approval that it needs. */
export function decideStep(route: ApprovalRoute, decision: StepDecision): ApprovalRoute {
  return changeOpenStep(route, (step) => {
    const decisions = [...step.decisions, decision]
    return { ...step, decisions, state: stateAfter(decisions, step.need) }
  })
}

function stateAfter(decisions: readonly StepDecision[], need: number): RouteStep['state'] {
  if (decisions.some(({ decision }) => decision === 'rejected')) return 'rejected'
  return decisions.length >= need ? 'approved' : 'open'
}

/** @param state how it ended, other than by a decision */
export function closeStep(route: ApprovalRoute, state: RouteStep['state']): ApprovalRoute {
  return changeOpenStep(route, (step) => ({ ...step, state }))
}

/** The first step that waits for its turn becomes what the plan says of it. */
export function beginStep(route: ApprovalRoute, planned: PlannedStep): ApprovalRoute {
  const next = route.steps.find(({ state }) => state === 'waiting')
  return {
    ...route,
    steps: route.steps.map((step) =>
      step === next
        ? {
            ...step,
            state: planned.state === 'skipped' ? 'skipped' : 'open',
            need: planned.need,
            asked: planned.asked.map(({ id }) => id),
            dueAt: planned.expiresAt?.toISOString() ?? null,
          }
        : step,
    ),
  }
}

/** One person counts once: whoever decided for somebody else has nothing of their own to decide in the step. */
function withoutDecided(asked: readonly string[], decisions: RouteStep['decisions']): string[] {
  return asked.filter((each) => !decisions.some(({ userId, byId }) => userId === each || byId === each))
}

/**
 * Whether nobody of those who would be asked now has to decide any more: they have, or the step would be covered from the start. As
 * when somebody left of whom all had to approve.
 */
export function isComplete({ decisions }: RouteStep, planned: PlannedStep): boolean {
  const asked = planned.asked.map(({ id }) => id)
  return (
    planned.state === 'skipped' || (planned.state === 'open' && withoutDecided(asked, decisions).length === 0)
  )
}

/** Others are asked than before; what was decided stays, and counts. @returns undefined: there is nobody left to decide */
export function askOthers(
  route: ApprovalRoute,
  asked: readonly string[],
  need: number,
  dueAt: Date,
  isEscalated: boolean,
): ApprovalRoute | undefined {
  const decisions = openStepOf(route)?.decisions ?? []
  const decided = decisions.map(({ userId }) => userId)
  const waiting = withoutDecided(asked, decisions)
  if (waiting.length === 0) return undefined
  return changeOpenStep(route, (step) => ({
    ...step,
    asked: [...decided, ...waiting],
    need: Math.min(Math.max(need, decided.length + 1), decided.length + waiting.length),
    dueAt: dueAt.toISOString(),
    isEscalated: step.isEscalated || isEscalated,
  }))
}

function changeOpenStep(route: ApprovalRoute, change: (step: RouteStep) => RouteStep): ApprovalRoute {
  return { ...route, steps: route.steps.map((step) => (step.state === 'open' ? change(step) : step)) }
}
