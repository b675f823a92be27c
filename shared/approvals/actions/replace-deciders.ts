// Other people are asked in the open step of an approval: somebody left, lost the role, was silent, or handed it over.
// What was decided in the step stays, and counts.

import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { notify, settleNotifications } from '../../notifications/actions/notify.ts'
import { isOfOrganisation } from '../../organisations/roles.ts'
import { getCalendar, getOrganisation } from '../../organisations/queries.ts'
import { listActiveAmong } from '../../users/queries.ts'
import { askOthers, isComplete, openStepOf, waitingIn, waitingOf } from '../decision/rules.ts'
import type { RouteStep } from '../decision/schema.ts'
import { recordStep } from '../history/entries.ts'
import { findApproverAbove } from '../queries.ts'
import { aboutSubject, subjectWords } from '../subjects.ts'
import type { ApprovalRow } from '../table.ts'
import { countBy, durationsOf, reminderTimes, settingsOf } from '../terms/rules.ts'
import { announceApproval } from './announce.ts'
import { decideByPolicy } from './ask.ts'
import { planOpenStep, saveRoute, termOf } from './next-step.ts'
import { completeStep, type SteppedApproval } from './parts.ts'
import { decidersOf, deedsOn } from './people.ts'

/** As the rule says now. Nobody is left who could: the organisation's policy decides at once. */
export async function askAnew(change: Change, approval: SteppedApproval, actorId?: string): Promise<void> {
  const step = openStepOf(approval.route)
  if (!step) return
  if (step.isEscalated)
    return askInStead(change, approval, step, await fitAmong(change, approval, step), { actorId })
  const planned = await planOpenStep(change, approval, approval.route)
  if (!planned) return
  if (isComplete(step, planned)) return completeStep(change, approval)
  const asked = planned.asked.map(({ id }) => id)
  await askInStead(change, approval, { ...step, need: planned.need }, asked, { actorId })
}

/** Whoever cannot decide any more is replaced by the manager above. */
async function fitAmong(
  change: Change,
  { orgId, requesterId }: ApprovalRow,
  step: RouteStep,
): Promise<string[]> {
  const waiting = waitingIn(step)
  const able = await listAble(change, orgId, waiting)
  const found: string[] = []
  for (const userId of waiting) {
    const fit = able.includes(userId)
      ? userId
      : (await findApproverAbove(change.db, orgId, userId, requesterId))?.id
    if (fit) found.push(fit)
  }
  return found
}

async function listAble(change: Change, orgId: string, userIds: readonly string[]): Promise<string[]> {
  const active = await listActiveAmong(change.db, orgId, userIds)
  return active.filter(({ role }) => isOfOrganisation(role)).map(({ id }) => id)
}

/** Whether somebody whom it waits for cannot decide any more; then others are asked. */
export async function replaceUnfitDeciders(change: Change, approval: SteppedApproval): Promise<boolean> {
  const waiting = waitingOf(approval.route)
  const able = await listAble(change, approval.orgId, waiting)
  if (able.length === waiting.length) return false
  await askAnew(change, approval)
  return true
}

/** The managers of those who were silent, once. @returns false where there are none */
export async function escalateStep(change: Change, approval: SteppedApproval): Promise<boolean> {
  const step = openStepOf(approval.route)
  if (!step || step.isEscalated) return false
  const managers = new Set<string>()
  for (const userId of waitingIn(step)) {
    const manager = await findApproverAbove(change.db, approval.orgId, userId, approval.requesterId)
    if (manager) managers.add(manager.id)
  }
  if (managers.size === 0) return false
  await askInStead(change, approval, step, [...managers], { isEscalated: true })
  return true
}

/** One person in the place of another. */
export async function handOverPart(
  change: Change,
  approval: SteppedApproval,
  { fromId, toId, ...by }: { fromId: string; toId: string } & By,
): Promise<void> {
  const step = openStepOf(approval.route)
  if (!step) return
  const asked = waitingIn(step).map((each) => (each === fromId ? toId : each))
  await askInStead(change, approval, step, [...new Set(asked)], by)
}

/** Who has others asked; absent: the system. */
interface By {
  actorId?: string | undefined
  /** Where an ADMIN did it by hand. */
  reason?: string
}

export function recordMove(
  change: Change,
  approval: ApprovalRow,
  { former, actorId, reason }: By & { former: readonly string[] },
): void {
  recordStep(change, approval, reason === undefined ? 'moved' : 'reassigned', {
    actor: actorId === undefined ? undefined : { id: actorId },
    people: former,
    notes: reason,
  })
}

async function askInStead(
  change: Change,
  approval: SteppedApproval,
  step: RouteStep,
  asked: readonly string[],
  { actorId, reason, isEscalated = false }: By & { isEscalated?: boolean },
): Promise<void> {
  const before = waitingOf(approval.route)
  const waiting = asked.filter((each) => !step.decisions.some(({ userId }) => userId === each))
  const isSame = waiting.length === before.length && waiting.every((each) => before.includes(each))
  if (isSame && !isEscalated) return
  const term = await newTermOf(change, approval.orgId, step)
  const route = askOthers(approval.route, asked, step.need, term.expiresAt, isEscalated)
  if (!route) return decideByPolicy(change, approval)
  const former = await decidersOf(change.db, approval, change.now)
  const moved = await saveRoute(change, approval, route, term)
  const after = waitingOf(route)
  const gone = former.filter((each) => !after.includes(each))
  await settleNotifications(change, deedsOn(approval, gone))
  recordAudit(change, {
    orgId: moved.orgId,
    ...(actorId && { actorId }),
    action: 'approval_rerouted',
    entity: 'approval',
    entityId: moved.id,
    metadata: { code: moved.subjectLabel.code, formerIds: gone, approverIds: after },
  })
  if (isEscalated) recordStep(change, moved, 'escalated', { people: gone })
  else recordMove(change, moved, { former: gone, actorId, reason })
  await announceApproval(change, moved, {
    former: gone,
    only: after.filter((each) => !before.includes(each)),
  })
  if (!isEscalated) await tellGone(change, moved, gone, after)
}

/** A whole term from now on. */
async function newTermOf(change: Change, orgId: string, { ask }: RouteStep) {
  const { settings } = await getOrganisation(change.db, orgId)
  const durations = durationsOf(ask, change.config)
  const count = countBy(settingsOf(ask, settings), await getCalendar(change.db, orgId))
  const expiresAt = count(change.now, durations.APPROVAL_TTL)
  return {
    ...termOf({ expiresAt, reminders: reminderTimes(change.now, expiresAt, durations, count) }),
    expiresAt,
  }
}

async function tellGone(
  change: Change,
  { orgId, id, requesterId, ...approval }: ApprovalRow,
  gone: readonly string[],
  asked: readonly string[],
): Promise<void> {
  const people = await listActiveAmong(change.db, orgId, [requesterId, ...gone, ...asked])
  const nameOf = (userId: string): string => people.find((each) => each.id === userId)?.fullName ?? ''
  for (const userId of gone.filter(nameOf)) {
    notify(change, {
      orgId,
      userId,
      type: 'APPROVAL_MOVED',
      ...aboutSubject(approval.subjectType, approval.subjectId),
      data: { approvalId: id },
      parameters: {
        code: subjectWords(approval).code,
        requester: nameOf(requesterId),
        approver: asked.map(nameOf).join(', '),
      },
    })
  }
}
