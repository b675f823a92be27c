// Waiting for a resource: who asked for a kind of which none is free stands in line, and the first whom one can serve is told
// when it comes free.

import type { Change } from '../../kit/store/change.ts'
import { notify } from '../../notifications/actions/notify.ts'
import { getOrganisation } from '../../organisations/queries.ts'
import { STAFF_ROLES } from '../../organisations/roles.ts'
import { getResource } from '../../resources/queries.ts'
import { listActiveIdsByRole } from '../../users/queries.ts'
import { listFreeFor, listWaitingFor } from '../availability.ts'
import { isInLine } from '../rules.ts'
import type { Booking } from '../schema.ts'
import { multirangeOf, spansOf, usualMinutes } from '../span.ts'
import type { BookingRow } from '../table.ts'

/** So many of the line are looked at when something comes free. */
const MOST_ASKED = 10

/**
 * Costs two statements, of a booking that asks for a kind, and none of any other.
 * @returns since when it waits; null: it does not · @throws nothing else
 */
export async function waitingSinceOf(change: Change, booking: BookingRow): Promise<Date | null> {
  if (!isInLine(booking)) return null
  const free = await listFree(change, booking)
  return free.length > 0 ? null : (booking.waitingSince ?? change.now)
}

async function listFree(change: Change, booking: BookingRow): Promise<string[]> {
  const organisation = await getOrganisation(change.db, booking.orgId)
  const minutes = booking.durationMinutes ?? usualMinutes(booking.bookingType, organisation)
  return listFreeFor(change.db, booking, multirangeOf(spansOf(booking, minutes, organisation.timezone)))
}

/** Whoever asked is told once, when they begin to wait. */
export function tellWaiting(
  change: Change,
  before: Pick<Booking, 'waitingSince'>,
  booking: BookingRow,
): void {
  if (before.waitingSince || !booking.waitingSince) return
  notify(change, { ...noticeFor(booking, booking.requesterId), type: 'BOOKING_WAITING' })
}

/** Whoever has another one to take was told of that. */
export async function offerResource(change: Change, orgId: string, resourceId: string): Promise<void> {
  const line = await listWaitingFor(change.db, { orgId, resourceId }, change.now, MOST_ASKED)
  for (const booking of line) {
    const free = await listFree(change, booking)
    if (free.length === 1 && free[0] === resourceId) return tellFirst(change, booking, resourceId)
  }
}

async function tellFirst(change: Change, booking: BookingRow, resourceId: string): Promise<void> {
  const { name } = await getResource(change.db, booking.orgId, resourceId)
  const staff = await listActiveIdsByRole(change.db, booking.orgId, STAFF_ROLES)
  for (const userId of new Set([booking.requesterId, ...staff])) {
    const notice = noticeFor(booking, userId)
    notify(change, {
      ...notice,
      type: 'RESOURCE_FREE',
      parameters: { ...notice.parameters, resource: name },
      asks: [`assignment:${booking.id}`],
    })
  }
}

const noticeFor = ({ orgId, id, bookingCode, scheduledDate, scheduledTime }: BookingRow, userId: string) => ({
  orgId,
  userId,
  bookingId: id,
  parameters: { code: bookingCode, date: scheduledDate, time: scheduledTime },
})
