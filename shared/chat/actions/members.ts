// Coming into a room and going. Takes effect for open sockets in the room's own order (publish.ts).

import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { memberAddedEvent, memberRemovedEvent } from '../events.ts'
import { isStaff, type Actor } from '../../organisations/roles.ts'
import { deleteMember, insertMember, isOpenToStaff, lockRoom } from '../table/rooms.ts'
import type { NewMember } from './rooms.ts'
import { recordRoomEvent } from './publish.ts'

interface Where {
  orgId: string
  roomId: string
  /** Who does it; absent: the system. */
  actorId?: string
}

/** Who is in it already stays what they are. The caller holds the room's lock. */
export async function addMember(
  change: Change,
  { orgId, roomId, actorId }: Where,
  newcomer: NewMember,
): Promise<void> {
  if (!(await insertMember(change.db, roomId, newcomer, change.now))) return
  await recordRoomEvent(change, roomId, memberAddedEvent, newcomer.userId)
  recordAudit(change, {
    orgId,
    actorId,
    action: 'member_added',
    entity: 'room',
    entityId: roomId,
    metadata: { roomId, userId: newcomer.userId },
  })
}

/**
 * The staff come into a room that is open to them by what they do in it, or are brought in by each other.
 * @returns whether they are in it now
 */
export async function joinAsStaff(
  change: Change,
  actor: Actor,
  roomId: string,
  userId = actor.id,
): Promise<boolean> {
  if (!isStaff(actor.role) || !(await isOpenToStaff(change.db, actor.orgId, roomId))) return false
  await lockRoom(change.db, actor.orgId, roomId)
  await addMember(change, { orgId: actor.orgId, roomId, actorId: actor.id }, { userId, roleInRoom: 'staff' })
  return true
}

/** Somebody takes another's place, or an empty one, or leaves it empty. */
export async function replaceMember(
  change: Change,
  where: Where,
  formerId: string | null,
  newcomer: NewMember | null,
): Promise<void> {
  await lockRoom(change.db, where.orgId, where.roomId)
  if (formerId) await removeMember(change, where, formerId)
  if (newcomer) await addMember(change, where, newcomer)
}

/** The caller holds the room's lock. @returns whether they were in it */
export async function removeMember(
  change: Change,
  { orgId, roomId, actorId }: Where,
  userId: string,
): Promise<boolean> {
  if (!(await deleteMember(change.db, roomId, userId))) return false
  await recordRoomEvent(change, roomId, memberRemovedEvent, userId)
  recordAudit(change, {
    orgId,
    actorId,
    action: 'member_removed',
    entity: 'room',
    entityId: roomId,
    metadata: { roomId, userId },
  })
  return true
}
