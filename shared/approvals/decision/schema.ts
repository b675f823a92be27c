// How an approval of several people stands: the steps of its rule as they were when it began, and what was decided in each.

import type { PolicyStep } from '../policy/schema.ts'
import type { ApprovalStep } from '../schema.ts'

export interface StepDecision {
  /** Whose part it is. */
  userId: string
  /** Who decided: the same person, or their delegate. */
  byId: string
  decision: 'approved' | 'rejected'
  at: string
}

export interface RouteStep {
  ask: PolicyStep
  state: ApprovalStep['state']
  need: number
  asked: string[]
  decisions: StepDecision[]
  dueAt: string | null
  /** Those who were silent were replaced by their managers, which happens once. */
  isEscalated: boolean
}

/** Of the policy's version and rule under which it began. */
export interface ApprovalRoute {
  version: number
  rule: string
  steps: RouteStep[]
}
