// What a decision leads to: the domain that asked for it is told.

import { carryOutOrEnqueue } from '../../kit/store/at-once.ts'
import type { Change } from '../../kit/store/change.ts'
import { jobNamed } from '../../kit/declare/job.ts'
import type { Decision } from '../schema.ts'
import type { ApprovalRow } from '../table.ts'

/** Hands the decision to the domain that asked for it, in this change where it can be. */
export async function followDecision(
  change: Change,
  approval: ApprovalRow,
  outcome: Decision['outcome'],
): Promise<void> {
  await carryOutOrEnqueue(change, jobNamed(approval.continuation), {
    orgId: approval.orgId,
    subjectId: approval.subjectId,
    outcome,
    decidedBy: approval.decidedBy ?? 'policy',
    decidedById: approval.decidedById,
    notes: approval.notes,
  } satisfies Decision)
}
