// What a calendar program takes from a mail about a trip: the trip as it is when the mail leaves.

import { findNamedTrip, type NamedTrip } from '../bookings/queries.ts'
import type { CalendarPart } from '../kit/outside/mailer.ts'
import type { Reading } from '../kit/store/change.ts'
import { writeInvitation } from '../kit/text/icalendar.ts'
import type { MailSubject } from '../notifications/delivery/prepare.ts'
import type { Addressee } from '../users/queries.ts'
import { entriesOf } from './entries.ts'

const TYPES: readonly string[] = [
  'BOOKING_APPROVED',
  'BOOKING_CONFIRMED',
  'BOOKING_ASSIGNED',
  'BOOKING_REASSIGNED',
  'BOOKING_CHANGED',
  'BOOKING_UNASSIGNED',
  'BOOKING_CANCELLED',
]

/** @returns undefined where there is nothing for a calendar: of a schedule over days, a feed tells (one mail is about one entry) */
export async function inviteToTrip(
  { db, config }: Reading,
  { type, bookingId, orgId }: MailSubject,
  reader: Addressee,
): Promise<CalendarPart | undefined> {
  if (!bookingId || !TYPES.includes(type)) return undefined
  const trip = await findNamedTrip(db, orgId, bookingId)
  const [entry, ...others] = trip ? entriesOf([trip], reader) : []
  if (!trip || !entry || others.length > 0) return undefined
  const method = isOver(trip, reader.id) ? 'CANCEL' : 'REQUEST'
  const content = writeInvitation(method === 'CANCEL' ? { ...entry, status: 'CANCELLED' } : entry, {
    method,
    organizer: { name: reader.orgName, address: addressIn(config.MAIL_FROM ?? '') },
    attendee: { name: reader.fullName, address: reader.email },
  })
  return { method, content }
}

/** For somebody who does not drive any more, too. */
function isOver({ status, requesterId, assignedDriverId }: NamedTrip, userId: string): boolean {
  return status === 'CANCELLED' || (userId !== requesterId && userId !== assignedDriverId)
}

/** @param mailbox an address, or a name and an address in angle brackets */
function addressIn(mailbox: string): string {
  return /<([^>]+)>/.exec(mailbox)?.[1] ?? mailbox
}
