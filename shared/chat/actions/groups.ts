// Groups: many people under a name, governed by ADMINs and by whom the group's permissions name.

import { recordAudit } from '../../audit/actions.ts'
import type { AuditAction } from '../../audit/sentences.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import { changedMeanwhile, conflict, forbidden, invalid, notFound } from '../../kit/declare/errors.ts'
import { listActiveAmong } from '../../users/queries.ts'
import type { Actor } from '../../organisations/roles.ts'
import { roomChangedEvent } from '../events.ts'
import { findRoom } from '../queries/rooms.ts'
import { DEFAULT_PERMISSIONS, mayGovern, mustConverse } from '../rules.ts'
import { MAX_GROUP, type GroupPatch, type NewGroup, type Room, type RoomPermissions } from '../schema.ts'
import { lockRoom, updateRoom } from '../table/rooms.ts'
import { addMember, removeMember } from './members.ts'
import { openRoom } from './rooms.ts'
import { recordRoomEvent } from './publish.ts'

export async function createGroup(change: Change, actor: Actor, ask: NewGroup): Promise<Room> {
  const memberIds = (ask.memberIds ?? []).filter((userId) => userId !== actor.id)
  await mustBeColleagues(change, actor, memberIds)
  const members = [
    { userId: actor.id, roleInRoom: 'admin' },
    ...memberIds.map((userId) => ({ userId, roleInRoom: 'member' })),
  ]
  const id = await openRoom(
    change,
    {
      orgId: actor.orgId,
      kind: 'GROUP',
      type: ask.type ?? 'custom',
      name: ask.name.trim(),
      description: ask.description ?? null,
      avatar: ask.avatar ?? null,
      permissions: { ...DEFAULT_PERMISSIONS, ...ask.permissions },
    },
    members,
    actor.id,
  )
  return getGroup(change, actor, id)
}

/** For its members and ADMINs. @throws AppError 404 */
export async function getGroup(reading: Reading, actor: Actor, id: string): Promise<Room> {
  const room = await findRoom(reading.db, actor.orgId, id)
  const isForThem = room?.kind === 'GROUP' && (actor.role === 'ADMIN' || isIn(room, actor.id))
  if (!room || !isForThem) throw notFound('Group')
  return room
}

/** @throws AppError 404, 403, 409 when it is closed, 412 */
export async function changeGroup(
  change: Change,
  actor: Actor,
  id: string,
  patch: GroupPatch,
  ifMatch: number | undefined,
): Promise<Room> {
  const group = await lockGroup(change, actor, id, 'canRemoveMembers')
  mustBeOpen(group)
  if (ifMatch !== undefined && ifMatch !== group.version)
    throw changedMeanwhile('group', group.version, ifMatch)
  const permissions: RoomPermissions | undefined = patch.permissions && {
    ...DEFAULT_PERMISSIONS,
    ...group.permissions,
    ...patch.permissions,
  }
  await updateRoom(
    change.db,
    id,
    { ...patch, ...(patch.name && { name: patch.name.trim() }), permissions },
    change.now,
  )
  await recordRoomEvent(change, id, roomChangedEvent)
  recordOn(change, actor, group, 'group_changed', Object.keys(patch))
  return getGroup(change, actor, id)
}

/** Nobody writes in it any more; what was said stays with its members. @throws AppError 404, 403 */
export async function deleteGroup(change: Change, actor: Actor, id: string): Promise<Room> {
  const group = await lockGroup(change, actor, id, 'canRemoveMembers')
  if (group.status === 'CLOSED') throw notFound('Group')
  await updateRoom(change.db, id, { status: 'CLOSED' }, change.now)
  await recordRoomEvent(change, id, roomChangedEvent)
  recordOn(change, actor, group, 'group_deleted')
  return getGroup(change, actor, id)
}

/** Twice is once. @throws AppError 404, 403, 409 when it is full or closed */
export async function addGroupMember(
  change: Change,
  actor: Actor,
  id: string,
  userId: string,
): Promise<Room> {
  const group = await lockGroup(change, actor, id, 'canAddMembers')
  mustBeOpen(group)
  if (group.members.length >= MAX_GROUP && !isIn(group, userId))
    throw conflict(`A group takes ${MAX_GROUP} members`)
  await mustBeColleagues(change, actor, [userId])
  await addMember(
    change,
    { orgId: actor.orgId, roomId: id, actorId: actor.id },
    { userId, roleInRoom: 'member' },
  )
  return (await findRoom(change.db, actor.orgId, id)) ?? group
}

/** @throws AppError 404, also for whoever is not in it, 403 */
export async function removeGroupMember(
  change: Change,
  actor: Actor,
  id: string,
  userId: string,
): Promise<Room> {
  const group = await lockGroup(change, actor, id, 'canRemoveMembers')
  if (!(await removeMember(change, { orgId: actor.orgId, roomId: id, actorId: actor.id }, userId)))
    throw notFound('Member')
  return { ...((await findRoom(change.db, actor.orgId, id)) ?? group) }
}

/** @throws AppError 404 for whoever is not in it */
export async function leaveGroup(change: Change, actor: Actor, id: string): Promise<{ success: true }> {
  const group = await getGroup(change, actor, id)
  await lockRoom(change.db, actor.orgId, group.id)
  if (!(await removeMember(change, { orgId: actor.orgId, roomId: id, actorId: actor.id }, actor.id)))
    throw notFound('Group')
  return { success: true }
}

async function lockGroup(
  change: Change,
  actor: Actor,
  id: string,
  power: keyof RoomPermissions,
): Promise<Room> {
  await lockRoom(change.db, actor.orgId, id)
  const found = await findRoom(change.db, actor.orgId, id)
  // Who may do it may know of it, and everybody else only from inside.
  const group =
    found?.kind === 'GROUP' && mayGovern(actor, found, power) ? found : await getGroup(change, actor, id)
  if (!mayGovern(actor, group, power)) throw forbidden('You may not do this with the group')
  return group
}

function mustBeOpen({ status }: Room): void {
  if (status === 'CLOSED') throw conflict('The group is CLOSED', 'room_not_active')
}

async function mustBeColleagues(change: Change, actor: Actor, userIds: readonly string[]): Promise<void> {
  const found = await listActiveAmong(change.db, actor.orgId, userIds)
  const missing = userIds.filter((userId) => !found.some(({ id }) => id === userId))
  if (missing.length > 0) throw invalid(`There is no such person: ${missing.join(', ')}`)
  mustConverse(...found)
}

function isIn(room: Room, userId: string): boolean {
  return room.members.some((member) => member.userId === userId)
}

function recordOn(change: Change, actor: Actor, group: Room, action: AuditAction, fields?: string[]): void {
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action,
    entity: 'room',
    entityId: group.id,
    metadata: { roomId: group.id, fields },
  })
}
