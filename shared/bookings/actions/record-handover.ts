// What was found when a vehicle, or whatever serves a trip, was taken over and given back.

import { attachFiles } from '../../files/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { changedMeanwhile, conflict, invalid } from '../../kit/declare/errors.ts'
import { personIdOf, type Actor } from '../../organisations/roles.ts'
import { readOdometer } from '../../resources/actions.ts'
import { getBooking, toBooking } from '../queries.ts'
import { mayDrive, momentOf } from '../rules.ts'
import type { Booking, NewHandover } from '../schema.ts'
import { lockFor, saveBooking, type BookingRef } from './move.ts'

/** Of one booking; what is added to it later corrects what stands there. */
const MOST = 20

/** Whoever drives it, or the staff. @throws AppError 404, 403, 409, 412, 422 when the odometer runs back */
export async function recordHandover(
  change: Change,
  actor: Actor,
  which: BookingRef,
  { moment, odometerKm, level, note, attachments }: NewHandover,
): Promise<Booking> {
  if (
    [odometerKm, level, note?.trim() || undefined, attachments?.at(0)].every((found) => found === undefined)
  )
    throw invalid('A hand-over says something: odometerKm, level, note or attachments')
  const seen = await getBooking(change.db, actor, which.id, change.now)
  // Before the booking, as whoever assigns it does.
  if (seen.assignedResourceId && odometerKm !== undefined)
    await readOdometer(change, actor.orgId, seen.assignedResourceId, odometerKm)
  const booking = await lockFor(change, actor, which, mayDrive)
  const { assignedResourceId: resourceId, handovers } = booking
  if (resourceId !== seen.assignedResourceId) throw changedMeanwhile('booking', booking.version, seen.version)
  const found = momentOf(booking, moment)
  if (!resourceId) throw conflict('Nothing is assigned that could be handed over')
  if (handovers.length >= MOST) throw conflict(`A booking has ${MOST} hand-overs at most`)

  const files = await attachFiles(change, actor, attachments ?? [], { bookingId: booking.id })
  const handover = {
    moment: found,
    at: change.now,
    byId: personIdOf(actor) ?? null,
    resourceId,
    odometerKm: odometerKm ?? null,
    level: level ?? null,
    note: note ?? null,
    attachments: files,
  }
  const patch = { handovers: [...handovers, handover] }
  return toBooking(await saveBooking(change, personIdOf(actor), booking, patch, 'booking_handed_over'))
}
