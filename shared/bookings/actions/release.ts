// What becomes of bookings when somebody or something they need is gone: trips go back to be assigned anew, and what waits for
// the approval of somebody's request is withdrawn with them.

import type { Change } from '../../kit/store/change.ts'
import { notify } from '../../notifications/actions/notify.ts'
import type { Deed } from '../../notifications/schema.ts'
import { addResource, changeResource } from '../../resources/actions.ts'
import {
  isOutOfService,
  type NewResource,
  type Resource,
  type ResourcePatch,
} from '../../resources/schema.ts'
import { listActiveIdsByRole } from '../../users/queries.ts'
import type { Locale } from '../../organisations/schema.ts'
import { mustBecome } from '../rules.ts'
import { listTripsUnderWay } from '../queries.ts'
import { lockAskedBy, lockComing, type BookingRow } from '../table.ts'
import { bookingNoticeFor, cancelLocked, bookingLabel, saveBooking } from './move.ts'
import { offerResource } from './line.ts'
import { followRelease } from './room.ts'
import { personIdOf, STAFF_ROLES, type Actor } from '../../organisations/roles.ts'
import { getOrganisation } from '../../organisations/queries.ts'

interface By {
  orgId: string
  /** Absent: the system. */
  actorId?: string | undefined
}

/** What is new may be what somebody waits for. */
export async function addServing(change: Change, actor: Actor, ask: NewResource): Promise<Resource> {
  const resource = await addResource(change, actor, ask)
  await offerResource(change, actor.orgId, resource.id)
  return resource
}

/** What cannot serve gives its coming trips back. @throws AppError 404 */
export async function changeServing(
  change: Change,
  actor: Actor,
  id: string,
  patch: ResourcePatch,
): Promise<Resource> {
  const resource = await changeResource(change, actor, id, patch)
  if (!isOutOfService(resource.status)) await offerResource(change, actor.orgId, id)
  else
    await releaseTrips(
      change,
      { orgId: actor.orgId, actorId: personIdOf(actor) },
      { assignedResourceId: id },
      resource.name,
    )
  return resource
}

/** Bookings of the past keep naming it, so it stays, INACTIVE. @throws AppError 404 */
export async function retireServing(change: Change, actor: Actor, id: string): Promise<Resource> {
  return changeServing(change, actor, id, { status: 'INACTIVE' })
}

/**
 * Its coming trips are PENDING again, what is under way goes on: requester, whoever was to drive, and the staff are told.
 * @param name of what or who is gone
 */
export async function releaseTrips(
  change: Change,
  by: By,
  which: { assignedDriverId: string } | { assignedResourceId: string },
  name: string,
): Promise<void> {
  const trips = await lockComing(change.db, { orgId: by.orgId, ...which }, change.now)
  for (const trip of trips) await releaseTrip(change, by.actorId, trip, name)
  await tellStaff(change, by, 'TRIPS_UNASSIGNED', trips, name)
  for (const trip of await listTripsUnderWay(change.db, { orgId: by.orgId, ...which }))
    await tellInterrupted(change, by, trip, name)
}

/** Who is on the road is not brought home by a word in a table: the staff finds them another vehicle or driver, or ends the trip. */
async function tellInterrupted(
  change: Change,
  { actorId }: By,
  trip: BookingRow,
  name: string,
): Promise<void> {
  const staff = await listActiveIdsByRole(change.db, trip.orgId, STAFF_ROLES)
  const people = new Set([
    trip.requesterId,
    ...(trip.assignedDriverId ? [trip.assignedDriverId] : []),
    ...staff,
  ])
  for (const userId of [...people].filter((each) => each !== actorId))
    notify(change, {
      ...bookingNoticeFor(trip, userId),
      type: 'TRIP_INTERRUPTED',
      asks: [`assignment:${trip.id}`],
      parameters: { code: trip.bookingCode, subject: name },
    })
}

async function releaseTrip(
  change: Change,
  actorId: string | undefined,
  trip: BookingRow,
  name: string,
): Promise<void> {
  mustBecome(trip, 'PENDING')
  const moved = await saveBooking(change, actorId, trip, {
    status: 'PENDING',
    assignedResourceId: null,
    assignedDriverId: null,
  })
  const people = new Set([trip.requesterId, trip.assignedDriverId ?? trip.requesterId])
  for (const userId of people)
    notify(change, {
      ...bookingNoticeFor(moved, userId),
      type: 'BOOKING_UNASSIGNED',
      parameters: { ...bookingLabel(moved), time: moved.scheduledTime, subject: name },
    })
  await followRelease(change, actorId, trip, moved)
}

const LEFT: Readonly<Record<Locale, string>> = {
  vi: 'Người yêu cầu không còn ở tổ chức',
  en: 'The requester has left',
}

/**
 * Of somebody who left: what waits for an approval is cancelled. What was approved stands, for others may
 * travel too; the staff is told to look.
 */
export async function withdrawRequestsOf(
  change: Change,
  by: By,
  requester: { id: string; fullName: string },
): Promise<void> {
  const asked = await lockAskedBy(change.db, by.orgId, requester.id)
  const isWaiting = ({ status }: BookingRow): boolean => status === 'PENDING_APPROVAL'
  const { locale } = await getOrganisation(change.db, by.orgId)
  for (const booking of asked.filter(isWaiting))
    await cancelLocked(change, by.actorId, booking, { reason: 'OTHER', notes: LEFT[locale] })
  await tellStaff(
    change,
    by,
    'REQUESTER_LEFT',
    asked.filter((each) => !isWaiting(each)),
    requester.fullName,
  )
}

/** As many as a notification names. */
const NAMED = 10

/** One notification for all of them. Nobody is told what they did themselves. */
async function tellStaff(
  change: Change,
  { orgId, actorId }: By,
  type: 'TRIPS_UNASSIGNED' | 'REQUESTER_LEFT',
  bookings: readonly BookingRow[],
  subject: string,
): Promise<void> {
  if (bookings.length === 0) return
  const text = bookings
    .slice(0, NAMED)
    .map(({ bookingCode }) => bookingCode)
    .join(', ')
  const staff = await listActiveIdsByRole(change.db, orgId, STAFF_ROLES)
  const asks = bookings.map(({ id }): Deed => `${type === 'REQUESTER_LEFT' ? 'review' : 'assignment'}:${id}`)
  for (const userId of staff.filter((each) => each !== actorId)) {
    notify(change, {
      orgId,
      userId,
      type,
      asks,
      data: { bookingIds: bookings.map(({ id }) => id) },
      parameters: { subject, number: String(bookings.length), text },
    })
  }
}
