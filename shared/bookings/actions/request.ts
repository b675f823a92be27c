// Asking for a booking, and what comes of the answer.

import { emitFact } from '../../notifications/actions/facts.ts'
import { randomUUID } from 'node:crypto'
import { recordNoApprover, openApproval } from '../../approvals/actions/ask.ts'
import { stillStands } from '../../approvals/actions/outcome.ts'
import { showPlan } from '../../approvals/actions/simulate.ts'
import { isCovered } from '../../approvals/plan/rules.ts'
import { getRouteFacts, type RouteFacts } from '../../approvals/route-facts.ts'
import type { ApprovalType, Decision } from '../../approvals/schema.ts'
import { recordAudit } from '../../audit/actions.ts'
import { carryOutAtOnce } from '../../kit/store/at-once.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import { notFound } from '../../kit/declare/errors.ts'
import { notify } from '../../notifications/actions/notify.ts'
import type { Actor } from '../../organisations/roles.ts'
import { bookingChangedEvent, bookingCreatedEvent, bookingChannels } from '../events.ts'
import { applyDecisionJob } from '../jobs.ts'
import { toBooking } from '../queries.ts'
import { bookingCode, initialStatus, mustBecome, mustLieAhead } from '../rules.ts'
import type { Booking, BookingAsk, BookingRequest, SimulatedRoute, Simulation } from '../schema.ts'
import { resolveTimes } from '../span.ts'
import { subjectOf } from '../subject.ts'
import { BOOKING_ROWS, lockBooking, nextNumber, updateBooking, type BookingRow } from '../table.ts'
import { tellWaiting, waitingSinceOf } from './line.ts'
import {
  approvalTypeIn,
  mustHoldTogether,
  newDetails,
  planOf,
  timesOf,
  type AskedUnder,
} from './plan-request.ts'

export async function requestBooking(change: Change, actor: Actor, given: BookingRequest): Promise<Booking> {
  const facts = await getRouteFacts(change.db, actor.orgId, actor.id)
  const { requester, organisation } = facts
  const ask = resolveTimes(given, organisation.timezone)
  mustHoldTogether(ask, organisation)
  mustLieAhead(ask, actor.role, organisation, change.now)
  const { plan, policy } = await planOf(change, actor, facts, ask)
  const approvalType = approvalTypeIn(plan, organisation)
  const numbered = await numberedBooking(change, actor, ask, organisation, approvalType)
  const booking = { ...numbered, waitingSince: await waitingSinceOf(change, numbered) }
  change.addRow(BOOKING_ROWS, booking)
  tellWaiting(change, numbered, booking)
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'booking_created',
    entity: 'booking',
    entityId: booking.id,
    metadata: { code: booking.bookingCode, approvalType },
  })
  emitFact(change, bookingCreatedEvent, booking, bookingChannels(booking, requester.role), toBooking(booking))
  await askForApproval(change, booking, approvalType, plan.lacksApprover, policy)
  return toBooking(booking)
}

async function numberedBooking(
  change: Change,
  { id: requesterId, orgId }: Actor,
  ask: BookingAsk,
  organisation: RouteFacts['organisation'],
  approvalType: ApprovalType,
): Promise<BookingRow> {
  const number = await nextNumber(change.db, { orgId, day: ask.scheduledDate })
  return {
    id: randomUUID(),
    orgId,
    bookingCode: bookingCode(organisation.slug, ask.scheduledDate, number),
    requesterId,
    status: initialStatus(approvalType),
    approvalType,
    ...newBooking(ask),
    ...timesOf(ask, organisation),
    createdAt: change.now,
    updatedAt: change.now,
  }
}

/** A worker routes it. */
async function askForApproval(
  change: Change,
  booking: BookingRow,
  approvalType: ApprovalType,
  passesUnasked: boolean,
  policy: AskedUnder,
): Promise<void> {
  const { orgId, requesterId } = booking
  const subject = subjectOf(booking)
  if (passesUnasked) await recordNoApprover(change, { orgId, requesterId, subject, outcome: 'approved' })
  if (approvalType !== 'AUTO_APPROVED')
    openApproval(change, { orgId, subject, requesterId, approvalType, policy, then: applyDecisionJob })
}

function newBooking(ask: BookingAsk) {
  return {
    ...newDetails(ask),
    assignedResourceId: null,
    assignedDriverId: null,
    waitingSince: null,
    reassignedById: null,
    reassignmentReason: null,
    handovers: [],
    startedAt: null,
    completedAt: null,
    cancelledAt: null,
    cancelledById: null,
    cancellationReason: null,
    cancellationNotes: null,
    version: 1,
  }
}

/** The continuation of an approval: moves the booking and tells the requester. */
async function applyApprovalDecision(change: Change, decision: Decision): Promise<void> {
  const booking = await lockBooking(change.db, decision.orgId, decision.subjectId)
  if (booking?.status !== 'PENDING_APPROVAL') return
  const next = decision.outcome === 'approved' ? 'PENDING' : 'CANCELLED'
  mustBecome(booking, next)
  const moved = await updateBooking(
    change.db,
    booking.id,
    next === 'PENDING'
      ? { status: next, waitingSince: await waitingSinceOf(change, { ...booking, status: next }) }
      : { status: next, ...cancellationBy(decision, change.now) },
    change.now,
  )
  tellWaiting(change, booking, moved)
  emitFact(change, bookingChangedEvent, moved, bookingChannels(moved, moved.requesterRole), toBooking(moved))
  recordAudit(change, {
    orgId: moved.orgId,
    actorId: decision.decidedById ?? undefined,
    action: next === 'PENDING' ? 'booking_approved' : 'booking_cancelled',
    entity: 'booking',
    entityId: moved.id,
    metadata: { code: moved.bookingCode, decidedBy: decision.decidedBy },
  })
  tellRequester(change, moved, decision)
}

carryOutAtOnce(applyDecisionJob, applyApprovalDecision)

/** The same by a worker, later. */
export async function applyLateDecision(change: Change, decision: Decision): Promise<void> {
  if (await stillStands(change, decision)) await applyApprovalDecision(change, decision)
}

function cancellationBy(decision: Decision, now: Date): Partial<Booking> {
  const reasons = { person: 'MANAGER_REJECTED', expiry: 'APPROVAL_EXPIRED', policy: 'OTHER' } as const
  return {
    cancelledAt: now,
    cancelledById: decision.decidedById,
    cancellationReason: reasons[decision.decidedBy],
    cancellationNotes: decision.notes,
  }
}

function tellRequester(change: Change, booking: BookingRow, decision: Decision): void {
  const about = { orgId: booking.orgId, userId: booking.requesterId, bookingId: booking.id }
  const label = { code: booking.bookingCode, date: booking.scheduledDate }
  if (decision.outcome === 'approved')
    return notify(change, {
      ...about,
      type: 'BOOKING_APPROVED',
      parameters: { ...label, decidedBy: decision.decidedBy },
    })
  if (decision.decidedBy === 'person')
    return notify(change, {
      ...about,
      type: 'BOOKING_REJECTED',
      people: [decision.decidedById],
      parameters: { ...label, reason: decision.notes ?? '' },
    })
  return notify(change, {
    ...about,
    type: 'BOOKING_CANCELLED',
    parameters: { ...label, reason: booking.cancellationReason ?? 'OTHER' },
  })
}

/** What would become of a request, by the very rules and plan that decide for real. */
export async function simulateRequest(
  reading: Reading,
  actor: Actor,
  { at, ...given }: Simulation,
): Promise<SimulatedRoute> {
  const facts = await getRouteFacts(reading.db, actor.orgId, actor.id)
  const { organisation } = facts
  const now = at ? new Date(at) : reading.now
  const ask = resolveTimes(given, organisation.timezone)
  mustHoldTogether(ask, organisation)
  mustLieAhead(ask, actor.role, organisation, now)
  const { plan, rule, policy } = await planOf({ ...reading, now }, actor, facts, ask)
  const { lacksApprover, approvalType: planned } = plan
  const isRefused = lacksApprover && organisation.settings.noApprover === 'refuse'
  const passes = isCovered(plan) || (lacksApprover && !isRefused)
  const approvalType = passes ? 'AUTO_APPROVED' : planned
  return {
    ...showPlan(facts, { plan, rule, version: policy?.version ?? 0 }),
    approvalType,
    status: isRefused ? 'REFUSED' : initialStatus(approvalType),
  }
}

/** @throws AppError 404 */
export async function lockOwnBooking(change: Change, actor: Actor, id: string): Promise<BookingRow> {
  const booking = await lockBooking(change.db, actor.orgId, id)
  if (!booking) throw notFound('Booking')
  return booking
}
