// The steps of an approval, as they are shown.

import type { PersonBrief } from '../users/schema.ts'
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
export function stepsOf({
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
