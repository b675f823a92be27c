// Asking somebody else: who was asked has left or may not decide any more, or somebody else is the requester's manager now.

import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { notify, settleNotifications } from '../../notifications/actions/notify.ts'
import { listActiveAmong } from '../../users/queries.ts'
import { mayBeAsked, type User } from '../../users/schema.ts'
import { isOfOrganisation } from '../../organisations/roles.ts'
import { findApproverAbove, getDurationCount } from '../queries.ts'
import { reminderTimes } from '../terms/rules.ts'
import { endDelegations } from '../delegation/table.ts'
import { lockPending, updateApproval, type ApprovalRow } from '../table.ts'
import { announceApproval } from './announce.ts'
import { decideByPolicy } from './ask.ts'
import { decidersOf } from './people.ts'
import type { termOf } from './next-step.ts'
import { askAnew, handOverPart, recordMove, replaceUnfitDeciders } from './replace-deciders.ts'
import { aboutSubject, subjectWords } from '../subjects.ts'

/** Who changed somebody, or sent them away; absent: the system. */
export interface Departure {
  orgId: string
  userId: string
  actorId?: string | undefined
}

/** What waits on somebody who may not decide any more. The caller holds the hierarchy. */
export async function rerouteFrom(change: Change, { orgId, userId, actorId }: Departure): Promise<void> {
  for (const approval of await lockPending(change.db, { orgId, approverId: userId }, change.now))
    await (approval.route
      ? askAnew(change, { ...approval, route: approval.route }, actorId)
      : replaceApprover(change, approval, actorId))
}

/** Who is asked by role, level or department may be another now. The caller holds the hierarchy. */
export async function reviewStepsOf(change: Change, { orgId, userId, actorId }: Departure): Promise<void> {
  for (const approval of await lockPending(change.db, { orgId, approverId: userId }, change.now))
    if (approval.route) await askAnew(change, { ...approval, route: approval.route }, actorId)
}

/** What waits on somebody goes to another, but for what that one asked for. The caller holds the hierarchy. @returns how many went */
export async function handOverApprovals(
  change: Change,
  { orgId, userId, actorId }: Departure,
  to: Pick<User, 'id' | 'isActive' | 'role'>,
): Promise<number> {
  if (!mayBeAsked(to)) return 0
  const held = await lockPending(change.db, { orgId, approverId: userId }, change.now)
  const fitting = held.filter(({ requesterId }) => requesterId !== to.id)
  for (const approval of fitting)
    await (approval.route
      ? handOverPart(change, { ...approval, route: approval.route }, { fromId: userId, toId: to.id, actorId })
      : askInstead(change, approval, to.id, actorId))
  return fitting.length
}

/** What somebody asked for, when their manager is another. The caller holds the hierarchy. */
export async function rerouteRequestsOf(
  change: Change,
  { orgId, userId, actorId }: Departure,
): Promise<void> {
  for (const approval of await lockPending(change.db, { orgId, requesterId: userId }, change.now))
    await (approval.route
      ? askAnew(change, { ...approval, route: approval.route }, actorId)
      : askAbove(change, approval, userId, actorId))
}

/**
 * Where nobody who may decide was asked: as it can be of an older release, or of a row that somebody wrote
 * by hand. @returns whether it was so
 */
export async function replaceUnfitApprover(change: Change, approval: ApprovalRow): Promise<boolean> {
  if (approval.route) return replaceUnfitDeciders(change, { ...approval, route: approval.route })
  const [approver] = approval.approverId
    ? await listActiveAmong(change.db, approval.orgId, [approval.approverId])
    : []
  if (approver && isOfOrganisation(approver.role)) return false
  await replaceApprover(change, approval)
  return true
}

/** What had gone up already goes on from there; whoever let it expire is not asked again. */
async function replaceApprover(change: Change, approval: ApprovalRow, actorId?: string): Promise<void> {
  const below = approval.escalatedFromId && approval.approverId ? approval.approverId : approval.requesterId
  await askAbove(change, approval, below, actorId)
}

/** Whoever is asked now has as long as if they had been the first. */
async function askAbove(
  change: Change,
  approval: ApprovalRow,
  below: string,
  actorId?: string,
): Promise<void> {
  const approver = await findApproverAbove(change.db, approval.orgId, below, approval.requesterId)
  if (!approver) return decideByPolicy(change, approval)
  if (approver.id !== approval.approverId) await askInstead(change, approval, approver.id, actorId)
}

/** Asks somebody else, and tells all whom it concerns. */
export async function askInstead(
  change: Change,
  approval: ApprovalRow,
  approverId: string,
  actorId?: string,
  reason?: string,
): Promise<void> {
  const former = await decidersOf(change.db, approval, change.now)
  const moved = await updateApproval(
    change.db,
    approval.id,
    { approverId, ...(await newTerm(change, approval.orgId)) },
    change.now,
  )
  await settleNotifications(change, [`decision:${approval.id}`])
  recordAudit(change, {
    orgId: moved.orgId,
    ...(actorId && { actorId }),
    action: 'approval_rerouted',
    entity: 'approval',
    entityId: moved.id,
    metadata: { code: moved.subjectLabel.code, formerId: approval.approverId, approverId },
  })
  recordMove(change, moved, { former, actorId, reason })
  await announceApproval(change, moved, { former })
  await tellFormer(change, moved, former)
}

/** A whole term from now on. */
export async function newTerm(
  change: Change,
  orgId: string,
): Promise<ReturnType<typeof termOf> & { expiresAt: Date }> {
  const count = await getDurationCount(change.db, orgId)
  const expiresAt = count(change.now, change.config.APPROVAL_TTL)
  return {
    reminderCount: 0,
    lastReminderAt: null,
    nextReminderAt: reminderTimes(change.now, expiresAt, change.config, count)[0] ?? null,
    timeLeftMs: null,
    expiresAt,
  }
}

/** Of those who could decide before, whoever is still here and cannot any more. */
async function tellFormer(
  change: Change,
  { orgId, id, approverId, requesterId, ...approval }: ApprovalRow,
  former: readonly string[],
): Promise<void> {
  const people = await listActiveAmong(change.db, orgId, [requesterId, approverId ?? requesterId, ...former])
  const nameOf = (userId: string | null): string => people.find((each) => each.id === userId)?.fullName ?? ''
  for (const userId of former.filter((each) => each !== approverId && nameOf(each))) {
    notify(change, {
      orgId,
      userId,
      type: 'APPROVAL_MOVED',
      ...aboutSubject(approval.subjectType, approval.subjectId),
      data: { approvalId: id },
      parameters: {
        code: subjectWords(approval).code,
        requester: nameOf(requesterId),
        approver: nameOf(approverId),
      },
    })
  }
}

/** Delegations of somebody who may not decide any more, and to them; who relied on them is told. */
export async function endDelegationsOf(
  change: Change,
  { orgId, userId, actorId }: Departure,
  name: string,
): Promise<void> {
  for (const { id, delegatorId, delegateId } of await endDelegations(change.db, orgId, userId, change.now)) {
    recordAudit(change, {
      orgId,
      ...(actorId && { actorId }),
      action: 'delegation_ended',
      entity: 'delegation',
      entityId: id,
      metadata: { delegatorId, delegateId },
    })
    const [delegator] = delegateId === userId ? await listActiveAmong(change.db, orgId, [delegatorId]) : []
    if (delegator)
      notify(change, {
        orgId,
        userId: delegator.id,
        type: 'DELEGATION_ENDED',
        asks: [`delegation:${delegator.id}`],
        parameters: { subject: name },
      })
  }
}
