// What was asked for has changed: it is asked anew, or shown as it is now.

import type { Change } from '../../kit/store/change.ts'
import { settleNotifications } from '../../notifications/actions/notify.ts'
import { approvalDecidedEvent, approvalRequestedEvent } from '../events.ts'
import { getRouteFacts } from '../route-facts.ts'
import type { Subject, SubjectDetails } from '../schema.ts'
import { lockApprovalOf, renewApproval, updateApproval, updateSubject } from '../table.ts'
import { askUnderRule, type ApprovalAsk } from './ask.ts'
import { decidersOf, deedsOn, emitApproval } from './people.ts'

/**
 * Nothing that was decided counts, and links in mails about it lead nowhere. The caller holds the hierarchy, the
 * decisions about it, and the subject.
 */
export async function askAgain(
  change: Change,
  { then, ...ask }: ApprovalAsk,
  details: SubjectDetails,
): Promise<void> {
  const { orgId, subject, requesterId } = ask
  const former = await closeQuestion(change, subject.id)
  const facts = await getRouteFacts(change.db, orgId, requesterId)
  await askUnderRule(change, { ...ask, then: then.name }, facts, details, { write: renewApproval, former })
}

/** @returns whom it waited on */
async function closeQuestion(change: Change, subjectId: string): Promise<string[]> {
  const approval = await lockApprovalOf(change.db, subjectId, change.now)
  if (approval?.status !== 'PENDING') return []
  const deciders = await decidersOf(change.db, approval, change.now)
  await settleNotifications(change, deedsOn(approval, deciders))
  // One that had gone up is over; the first there was is asked anew.
  if (approval.escalatedFromId) {
    const patch = { status: 'WITHDRAWN', respondedAt: change.now, nextReminderAt: null } as const
    const closed = await updateApproval(change.db, approval.id, patch, change.now)
    emitApproval(change, approvalDecidedEvent, closed, [...deciders, closed.requesterId])
  }
  return deciders
}

/** Whoever decides sees it as it is now; what was decided stays. One that is not routed yet is read when it is. */
export async function refreshSubject(
  change: Change,
  subject: Subject,
  details: SubjectDetails,
): Promise<void> {
  const approval = await lockApprovalOf(change.db, subject.id, change.now)
  if (approval?.status !== 'PENDING') return
  const shown = await updateSubject(change.db, approval.id, { ...subject, details }, change.now)
  const deciders = await decidersOf(change.db, shown, change.now)
  emitApproval(change, approvalRequestedEvent, shown, [...deciders, shown.requesterId])
}
