// The route of an approval, its alarms, and who may decide. Pure: `simulate` and the worker use the same functions.

import { addOpenTime, type Calendar } from '../kit/time/calendar.ts'
import { plusMs } from '../kit/time/time.ts'
import type { Config } from '../kit/process/config.ts'
import { mayBeAsked, type User } from '../users/schema.ts'
import {
  routeReason,
  type Approval,
  type ApprovalType,
  type Delegation,
  type RouteReason,
  type RoutePlan,
} from './schema.ts'
import { isOfOrganisation } from '../organisations/roles.ts'
import type { OrganisationSettings } from '../organisations/schema.ts'

export type Durations = Pick<
  Config,
  'APPROVAL_TTL' | 'APPROVAL_FIRST_REMINDER' | 'APPROVAL_REMINDER_EVERY' | 'APPROVAL_MAX_REMINDERS'
>

/** When so many milliseconds have passed since an instant, as the organisation counts them. */
export type DurationCount = (from: Date, milliseconds: number) => Date

/** Where it is not open for so long within a year, all hours count: a request never waits for ever. */
export function countBy({ approvalHours }: OrganisationSettings, calendar: Calendar): DurationCount {
  if (approvalHours !== 'open') return plusMs
  return (from, milliseconds) => addOpenTime(calendar, from, milliseconds) ?? plusMs(from, milliseconds)
}

export type Superior = Pick<User, 'id' | 'fullName' | 'isActive' | 'role'>

export interface RouteQuestion {
  requesterId: string
  approvalType: Exclude<ApprovalType, 'AUTO_APPROVED'>
  /** The managers above the requester, nearest first. */
  superiors: readonly Superior[]
  /** Of the chosen approver. */
  delegations: readonly Delegation[]
  settings: OrganisationSettings
  calendar: Calendar
  durations: Durations
  now: Date
}

/**
 * The nearest manager who may decide: somebody who left, or became a customer, can neither decide nor let
 * everything pass. Nobody decides their own request.
 */
export function approverAmong(superiors: readonly Superior[], requesterId: string): Superior | undefined {
  return superiors.find((each) => mayBeAsked(each) && each.id !== requesterId)
}

/** Its reasons are put into words for whoever asks. */
export type PlannedRoute = Omit<RoutePlan, 'reasons'> & { reasons: RouteReason[] }

/** Nobody is waited for. */
const NO_WAITING = { delegateId: null, reminders: [], expiresAt: null, onExpiry: null }

export function planRoute(question: RouteQuestion): PlannedRoute {
  const { approvalType, superiors, settings, durations, now } = question
  const approver = approverAmong(superiors, question.requesterId)
  const reasons = reasonsForApprover(approver, superiors)
  if (!approver) {
    const policy = settings.noApprover ?? 'auto_approve'
    return { ...NO_WAITING, approverId: null, reasons: [...reasons, routeReason('no_approver', { policy })] }
  }
  if (approvalType === 'CC_ONLY')
    return { ...NO_WAITING, approverId: approver.id, reasons: [...reasons, routeReason('is_told')] }
  const delegate = delegateAt(question.delegations, question.requesterId, now)
  const count = countBy(settings, question.calendar)
  const expiresAt = count(now, durations.APPROVAL_TTL)
  const onExpiry = settings.onExpiry ?? 'approve'
  return {
    approverId: approver.id,
    delegateId: delegate ?? null,
    reminders: reminderTimes(now, expiresAt, durations, count),
    expiresAt,
    onExpiry,
    reasons: [
      ...reasons,
      ...reasonsForDelegate(question, delegate),
      ...reasonsForHours(settings),
      routeReason('on_expiry', { policy: onExpiry }),
    ],
  }
}

function reasonsForApprover(approver: Superior | undefined, superiors: readonly Superior[]): RouteReason[] {
  const passed = superiors.slice(0, approver ? superiors.indexOf(approver) : undefined)
  const skipped = passed.map(({ fullName: name, isActive, role }) =>
    isActive ? routeReason('passed_role', { name, role }) : routeReason('passed_inactive', { name }),
  )
  return [...skipped, approver ? routeReason('nearest', { name: approver.fullName }) : routeReason('nobody')]
}

function reasonsForDelegate(
  { delegations, requesterId, now }: RouteQuestion,
  delegate: string | undefined,
): RouteReason[] {
  if (delegate) return [routeReason('delegated')]
  const isRequester = delegations.some((each) => isActiveAt(each, now) && each.delegateId === requesterId)
  return isRequester ? [routeReason('delegated_to_requester')] : []
}

function reasonsForHours({ approvalHours }: OrganisationSettings): RouteReason[] {
  return approvalHours === 'open' ? [routeReason('open_hours')] : []
}

/** Half-open, so that one delegation can follow another without a moment of two. */
export function isActiveAt(
  delegation: Pick<Delegation, 'fromAt' | 'untilAt' | 'revokedAt'>,
  at: Date,
): boolean {
  return (
    delegation.fromAt <= at &&
    at < delegation.untilAt &&
    (delegation.revokedAt === null || at < delegation.revokedAt)
  )
}

/** Who may decide in the approver's place. Nobody decides their own request, not even by delegation. */
export function delegateAt(
  delegations: readonly Delegation[],
  requesterId: string,
  at: Date,
): string | undefined {
  return delegations.find((each) => isActiveAt(each, at) && each.delegateId !== requesterId)?.delegateId
}

/** All reminders, if nobody decides: the first, then at even distances, none at or after the deadline. */
export function reminderTimes(
  routedAt: Date,
  expiresAt: Date,
  durations: Durations,
  count: DurationCount,
): Date[] {
  const first = count(routedAt, durations.APPROVAL_FIRST_REMINDER)
  return Array.from({ length: durations.APPROVAL_MAX_REMINDERS }, (_, n) =>
    count(first, n * durations.APPROVAL_REMINDER_EVERY),
  ).filter((at) => at < expiresAt)
}

/** Counted from the reminder just sent: after an outage one comes at once, and not all that were missed. */
export function reminderAfter(
  approval: Pick<Approval, 'reminderCount' | 'expiresAt'>,
  sentAt: Date,
  durations: Durations,
  count: DurationCount,
): Date | null {
  const next = count(sentAt, durations.APPROVAL_REMINDER_EVERY)
  const exhausted = approval.reminderCount >= durations.APPROVAL_MAX_REMINDERS
  return exhausted || !approval.expiresAt || next >= approval.expiresAt ? null : next
}

/** Only the person who was asked decides, or their delegate at that moment; an admin neither: the second pair of eyes is the point. */
export function mayDecide(
  { id: actorId, role }: Pick<User, 'id' | 'role'>,
  approval: Pick<Approval, 'approverId' | 'requesterId'>,
  delegations: readonly Delegation[],
  at: Date,
): boolean {
  if (actorId === approval.requesterId || !isOfOrganisation(role)) return false
  return actorId === approval.approverId || actorId === delegateAt(delegations, approval.requesterId, at)
}

/** Would `delegatorId → delegateId` close a circle with these delegations of the same time? */
export function closesCircle(
  delegatorId: string,
  delegateId: string,
  others: readonly Pick<Delegation, 'delegatorId' | 'delegateId'>[],
): boolean {
  const seen = new Set<string>()
  const next = [delegateId]
  // An organisation may have very many: each is looked at once.
  const delegates = new Map<string, string[]>()
  for (const each of others) {
    const known = delegates.get(each.delegatorId)
    if (known) known.push(each.delegateId)
    else delegates.set(each.delegatorId, [each.delegateId])
  }
  for (let person = next.pop(); person !== undefined; person = next.pop()) {
    if (person === delegatorId) return true
    if (seen.has(person)) continue
    seen.add(person)
    next.push(...(delegates.get(person) ?? []))
  }
  return false
}
