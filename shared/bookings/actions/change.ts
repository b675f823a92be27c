// Changing what was asked for: what it does to the approval, to the resource and the driver, and who is told.

import { askAgain, refreshSubject } from '../../approvals/actions/ask-again.ts'
import { recordNoApprover } from '../../approvals/actions/ask.ts'
import { lockDecisionsAbout, withdrawApproval } from '../../approvals/actions/decide.ts'
import { policyIn } from '../../approvals/actions/next-step.ts'
import { factsIn } from '../../approvals/policy/rules.ts'
import { getRouteFacts, type RouteFacts } from '../../approvals/route-facts.ts'
import { changedMeanwhile } from '../../kit/declare/errors.ts'
import type { Change } from '../../kit/store/change.ts'
import { notify } from '../../notifications/actions/notify.ts'
import { personIdOf, type Actor } from '../../organisations/roles.ts'
import { lockResourceForWork } from '../../resources/actions.ts'
import type { Resource } from '../../resources/schema.ts'
import { lockHierarchyForWork, lockUserForWork } from '../../users/actions/hold.ts'
import { applyDecisionJob } from '../jobs.ts'
import { getBooking, toBooking } from '../queries.ts'
import { initialStatus, mayCancel, mustBeAhead, mustBecome, mustLieAhead, mustSuit } from '../rules.ts'
import type { AssignedBooking, Booking, BookingAsk, BookingPatch } from '../schema.ts'
import { withoutEnd } from '../recurrence.ts'
import { resolveTimes } from '../span.ts'
import { detailsOf, factsOf, subjectOf } from '../subject.ts'
import type { BookingRow, MovedBooking } from '../table.ts'
import { claimTimes } from './claim.ts'
import { bookingLabel, bookingNoticeFor, lockFor, saveBooking, type BookingRef } from './move.ts'
import {
  approvalTypeIn,
  mustHoldTogether,
  newDetails,
  planOf,
  timesOf,
  type AskedUnder,
} from './plan-request.ts'
import { followRelease } from './room.ts'

/** @throws AppError 404, 403, 409 with what is in the way, 412, 422 */
export async function changeBooking(
  change: Change,
  actor: Actor,
  which: BookingRef,
  patch: BookingPatch,
): Promise<AssignedBooking> {
  const { booking, resource } = await lockWithAll(change, actor, which)
  mustBeAhead(booking)
  const facts = await getRouteFacts(change.db, actor.orgId, booking.requesterId)
  const ask = mergedAsk(booking, patch, facts.organisation.timezone)
  mustHoldTogether(ask, facts.organisation)
  if (ask.scheduledDate !== booking.scheduledDate)
    mustLieAhead(ask, actor.role, facts.organisation, change.now)

  const next = await routeAnew(change, booking, facts, ask)
  const fields = { ...newDetails(ask), ...timesOf(ask, facts.organisation), ...next.fields }
  const isReleased = booking.assignedResourceId !== null && fields.status === 'PENDING_APPROVAL'
  const claimed = isReleased ? undefined : await claimAnew(change, booking, resource, fields)
  const released = isReleased ? { assignedResourceId: null, assignedDriverId: null } : {}
  const moved = await saveBooking(
    change,
    personIdOf(actor),
    booking,
    { ...fields, ...claimed?.times, ...released },
    'booking_changed',
  )
  await followApproval(change, actor, booking, moved, next)
  if (isReleased) await followRelease(change, personIdOf(actor), booking, moved)
  tellChanged(change, actor, booking, moved)
  return { ...toBooking(moved), ...(claimed?.warnings.length && { warnings: claimed.warnings }) }
}

interface Held {
  booking: BookingRow
  /** What serves it. */
  resource: Resource | undefined
}

/** In the order in which others hold them: people, what serves it, who decides on it, the booking. */
async function lockWithAll(change: Change, actor: Actor, which: BookingRef): Promise<Held> {
  const seen = await getBooking(change.db, actor, which.id, change.now)
  const { assignedDriverId, assignedResourceId } = seen
  await lockHierarchyForWork(change, actor.orgId)
  if (assignedDriverId) await lockUserForWork(change, actor.orgId, assignedDriverId)
  const resource = assignedResourceId
    ? await lockResourceForWork(change, actor.orgId, assignedResourceId)
    : undefined
  await lockDecisionsAbout(change, which.id)
  const booking = await lockFor(change, actor, which, mayCancel)
  if (booking.assignedDriverId !== assignedDriverId || booking.assignedResourceId !== assignedResourceId)
    throw changedMeanwhile('booking', booking.version, seen.version)
  return { booking, resource }
}

/** As if it had been asked for with the change. @throws AppError 422 */
function mergedAsk(booking: Booking, patch: BookingPatch, timezone: string): BookingAsk {
  const { scheduledDate, scheduledTime, endDate, durationMinutes, passengerCount } = booking
  const { bookingType, isBusinessTrip, purpose, distanceKm, amount, resourceKind, notes, stops } = booking
  const known = { bookingType, isBusinessTrip, purpose, distanceKm, amount, resourceKind, notes, stops }
  const recurrence = ruleAfter(booking, patch)
  const start = patch.startsAt ? {} : { scheduledDate, scheduledTime }
  // A rule says itself when it ends.
  const length = patch.endsAt ? {} : { durationMinutes, ...(recurrence === null && { endDate }) }
  const merged = Object.entries({ ...known, ...start, ...length, ...patch, recurrence })
  const given = Object.fromEntries(merged.filter(([, value]) => value !== null && value !== undefined))
  return resolveTimes({ passengerCount, ...given }, timezone)
}

function ruleAfter({ recurrence }: Booking, patch: BookingPatch): string | null {
  if (patch.recurrence !== undefined) return patch.recurrence
  return recurrence && (patch.endDate ?? patch.endsAt) ? withoutEnd(recurrence) : recurrence
}

interface Next {
  fields: Partial<Pick<Booking, 'status' | 'approvalType'>>
  /** Absent: the approval stands as it is. */
  anew?: { lacksApprover: boolean; policy: AskedUnder }
}

/** Only where the policy looks at what has changed, and the organisation does not let approvals stand. */
async function routeAnew(
  change: Change,
  booking: BookingRow,
  facts: RouteFacts,
  ask: BookingAsk,
): Promise<Next> {
  if (facts.organisation.settings.onChange === 'keep' || !isLookedAt(booking, facts, ask))
    return { fields: {} }
  const { plan, policy } = await planOf(change, { orgId: booking.orgId }, facts, ask)
  const approvalType = approvalTypeIn(plan, facts.organisation)
  const status = initialStatus(approvalType)
  const stays = status === booking.status || (status === 'PENDING' && booking.status !== 'PENDING_APPROVAL')
  if (!stays) mustBecome(booking, status)
  return {
    fields: { approvalType, ...(!stays && { status }) },
    anew: { lacksApprover: plan.lacksApprover, policy },
  }
}

/** The time that is left until it begins counts as changed when its beginning has. */
function isLookedAt(booking: BookingRow, facts: RouteFacts, ask: BookingAsk): boolean {
  const before = askOf(booking)
  const startOf = (each: BookingAsk): number | null =>
    timesOf(each, facts.organisation).startsAt?.getTime() ?? null
  const [then, now] = [before, ask].map((each) => factsOf(each, facts.requester, startOf(each)))
  return [...factsIn(policyIn(facts).rules)].some((fact) => then?.[fact] !== now?.[fact])
}

function askOf(booking: BookingRow): BookingAsk {
  return mergedAsk(booking, {}, 'UTC')
}

/** What a resource and a driver have to suit. */
const CLAIMED = [
  'startsAt',
  'endsAt',
  'durationMinutes',
  'passengerCount',
  'resourceKind',
  'bookingType',
  'recurrence',
] as const

/** Who and what serves it goes on to, if it suits and is free at that time. @throws AppError 409, 422 */
async function claimAnew(
  change: Change,
  booking: BookingRow,
  resource: Resource | undefined,
  fields: Partial<Booking>,
) {
  if (booking.status !== 'ASSIGNED' || !resource) return undefined
  const changed = { ...booking, ...fields }
  if (CLAIMED.every((name) => String(changed[name]) === String(booking[name]))) return undefined
  mustSuit(changed, resource)
  return claimTimes(change, changed, resource, booking.assignedDriverId)
}

async function followApproval(
  change: Change,
  actor: Actor,
  before: BookingRow,
  moved: MovedBooking,
  { anew }: Next,
): Promise<void> {
  const { orgId, requesterId } = moved
  const [subject, details] = [subjectOf(moved), detailsOf(moved)]
  const about = { orgId, subject, requesterId, approvalType: 'MANAGER_APPROVAL' } as const
  if (!anew) return refreshSubject(change, subject, details)
  if (moved.status === 'PENDING_APPROVAL') {
    const ask = { ...about, policy: anew.policy, then: applyDecisionJob }
    return askAgain(change, ask, details)
  }
  if (before.status !== 'PENDING_APPROVAL') return
  await withdrawApproval(change, personIdOf(actor), { ...about, details })
  if (anew.lacksApprover) await recordNoApprover(change, { orgId, requesterId, subject, outcome: 'approved' })
}

/** Nobody is told what they did themselves. */
function tellChanged(change: Change, actor: Actor, before: BookingRow, moved: BookingRow): void {
  for (const userId of new Set([moved.requesterId, before.assignedDriverId ?? moved.requesterId]))
    if (userId !== personIdOf(actor))
      notify(change, {
        ...bookingNoticeFor(moved, userId),
        type: 'BOOKING_CHANGED',
        parameters: { ...bookingLabel(moved), time: moved.scheduledTime },
      })
}
