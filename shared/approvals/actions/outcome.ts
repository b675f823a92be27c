// What a decision leads to: the domain that asked for it is told.

import { carryOutAtOnce, carryOutOrEnqueue } from '../../kit/store/at-once.ts'
import type { Change } from '../../kit/store/change.ts'
import { jobNamed } from '../../kit/declare/job.ts'
import { notify } from '../../notifications/actions/notify.ts'
import { tellOutcomeJob } from '../jobs.ts'
import type { Decision } from '../schema.ts'
import { subjectWords } from '../subjects.ts'
import { lockApprovalOf, type ApprovalRow } from '../table.ts'

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
    ...(approval.respondedAt && { decidedAt: approval.respondedAt.toISOString() }),
  } satisfies Decision)
}

const STATUSES = { approved: ['APPROVED', 'EXPIRED'], rejected: ['REJECTED', 'EXPIRED'] } as const

/**
 * Whether a decision that comes as a job is still what was decided: the thing may have been asked about again meanwhile, under the
 * approval's same id. Jobs of the release before do not say when it was decided; their outcome has to be that of the row.
 */
export async function stillStands(
  change: Change,
  { subjectId, outcome, decidedAt }: Decision,
): Promise<boolean> {
  const approval = await lockApprovalOf(change.db, subjectId, change.now)
  return (
    STATUSES[outcome].some((status) => status === approval?.status) &&
    (decidedAt === undefined || approval?.respondedAt?.toISOString() === decidedAt)
  )
}

/**
 * The continuation of an approval about a thing of another program, which hears of it through its webhooks; here the requester does.
 */
export async function tellOutcome(change: Change, decision: Decision): Promise<void> {
  const { orgId, subjectId, outcome, decidedBy, decidedById, notes } = decision
  const approval = await lockApprovalOf(change.db, subjectId, change.now)
  if (!approval) return
  notify(change, {
    orgId,
    userId: approval.requesterId,
    type: 'REQUEST_DECIDED',
    people: [approval.requesterId, decidedById],
    data: { approvalId: approval.id },
    parameters: { code: subjectWords(approval).code, outcome, decidedBy, text: notes ? `\n${notes}` : '' },
  })
}

carryOutAtOnce(tellOutcomeJob, tellOutcome)
