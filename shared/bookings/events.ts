import type { Db } from '../kit/store/db.ts'
import { declareEvent, roleChannel, userChannel } from '../kit/declare/event.ts'
import { getPersonBrief } from '../users/queries.ts'
import { isStaff, STAFF_ROLES } from '../organisations/roles.ts'
import { Booking } from './schema.ts'
import type { BookingRow } from './table.ts'

export const bookingCreatedEvent = declareEvent(
  'booking.created',
  Booking,
  'A booking was asked for; to the requester and the staff.',
)
export const bookingChangedEvent = declareEvent(
  'booking.changed',
  Booking,
  'A booking moved; to the requester, the driver and the staff. Apply it when its version is newer than yours.',
)

/**
 * Requester and driver on their own channels, the staff on its roles'. A requester of the staff is left to the role's
 * channel, so that nobody hears it twice.
 */
export async function bookingChannels(
  db: Db,
  booking: BookingRow,
  formerDriverId?: string | null,
): Promise<string[]> {
  const requester = await getPersonBrief(db, booking.orgId, booking.requesterId)
  const people = [isStaff(requester.role) ? null : requester.id, booking.assignedDriverId, formerDriverId]
  return [
    ...people.flatMap((id) => (id ? [userChannel(id)] : [])),
    ...STAFF_ROLES.map((role) => roleChannel(booking.orgId, role)),
  ]
}
