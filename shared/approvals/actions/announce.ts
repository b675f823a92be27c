// Telling whoever is asked, and setting the alarms.

import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { notify } from '../../notifications/actions/notify.ts'
import { approvalDecidedEvent, approvalRequestedEvent } from '../events.ts'
import { recordStep } from '../history/entries.ts'
import { expireApprovalJob, remindApproverJob } from '../jobs.ts'
import { aboutSubject, subjectKindOf, subjectWords } from '../subjects.ts'
import type { ApprovalRow } from '../table.ts'
import { linkTo } from './links.ts'
import { decidersOf, deedsOn, emitApproval, linesOf } from './people.ts'

interface Announced {
  /** Whom it waited on before. */
  former?: readonly string[]
  /** Who is told that it was asked, and need not do anything. */
  copyTo?: readonly string[] | undefined
  /** Who is asked only now, where others were before; absent: everybody. */
  only?: readonly string[]
}

/** Tells whoever is asked, and sets the alarms of a request that waits. */
export async function announceApproval(
  change: Change,
  approval: ApprovalRow,
  { former = [], copyTo = [], only }: Announced = {},
): Promise<void> {
  const deciders = await decidersOf(change.db, approval, change.now)
  recordAudit(change, {
    orgId: approval.orgId,
    action: 'approval_requested',
    entity: 'approval',
    entityId: approval.id,
    metadata: { code: approval.subjectLabel.code, deciders, approvalType: approval.approvalType },
  })
  for (const userId of copyTo) tellCopy(change, approval, userId)
  if (!approval.expiresAt) {
    recordStep(change, approval, 'informed', { people: deciders })
    emitApproval(change, approvalDecidedEvent, approval, [...deciders, approval.requesterId])
    return deciders[0] === undefined ? undefined : tellCopy(change, approval, deciders[0])
  }

  change.enqueue(expireApprovalJob, { approvalId: approval.id }, approval.expiresAt)
  if (approval.nextReminderAt)
    change.enqueue(remindApproverJob, { approvalId: approval.id }, approval.nextReminderAt)
  emitApproval(change, approvalRequestedEvent, approval, [...deciders, ...former, approval.requesterId])
  const asked = deciders.filter((each) => only?.includes(each) ?? true)
  recordStep(change, approval, 'asked', { people: asked })
  for (const userId of asked) await tellAsked(change, approval, userId, approval.expiresAt)
}

async function tellAsked(
  change: Change,
  approval: ApprovalRow,
  userId: string,
  deadline: Date,
): Promise<void> {
  notify(change, {
    orgId: approval.orgId,
    userId,
    type: 'APPROVAL_REQUIRED',
    asks: deedsOn(approval, [userId]),
    people: [approval.requesterId],
    ...aboutSubject(approval.subjectType, approval.subjectId),
    data: { approvalId: approval.id },
    link: await linkTo(change, approval, userId),
    parameters: {
      ...subjectWords(approval),
      details: linesOf(approval),
      requester: approval.requester.fullName,
      deadline,
    },
  })
}

function tellCopy(change: Change, approval: ApprovalRow, userId: string): void {
  notify(change, {
    orgId: approval.orgId,
    userId,
    type: subjectKindOf(approval.subjectType).copiedNotice,
    people: [approval.requesterId],
    ...aboutSubject(approval.subjectType, approval.subjectId),
    parameters: {
      ...subjectWords(approval),
      details: linesOf(approval),
      requester: approval.requester.fullName,
    },
  })
}
