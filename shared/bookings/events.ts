import { declareFact, roleChannel, userChannel } from '../kit/declare/event.ts'
import { isStaff, STAFF_ROLES, type Role } from '../organisations/roles.ts'
import { Booking } from './schema.ts'
import type { BookingRow } from './table.ts'

export const bookingCreatedEvent = declareFact(
  'booking.created',
  Booking,
  'A booking was asked for; to the requester and the staff.',
)
export const bookingChangedEvent = declareFact(
  'booking.changed',
  Booking,
  'A booking moved; to the requester, the driver and the staff. Apply it when its version is newer than yours.',
)

/**
 * Requester and driver on their own channels, the staff on its roles'. A requester of the staff is left to the role's
 * channel, so that nobody hears it twice.
 */
export function bookingChannels(
  booking: BookingRow,
  requesterRole: Role,
  formerDriverId?: string | null,
): string[] {
  const requesterId = isStaff(requesterRole) ? null : booking.requesterId
  return [
    ...[requesterId, booking.assignedDriverId, formerDriverId].flatMap((id) => (id ? [userChannel(id)] : [])),
    ...STAFF_ROLES.map((role) => roleChannel(booking.orgId, role)),
  ]
}
