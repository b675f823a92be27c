// Giving a booking a resource and a driver for its time: what is in the way, and what the organisation says to that.

import { AppError } from '../../kit/declare/errors.ts'
import type { Change } from '../../kit/store/change.ts'
import { getOrganisation } from '../../organisations/queries.ts'
import type { Resource } from '../../resources/schema.ts'
import { listConflicts } from '../availability.ts'
import { conflictText, crowdText, mustBeFree } from '../rules.ts'
import type { AssignedBooking, Booking } from '../schema.ts'
import { multirangeOf, spansOf, usualMinutes, wholeOf, withBuffer } from '../span.ts'
import { lockSchedules, type BookingRow, type Claim } from '../table.ts'

interface Claimed {
  times: Claim & Pick<Booking, 'durationMinutes' | 'startsAt' | 'endsAt'>
  warnings: NonNullable<AssignedBooking['warnings']>
}

/** @throws AppError 409 unless the organisation lets it pass */
export async function claimTimes(
  change: Change,
  booking: BookingRow,
  resource: Resource,
  driverId: string | null,
): Promise<Claimed> {
  await lockSchedules(change.db, driverId ? [resource.id, driverId] : [resource.id])
  const organisation = await getOrganisation(change.db, booking.orgId)
  const durationMinutes = booking.durationMinutes ?? usualMinutes(booking.bookingType, organisation)
  const spans = spansOf(booking, durationMinutes, organisation.timezone)
  const whole = wholeOf(spans)
  const [span, held] = [multirangeOf(spans), multirangeOf(withBuffer(spans, resource.bufferMinutes))]
  const conflicts = await listConflicts(change.db, booking, { resourceId: resource.id, driverId, span, held })
  const crowd = crowdText(booking, resource)
  const times = { durationMinutes, ...whole, span, held }
  if (organisation.settings.conflicts !== 'warn') {
    mustBeFree(conflicts)
    if (crowd) throw new AppError(409, 'over_capacity', crowd)
    return { times: { ...times, isExclusive: true }, warnings: [] }
  }
  return {
    times: { ...times, isExclusive: conflicts.length === 0 },
    warnings: [
      ...(conflicts.length > 0
        ? [{ code: 'conflict' as const, detail: conflictText(conflicts), conflicts }]
        : []),
      ...(crowd ? [{ code: 'over_capacity' as const, detail: crowd }] : []),
    ],
  }
}
