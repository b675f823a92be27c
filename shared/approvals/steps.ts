// The steps of an approval, as they are shown.

import type { PersonBrief } from '../users/schema.ts'
import type { RouteStep } from './decision/schema.ts'
import type { ApprovalStatus, ApprovalStep } from './schema.ts'
import type { ApprovalRow } from './table.ts'

const STATES = {
  PENDING: 'open',
  APPROVED: 'approved',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
  WITHDRAWN: 'withdrawn',
} as const

/** Of what informs only, or was withdrawn before anybody was asked, there are none. */
export function stepsOf(
  row: Pick<
    ApprovalRow,
    'route' | 'status' | 'approver' | 'people' | 'respondedAt' | 'expiresAt' | 'decidedById'
  >,
): ApprovalStep[] {
  return row.route ? row.route.steps.map((step) => shownStep(step, row)) : onlyStep(row)
}

function shownStep(
  { need, asked, decisions, dueAt, state }: RouteStep,
  { status, people, expiresAt }: Pick<ApprovalRow, 'status' | 'people' | 'expiresAt'>,
): ApprovalStep {
  const nameOf = (userId: string): PersonBrief | null =>
    briefOf(people.find(({ id }) => id === userId) ?? null)
  const decided = decisions.flatMap(({ userId, byId, decision, at }) => {
    const person = nameOf(byId)
    const onBehalfOf = userId === byId ? null : nameOf(userId)
    return person ? [{ person, decision, at: new Date(at), onBehalfOf }] : []
  })
  const waiting = asked
    .filter((each) => !decisions.some(({ userId }) => userId === each))
    .flatMap((each) => nameOf(each) ?? [])
    .map((person) => ({ person, decision: null, at: null, onBehalfOf: null }))
  // While it is open the row says until when: a question may stop the clock, and give the rest of the time back.
  const until = state === 'open' ? expiresAt : dueAt
  return {
    need,
    deciders: [...decided, ...waiting],
    dueAt: until === null ? null : new Date(until),
    state: state === 'open' && status !== 'AUTO_APPROVED' ? STATES[status] : state,
  }
}

function onlyStep({
  status,
  approver,
  people,
  respondedAt,
  expiresAt,
  decidedById,
}: Pick<
  ApprovalRow,
  'status' | 'approver' | 'people' | 'respondedAt' | 'expiresAt' | 'decidedById'
>): ApprovalStep[] {
  const asked = briefOf(approver)
  if (!asked || status === 'AUTO_APPROVED') return []
  const person = briefOf(people.find(({ id }) => id === decidedById) ?? null)
  const decision = person && decisionOf(status)
  const decider = {
    person: person ?? asked,
    decision,
    at: person && respondedAt,
    onBehalfOf: person && person.id !== asked.id ? asked : null,
  }
  return [{ need: 1, deciders: [decider], dueAt: expiresAt, state: STATES[status] }]
}

function decisionOf(status: ApprovalStatus): 'approved' | 'rejected' {
  return status === 'APPROVED' ? 'approved' : 'rejected'
}

export function briefOf(person: PersonBrief | null): PersonBrief | null {
  return person && { id: person.id, fullName: person.fullName, role: person.role }
}
