// Moving a booking along: dispatching it, driving it, ending it. Each verb names who may, the next state, and who is told.

import { emitFact } from '../../notifications/actions/facts.ts'
import { lockDecisionsAbout, withdrawApproval } from '../../approvals/actions/decide.ts'
import { recordAudit } from '../../audit/actions.ts'
import type { AuditAction } from '../../audit/sentences.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, forbidden, notFound } from '../../kit/declare/errors.ts'
import { toLower } from '../../kit/text/fold.ts'
import { notify, settleNotifications } from '../../notifications/actions/notify.ts'
import { personIdOf, type Actor } from '../../organisations/roles.ts'
import { bookingChangedEvent, bookingChannels } from '../events.ts'
import { maySeeBooking, toBooking } from '../queries.ts'
import { givesBack, mayCancel, mayDispatch, mayDrive, mustBecome, mustMatchVersion } from '../rules.ts'
import type { Booking, Cancellation } from '../schema.ts'
import { detailsOf, subjectOf } from '../subject.ts'
import { updateBooking, type BookingRow, type Claim, type MovedBooking } from '../table.ts'
import { offerResource, tellWaiting, waitingSinceOf } from './line.ts'
import { lockOwnBooking } from './request.ts'
import { followEnd } from './room.ts'

type May = (actor: Actor, booking: BookingRow) => boolean

/** Which booking, and the version the client saw of it. */
export interface BookingRef {
  id: string
  ifMatch: number | undefined
}

export async function confirmBooking(change: Change, actor: Actor, which: BookingRef): Promise<Booking> {
  const booking = await lockFor(change, actor, which, mayDispatch)
  mustBecome(booking, 'CONFIRMED')
  const moved = await saveBooking(change, personIdOf(actor), booking, { status: 'CONFIRMED' })
  notify(change, {
    ...bookingNoticeFor(moved, moved.requesterId),
    type: 'BOOKING_CONFIRMED',
    parameters: { ...bookingLabel(moved), time: moved.scheduledTime },
  })
  return toBooking(moved)
}

/** Changes no state: it only tells, so it only asks that a trip is ahead. */
export async function announceArrival(change: Change, actor: Actor, which: BookingRef): Promise<Booking> {
  const booking = await lockFor(change, actor, which, mayDrive)
  if (booking.status !== 'ASSIGNED')
    throw conflict(
      `A booking that is ${booking.status} has no vehicle arriving; it must be ASSIGNED`,
      'impossible_transition',
    )
  recordMove(change, personIdOf(actor), booking, 'vehicle_arriving')
  notify(change, {
    ...bookingNoticeFor(booking, booking.requesterId),
    type: 'VEHICLE_ARRIVING',
    parameters: { code: booking.bookingCode },
  })
  return toBooking(booking)
}

export async function startTrip(change: Change, actor: Actor, which: BookingRef): Promise<Booking> {
  return drive(change, actor, which, 'IN_PROGRESS', 'TRIP_STARTED')
}

export async function completeTrip(change: Change, actor: Actor, which: BookingRef): Promise<Booking> {
  return drive(change, actor, which, 'COMPLETED', 'TRIP_COMPLETED')
}

async function drive(
  change: Change,
  actor: Actor,
  which: BookingRef,
  status: 'IN_PROGRESS' | 'COMPLETED',
  type: 'TRIP_STARTED' | 'TRIP_COMPLETED',
): Promise<Booking> {
  const booking = await lockFor(change, actor, which, mayDrive)
  mustBecome(booking, status)
  const moved = await saveBooking(change, personIdOf(actor), booking, {
    status,
    ...(status === 'IN_PROGRESS' ? { startedAt: change.now } : { completedAt: endOf(booking, change.now) }),
  })
  notify(change, {
    ...bookingNoticeFor(moved, moved.requesterId),
    type,
    parameters: { code: moved.bookingCode },
  })
  await followEnd(change, moved)
  return toBooking(moved)
}

/** No trip ends before it began, though the clocks of two processes say so. */
const endOf = ({ startedAt }: BookingRow, now: Date): Date => (startedAt && startedAt > now ? startedAt : now)

export async function redirectBooking(change: Change, actor: Actor, which: BookingRef): Promise<Booking> {
  const booking = await lockFor(change, actor, which, mayDispatch)
  mustBecome(booking, 'REDIRECTED_EXTERNAL')
  const moved = await saveBooking(change, personIdOf(actor), booking, { status: 'REDIRECTED_EXTERNAL' })
  notify(change, {
    ...bookingNoticeFor(moved, moved.requesterId),
    type: 'BOOKING_REDIRECTED',
    parameters: bookingLabel(moved),
  })
  return toBooking(moved)
}

export async function cancelBooking(
  change: Change,
  actor: Actor,
  which: BookingRef,
  { reason, notes }: Cancellation,
): Promise<Booking> {
  await lockDecisionsAbout(change, which.id)
  const booking = await lockFor(change, actor, which, mayCancel)
  mustBecome(booking, 'CANCELLED')
  return cancelLocked(change, personIdOf(actor), booking, { reason, notes })
}

/** @param actorId absent: the system */
export async function cancelLocked(
  change: Change,
  actorId: string | undefined,
  booking: BookingRow,
  { reason, notes }: Cancellation,
): Promise<Booking> {
  const moved = await saveBooking(change, actorId, booking, {
    status: 'CANCELLED',
    cancelledAt: change.now,
    cancelledById: actorId ?? null,
    cancellationReason: reason,
    cancellationNotes: notes ?? null,
  })
  if (booking.status === 'PENDING_APPROVAL') {
    await withdrawApproval(change, actorId, {
      orgId: booking.orgId,
      subject: subjectOf(booking),
      details: detailsOf(booking),
      notes,
      requesterId: booking.requesterId,
      approvalType: 'MANAGER_APPROVAL',
    })
  }
  for (const userId of concerned(moved, actorId))
    notify(change, {
      ...bookingNoticeFor(moved, userId),
      type: 'BOOKING_CANCELLED',
      parameters: { ...bookingLabel(moved), reason },
    })
  await followEnd(change, moved)
  return toBooking(moved)
}

/** Nobody is told what they did themselves. */
function concerned(booking: BookingRow, actorId: string | undefined): string[] {
  return [...new Set([booking.requesterId, booking.assignedDriverId])].filter(
    (id): id is string => id !== null && id !== actorId,
  )
}

/** @throws AppError 404 for whom it does not concern, 403 for whom it does, but who may not, 412 when it changed meanwhile */
export async function lockFor(
  change: Change,
  actor: Actor,
  { id, ifMatch }: BookingRef,
  may: May,
): Promise<BookingRow> {
  const booking = await lockOwnBooking(change, actor, id)
  if (!(await maySeeBooking(change.db, actor, booking, change.now))) throw notFound('Booking')
  if (!may(actor, booking)) throw forbidden('You may not do this with the booking')
  mustMatchVersion(booking, ifMatch)
  return booking
}

/** @param actorId absent: the system */
export async function saveBooking(
  change: Change,
  actorId: string | undefined,
  booking: BookingRow,
  patch: Partial<Booking & Claim>,
  action?: AuditAction,
): Promise<MovedBooking> {
  const waitingSince = await waitingSinceOf(change, { ...booking, ...patch })
  const moved = await updateBooking(change.db, booking.id, { ...patch, waitingSince }, change.now)
  tellWaiting(change, booking, moved)
  if (booking.assignedResourceId && givesBack(booking, moved))
    await offerResource(change, booking.orgId, booking.assignedResourceId)
  emitFact(
    change,
    bookingChangedEvent,
    moved,
    bookingChannels(moved, moved.requesterRole, booking.assignedDriverId),
    toBooking(moved),
  )
  recordMove(change, actorId, moved, action ?? `booking_${toLower(moved.status)}`)
  if (moved.status !== 'PENDING')
    await settleNotifications(change, [
      `review:${moved.id}`,
      ...(moved.status === 'CONFIRMED' ? [] : [`assignment:${moved.id}` as const]),
    ])
  return moved
}

function recordMove(
  change: Change,
  actorId: string | undefined,
  booking: BookingRow,
  action: AuditAction,
): void {
  recordAudit(change, {
    orgId: booking.orgId,
    ...(actorId && { actorId }),
    action,
    entity: 'booking',
    entityId: booking.id,
    metadata: { code: booking.bookingCode, version: booking.version },
  })
}

export const bookingNoticeFor = (booking: BookingRow, userId: string) => ({
  orgId: booking.orgId,
  userId,
  bookingId: booking.id,
})
export const bookingLabel = (booking: BookingRow) => ({
  code: booking.bookingCode,
  date: booking.scheduledDate,
})
