// Giving a booking what serves it and who drives it; and, with a reason, somebody or something else instead.

import type { Change } from '../../kit/store/change.ts'
import { changedMeanwhile, conflict, forbidden, invalid } from '../../kit/declare/errors.ts'
import { notify } from '../../notifications/actions/notify.ts'
import { personIdOf, type Actor } from '../../organisations/roles.ts'
import { lockResourceForWork } from '../../resources/actions.ts'
import { isOutOfService, type Resource } from '../../resources/schema.ts'
import { lockUserForWork } from '../../users/actions/hold.ts'
import type { User } from '../../users/schema.ts'
import { getBooking, toBooking } from '../queries.ts'
import { mayDispatch, mustBecome, mustBeServed, mustSuit } from '../rules.ts'
import type { AssignedBooking, Booking, DriverAssignment, NewAssignment } from '../schema.ts'
import type { BookingRow, MovedBooking } from '../table.ts'
import { claimTimes } from './claim.ts'
import { bookingLabel, bookingNoticeFor, lockFor, saveBooking, type BookingRef } from './move.ts'
import { followAssignment } from './room.ts'

export async function assignBooking(
  change: Change,
  actor: Actor,
  which: BookingRef,
  assignment: DriverAssignment,
): Promise<AssignedBooking> {
  const held = await lockBoth(change, actor, assignment)
  const booking = await lockFor(change, actor, which, mayDispatch)
  mustBecome(booking, 'ASSIGNED')
  return giveTo(change, actor, booking, held, { status: 'ASSIGNED' })
}

/** Of a trip that is assigned, or runs. @throws AppError 404, 403, 409 with what is in the way, 412, 422 */
export async function reassignBooking(
  change: Change,
  actor: Actor,
  which: BookingRef,
  { resourceId, driverId, reason }: NewAssignment,
): Promise<AssignedBooking> {
  const seen = await getBooking(change.db, actor, which.id, change.now)
  if (!mayDispatch(actor)) throw forbidden('You may not do this with the booking')
  const served = mustBeServed(seen)
  const held = await lockBoth(change, actor, {
    resourceId: resourceId ?? served.resourceId,
    driverId: driverId ?? served.driverId,
  })
  const booking = await lockFor(change, actor, which, mayDispatch)
  if (booking.version !== seen.version) throw changedMeanwhile('booking', booking.version, seen.version)
  return giveTo(change, actor, booking, held, {
    status: booking.status,
    reassignedById: personIdOf(actor) ?? null,
    reassignmentReason: reason,
  })
}

interface Held {
  asked: DriverAssignment
  driver: User | undefined
  resource: Resource | undefined
}

/** Before the booking is locked, in the order of whoever sends them away. */
async function lockBoth(change: Change, { orgId }: Actor, asked: DriverAssignment): Promise<Held> {
  const driver = asked.driverId ? await lockUserForWork(change, orgId, asked.driverId) : undefined
  const resource = await lockResourceForWork(change, orgId, asked.resourceId)
  return { asked, driver, resource }
}

async function giveTo(
  change: Change,
  actor: Actor,
  booking: BookingRow,
  held: Held,
  fields: Pick<Booking, 'status'> & Partial<Booking>,
): Promise<AssignedBooking> {
  const { driver, resource } = mustServe(booking, held)
  const driverId = driver?.id ?? null
  const { times, warnings } = await claimTimes(change, booking, resource, driverId)
  const moved = await saveBooking(
    change,
    personIdOf(actor),
    booking,
    { ...fields, assignedResourceId: resource.id, assignedDriverId: driverId, ...times },
    fields.reassignmentReason ? 'booking_reassigned' : 'booking_assigned',
  )
  tellAssigned(change, booking, moved, { driver, resource, reason: fields.reassignmentReason })
  await followAssignment(change, actor, booking, moved)
  return { ...toBooking(moved), ...(warnings.length > 0 && { warnings }) }
}

/** Who and what serves it already stays, whatever became of them. @throws AppError 409, 422 */
function mustServe(
  booking: BookingRow,
  { asked, driver, resource }: Held,
): { driver: User | undefined; resource: Resource } {
  if (!resource) throw invalid('resourceId: there is no such resource')
  if (resource.id !== booking.assignedResourceId && isOutOfService(resource.status))
    throw conflict(`${resource.name} is ${resource.status} and cannot be assigned`)
  mustSuit(booking, resource)
  if (!asked.driverId && resource.needsDriver) throw invalid(`driverId: ${resource.name} needs a driver`)
  const drives = driver?.role === 'DRIVER' && driver.isActive
  if (asked.driverId && !(drives || asked.driverId === booking.assignedDriverId))
    throw invalid('driverId: there is no such driver')
  return { driver, resource }
}

/** Whoever asked for it, whoever drives it now, and whoever was to. */
function tellAssigned(
  change: Change,
  before: BookingRow,
  moved: MovedBooking,
  {
    driver,
    resource,
    reason,
  }: { driver: User | undefined; resource: Resource; reason: string | null | undefined },
): void {
  const parameters = {
    ...bookingLabel(moved),
    time: moved.scheduledTime,
    resource: resource.name,
    driver: driver?.fullName ?? NOBODY,
  }
  const people = [moved.requesterId, driver?.id, before.assignedDriverId]
  for (const userId of new Set(people.flatMap((id) => id ?? []))) {
    const notice = { ...bookingNoticeFor(moved, userId), ...(driver && { people: [driver.id] }) }
    if (reason)
      notify(change, { ...notice, type: 'BOOKING_REASSIGNED', parameters: { ...parameters, reason } })
    else notify(change, { ...notice, type: 'BOOKING_ASSIGNED', parameters })
  }
}

/** What stands for a driver's name where nobody drives, in every language. */
const NOBODY = '–'
