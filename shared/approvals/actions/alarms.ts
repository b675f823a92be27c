// What an approval's alarms do when they ring: each looks at the row first.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { notify, settleNotifications } from '../../notifications/actions/notify.ts'
import { lockHierarchyForWork } from '../../users/actions/hold.ts'
import { getOrganisation } from '../../organisations/queries.ts'
import { approvalExpiredEvent, approvalRemindedEvent } from '../events.ts'
import { recordStep } from '../history/entries.ts'
import { remindApproverJob } from '../jobs.ts'
import { findApproverAbove, findOrganisationOfPending, getDurationCount } from '../queries.ts'
import { reminderAfter, durationsOf } from '../terms/rules.ts'
import { lockApproval, updateApproval, insertApproval, type ApprovalRow } from '../table.ts'
import { announceApproval } from './announce.ts'
import { linkTo } from './links.ts'
import { followDecision } from './outcome.ts'
import { decidersOf, deedsAtEnd, deedsOn, emitApproval, linesOf } from './people.ts'
import { newTerm, replaceUnfitApprover } from './reroute.ts'
import { aboutSubject, subjectWords } from '../subjects.ts'
import { closeStep, openStepOf, waitingOf } from '../decision/rules.ts'
import { saveRoute } from './next-step.ts'
import { passStep, type SteppedApproval } from './parts.ts'
import { escalateStep } from './replace-deciders.ts'

export async function remindApprover(change: Change, approvalId: string): Promise<void> {
  const approval = await lockAfterHierarchy(change, approvalId)
  if (
    approval?.status !== 'PENDING' ||
    !approval.nextReminderAt ||
    !approval.expiresAt ||
    change.now < approval.nextReminderAt ||
    change.now >= approval.expiresAt
  )
    return
  if (await replaceUnfitApprover(change, approval)) return
  const step = approval.route ? openStepOf(approval.route)?.ask : undefined
  const reminderCount = approval.reminderCount + 1
  const next = reminderAfter(
    { ...approval, reminderCount },
    change.now,
    step ? durationsOf(step, change.config) : change.config,
    await getDurationCount(change.db, approval.orgId, step),
  )
  const reminded = await updateApproval(
    change.db,
    approvalId,
    { reminderCount, lastReminderAt: change.now, nextReminderAt: next },
    change.now,
  )
  if (next) change.enqueue(remindApproverJob, { approvalId }, next)

  const deciders = await decidersOf(change.db, reminded, change.now)
  recordStep(change, reminded, 'reminded', { people: deciders })
  emitApproval(change, approvalRemindedEvent, reminded, deciders)
  await tellReminder(change, reminded, deciders)
}

async function tellReminder(
  change: Change,
  reminded: ApprovalRow,
  deciders: readonly string[],
): Promise<void> {
  if (!reminded.expiresAt) return
  for (const userId of deciders) {
    notify(change, {
      orgId: reminded.orgId,
      userId,
      type: 'APPROVAL_REMINDER',
      asks: deedsOn(reminded, [userId]),
      people: [reminded.requesterId],
      ...aboutSubject(reminded.subjectType, reminded.subjectId),
      data: { approvalId: reminded.id },
      link: await linkTo(change, reminded, userId),
      parameters: {
        ...subjectWords(reminded),
        details: linesOf(reminded),
        requester: reminded.requester.fullName,
        number: String(reminded.reminderCount),
        deadline: reminded.expiresAt,
      },
    })
  }
}

/** An alarm may ask somebody else: that comes before the row, as for whoever changes a person. Most find it decided, and lock nothing. */
async function lockAfterHierarchy(change: Change, approvalId: string): Promise<ApprovalRow | undefined> {
  const orgId = await findOrganisationOfPending(change.db, approvalId)
  if (!orgId) return undefined
  await lockHierarchyForWork(change, orgId)
  return lockApproval(change.db, approvalId, change.now)
}

export async function expireApproval(change: Change, approvalId: string): Promise<void> {
  const approval = await lockAfterHierarchy(change, approvalId)
  if (approval?.status !== 'PENDING' || !approval.expiresAt || change.now < approval.expiresAt) return
  if (await replaceUnfitApprover(change, approval)) return
  if (approval.route) return expireStep(change, { ...approval, route: approval.route })
  const expired = await updateApproval(
    change.db,
    approvalId,
    { status: 'EXPIRED', decidedBy: 'expiry', respondedAt: change.now, nextReminderAt: null },
    change.now,
  )
  await settleNotifications(change, deedsAtEnd(approval, []))
  const outcome = await afterExpiry(change, expired)
  recordStep(change, expired, outcome === 'escalated' ? 'escalated' : 'expired')
  recordAudit(change, {
    orgId: expired.orgId,
    action: 'approval_expired',
    entity: 'approval',
    entityId: approvalId,
    metadata: { code: expired.subjectLabel.code, outcome },
  })
  emitApproval(change, approvalExpiredEvent, expired, [
    ...(await decidersOf(change.db, expired, change.now)),
    expired.requesterId,
  ])
  if (expired.approverId) tellExpiry(change, expired, expired.approverId, outcome)
  // Of an approval or a cancellation the requester hears from the subject itself.
  if (outcome === 'escalated') tellExpiry(change, expired, expired.requesterId, outcome)
}

/** As the rule says: it goes on with others, or ends. */
async function expireStep(change: Change, approval: SteppedApproval): Promise<void> {
  const { settings } = await getOrganisation(change.db, approval.orgId)
  const policy = openStepOf(approval.route)?.ask.onExpiry ?? settings.onExpiry ?? 'approve'
  const silent = waitingOf(approval.route)
  const goesOn =
    policy === 'escalate'
      ? await escalateStep(change, approval)
      : policy !== 'cancel' &&
        (await passStep(change, approval, policy === 'approve' ? 'approved' : 'expired'))
  if (!goesOn) return endByExpiry(change, approval, policy === 'approve' ? 'approved' : 'rejected')
  const outcome = policy === 'escalate' ? 'escalated' : 'passed'
  for (const userId of [...silent, approval.requesterId]) tellExpiry(change, approval, userId, outcome)
}

async function endByExpiry(
  change: Change,
  approval: SteppedApproval,
  outcome: 'approved' | 'rejected',
): Promise<void> {
  const deciders = await decidersOf(change.db, approval, change.now)
  const expired = await saveRoute(
    change,
    approval,
    closeStep(approval.route, outcome === 'approved' ? 'approved' : 'expired'),
    { status: 'EXPIRED', decidedBy: 'expiry', respondedAt: change.now, nextReminderAt: null },
  )
  await settleNotifications(change, deedsAtEnd(approval, deciders))
  recordStep(change, expired, 'expired')
  await followDecision(change, expired, outcome)
  recordAudit(change, {
    orgId: expired.orgId,
    action: 'approval_expired',
    entity: 'approval',
    entityId: expired.id,
    metadata: { code: expired.subjectLabel.code, outcome },
  })
  emitApproval(change, approvalExpiredEvent, expired, [...deciders, expired.requesterId])
  for (const userId of waitingOf(approval.route)) tellExpiry(change, expired, userId, outcome)
}

type Outcome = 'approved' | 'rejected' | 'escalated' | 'passed'

/** The organisation's policy; an escalation that expires too ends in a cancellation, and so does one with nobody above. */
async function afterExpiry(change: Change, expired: ApprovalRow): Promise<Outcome> {
  const { settings } = await getOrganisation(change.db, expired.orgId)
  const policy = settings.onExpiry ?? 'approve'
  if (policy === 'escalate' && !expired.escalatedFromId && (await escalate(change, expired)))
    return 'escalated'
  const outcome = policy === 'approve' ? 'approved' : 'rejected'
  await followDecision(change, expired, outcome)
  return outcome
}

async function escalate(change: Change, expired: ApprovalRow): Promise<boolean> {
  const superior = expired.approverId
    ? await findApproverAbove(change.db, expired.orgId, expired.approverId, expired.requesterId)
    : undefined
  if (!superior) return false
  const raised = await insertApproval(
    change.db,
    {
      ...expired,
      id: randomUUID(),
      approverId: superior.id,
      status: 'PENDING',
      notes: null,
      respondedAt: null,
      decidedBy: null,
      decidedById: null,
      onBehalfOfId: null,
      ...(await newTerm(change, expired.orgId)),
      escalatedFromId: expired.id,
      openQuestion: null,
      createdAt: change.now,
      updatedAt: change.now,
    },
    change.now,
  )
  if (raised) await announceApproval(change, raised)
  return raised !== undefined
}

function tellExpiry(change: Change, expired: ApprovalRow, userId: string, outcome: Outcome): void {
  notify(change, {
    orgId: expired.orgId,
    userId,
    type: 'APPROVAL_EXPIRED',
    people: [expired.requesterId],
    ...aboutSubject(expired.subjectType, expired.subjectId),
    data: { approvalId: expired.id },
    parameters: { code: subjectWords(expired).code, requester: expired.requester.fullName, outcome },
  })
}
