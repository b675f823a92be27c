// An approval as it is when somebody is asked.

import { randomUUID } from 'node:crypto'
import type { Change } from '../../kit/store/change.ts'
import type { PlannedRequest } from '../plan/rules.ts'
import type { ApprovalType, Subject, SubjectDetails } from '../schema.ts'
import type { ApprovalColumns } from '../table.ts'

/** The details are read when it is routed: what people write stands in no job. */
export interface Routing {
  orgId: string
  subject: Subject
  requesterId: string
  approvalType: 'CC_ONLY' | 'MANAGER_APPROVAL'
  /** The rule under which it is asked, where the organisation has set a policy of its own. */
  policy?: { version: number; rule: number } | undefined
  /** The name of the job that is told of the decision. */
  then: string
}

export function newRow(
  change: Change,
  routing: Omit<Routing, 'approvalType'> & { approvalType: ApprovalType },
  plan: PlannedRequest,
  details: SubjectDetails | null,
): ApprovalColumns {
  const isCopy = routing.approvalType !== 'MANAGER_APPROVAL'
  return {
    id: randomUUID(),
    orgId: routing.orgId,
    subjectType: routing.subject.type,
    subjectId: routing.subject.id,
    subjectLabel: routing.subject.label,
    subjectDetails: details,
    externalId: null,
    subjectUrl: null,
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
    openQuestion: null,
    timeLeftMs: null,
    continuation: routing.then,
    route: null,
    createdAt: change.now,
    updatedAt: change.now,
  }
}
