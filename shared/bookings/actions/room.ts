// The chat room of a trip: what becomes of it as the booking moves along.

import { addMember, removeMember } from '../../chat/actions/members.ts'
import { lockRoomByKey, openRoom, setRoomStatus } from '../../chat/actions/rooms.ts'
import { getOwnRoom } from '../../chat/queries/rooms.ts'
import type { OwnRoom } from '../../chat/schema.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, notFound } from '../../kit/declare/errors.ts'
import { personIdOf, type Actor } from '../../organisations/roles.ts'
import type { BookingRow } from '../table.ts'
import { lockOwnBooking } from './request.ts'

/** Of its participants, who need a driver to be two. @throws AppError 404 for anybody else, 409 before there is a driver */
export async function getBookingRoom(change: Change, actor: Actor, bookingId: string): Promise<OwnRoom> {
  const booking = await lockOwnBooking(change, actor, bookingId)
  if (booking.requesterId !== actor.id && booking.assignedDriverId !== actor.id) throw notFound('Booking')
  if (!booking.assignedDriverId) throw conflict('No driver is assigned yet', 'no_driver')
  const id = await openRoomOf(change, { ...booking, assignedDriverId: booking.assignedDriverId }, actor.id)
  // Of a trip that is over the room is, too, though nobody asked for it before.
  await followEnd(change, booking)
  return getOwnRoom(change.db, actor, id)
}

/** A schedule over days has its room from the start; other trips, once somebody asks for it. A new driver takes the old one's place. */
export async function followAssignment(
  change: Change,
  actor: Actor,
  before: BookingRow,
  moved: BookingRow,
): Promise<void> {
  if (before.assignedDriverId !== moved.assignedDriverId)
    await replaceDriver(change, personIdOf(actor), moved, before.assignedDriverId)
  const { assignedDriverId } = moved
  if (moved.bookingType === 'BLOCK_SCHEDULE' && assignedDriverId)
    await openRoomOf(change, { ...moved, assignedDriverId }, personIdOf(actor))
}

/** Nobody drives it for now. */
export async function followRelease(
  change: Change,
  actorId: string | undefined,
  before: BookingRow,
  moved: BookingRow,
): Promise<void> {
  await replaceDriver(change, actorId, moved, before.assignedDriverId)
}

export async function followEnd(change: Change, moved: BookingRow): Promise<void> {
  if (moved.status === 'COMPLETED') await endRoomOf(change, moved, 'ARCHIVED')
  if (moved.status === 'CANCELLED') await endRoomOf(change, moved, 'CLOSED')
}

async function endRoomOf(
  change: Change,
  { orgId, id }: BookingRow,
  status: 'ARCHIVED' | 'CLOSED',
): Promise<void> {
  const roomId = await lockRoomByKey(change, orgId, keyOf(id))
  if (roomId) await setRoomStatus(change, orgId, roomId, status)
}

const keyOf = (bookingId: string): string => `booking|${bookingId}`

async function replaceDriver(
  change: Change,
  actorId: string | undefined,
  moved: BookingRow,
  formerId: string | null,
): Promise<void> {
  const roomId = await lockRoomByKey(change, moved.orgId, keyOf(moved.id))
  if (!roomId) return
  const where = { orgId: moved.orgId, roomId, ...(actorId && { actorId }) }
  // Who drove and asked for the trip stays, as who asked for it.
  if (formerId && formerId !== moved.requesterId) await removeMember(change, where, formerId)
  if (moved.assignedDriverId)
    await addMember(change, where, { userId: moved.assignedDriverId, roleInRoom: 'driver' })
}

function openRoomOf(
  change: Change,
  { orgId, id, bookingCode, requesterId, assignedDriverId }: BookingRow & { assignedDriverId: string },
  actorId: string | undefined,
): Promise<string> {
  const members = [
    { userId: requesterId, roleInRoom: 'requester' },
    { userId: assignedDriverId, roleInRoom: 'driver' },
  ]
  return openRoom(
    change,
    { orgId, kind: 'BOOKING', name: bookingCode, bookingId: id, onlyKey: keyOf(id) },
    members,
    actorId,
  )
}
