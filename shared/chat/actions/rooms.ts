// Rooms: how they come to be, one of a kind where there is to be one, and how they end.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { forbidden, invalid, notFound } from '../../kit/declare/errors.ts'
import { toLower } from '../../kit/text/fold.ts'
import type { JobDeclaration } from '../../kit/declare/job.ts'
import { findResource } from '../../resources/queries.ts'
import { findUser } from '../../users/queries.ts'
import type { User } from '../../users/schema.ts'
import { roomChangedEvent, roomCreatedEvent } from '../events.ts'
import { findRoom, getOwnRoom } from '../queries/rooms.ts'
import { mayArchive, mustConverse, pairKey, pairOf } from '../rules.ts'
import type { NewPair, OwnRoom, Room, RoomStatus, MessageRef } from '../schema.ts'
import {
  findRoomIdByKey,
  insertMember,
  insertRoom,
  lockRoom,
  updateRoom,
  type RoomColumns,
} from '../table/rooms.ts'
import { recordRoomEvent } from './publish.ts'
import { isStaff, type Actor } from '../../organisations/roles.ts'

export type NewMember = { userId: string; roleInRoom: string }
type Plan = Pick<RoomColumns, 'orgId' | 'kind'> &
  Partial<Omit<RoomColumns, 'continuation'>> & {
    /** Told of every message that a person writes in it, once it is told there. */
    then?: JobDeclaration<MessageRef>
  }

/** Makes the room, or finds the one that there is. @param actorId who wants it; absent: the system @returns its id */
export async function openRoom(
  change: Change,
  { then, ...plan }: Plan,
  members: readonly NewMember[],
  actorId?: string,
): Promise<string> {
  const room = {
    id: randomUUID(),
    type: null,
    name: null,
    description: null,
    avatar: null,
    bookingId: null,
    resourceId: null,
    permissions: null,
    onlyKey: null,
    isOpenToStaff: false,
    continuation: then?.name ?? null,
    ...plan,
  }
  const isNew = await insertRoom(change.db, room, change.now)
  const found =
    !isNew && room.onlyKey !== null ? await findRoomIdByKey(change.db, room.orgId, room.onlyKey) : undefined
  if (found) return found
  for (const member of members) await insertMember(change.db, room.id, member, change.now)
  await recordRoomEvent(change, room.id, roomCreatedEvent)
  recordAudit(change, {
    orgId: room.orgId,
    actorId,
    action: room.kind === 'GROUP' ? 'group_created' : 'room_created',
    entity: 'room',
    entityId: room.id,
    metadata: { roomId: room.id, kind: room.kind, members: members.map(({ userId }) => userId) },
  })
  return room.id
}

/** The conversation of two. One that was archived is reactivated: there is to be no other. @throws AppError 404, 403, 422 */
export async function openConversation(change: Change, actor: Actor, userId: string): Promise<OwnRoom> {
  const other = await getActive(change, actor, userId)
  if (other.id === actor.id) throw invalid('A conversation takes two')
  mustConverse(actor, other)
  const members = [actor.id, other.id].map((each) => ({ userId: each, roleInRoom: 'participant' }))
  const id = await openRoom(
    change,
    { orgId: actor.orgId, kind: 'DIRECT', onlyKey: `direct|${pairKey(actor.id, other.id)}` },
    members,
    actor.id,
  )
  await reopenRoom(change, actor, id)
  return getOwnRoom(change.db, actor, id)
}

/**
 * A room of two with fitting roles, reactivated if it was archived; or one of the staff. An ADMIN may
 * make one for two others, and is not in it. @throws AppError 404, 403, 422
 */
export async function openPairedRoom(change: Change, actor: Actor, ask: NewPair): Promise<Room | OwnRoom> {
  if (ask.type === 'team') return openTeamRoom(change, actor, ask)
  const { type, participant1Id, participant2Id, hotelId } = ask
  if (!participant1Id || !participant2Id) throw invalid('participant1Id and participant2Id name the two')
  if (participant1Id === participant2Id) throw invalid('A pair takes two')
  const isOneOfThem = [participant1Id, participant2Id].includes(actor.id)
  if (!isOneOfThem && actor.role !== 'ADMIN')
    throw forbidden('Only the two themselves and ADMINs open their room')
  const people = [
    await getActive(change, actor, participant1Id),
    await getActive(change, actor, participant2Id),
  ] as const
  const members = pairOf(type, people)
  if (hotelId && (await findResource(change.db, actor.orgId, hotelId))?.kind !== 'PROPERTY')
    throw invalid('hotelId: there is no such property')
  const id = await openRoom(
    change,
    {
      orgId: actor.orgId,
      kind: 'PAIRED',
      type,
      resourceId: hotelId ?? null,
      onlyKey: `${type}|${pairKey(participant1Id, participant2Id, hotelId)}`,
    },
    members,
    actor.id,
  )
  await reopenRoom(change, actor, id)
  return isOneOfThem ? getOwnRoom(change.db, actor, id) : getRoomOf(change, actor.orgId, id)
}

async function openTeamRoom(
  change: Change,
  actor: Actor,
  { name, memberIds = [] }: NewPair,
): Promise<OwnRoom> {
  if (!isStaff(actor.role)) throw forbidden('Team rooms are for the staff')
  const people = [...new Set([actor.id, ...memberIds])]
  for (const userId of people)
    if (!isStaff((await getActive(change, actor, userId)).role))
      throw invalid('memberIds: team rooms are for the staff')
  const id = await openRoom(
    change,
    { orgId: actor.orgId, kind: 'TEAM', type: 'team', name: name ?? null },
    people.map((userId) => ({ userId, roleInRoom: 'member' })),
    actor.id,
  )
  return getOwnRoom(change.db, actor, id)
}

/** Of the room that there is to be one of under this key. @returns its id, if there is one */
export async function lockRoomByKey(change: Change, orgId: string, key: string): Promise<string | undefined> {
  const id = await findRoomIdByKey(change.db, orgId, key)
  if (id) await lockRoom(change.db, orgId, id)
  return id
}

/** @throws AppError 404, 403 */
export async function archiveRoom(change: Change, actor: Actor, id: string): Promise<OwnRoom> {
  const room = await getOwnRoom(change.db, actor, id)
  if (!mayArchive(actor, room)) throw forbidden('Only the staff archives this room')
  await setRoomStatus(change, actor.orgId, id, 'ARCHIVED', actor.id)
  return getOwnRoom(change.db, actor, id)
}

/** Reactivates a room that was archived. @returns whether it was */
export async function reopenRoom(change: Change, actor: Actor, id: string): Promise<boolean> {
  const { status } = await getRoomOf(change, actor.orgId, id)
  return status === 'ARCHIVED' && setRoomStatus(change, actor.orgId, id, 'ACTIVE', actor.id)
}

/** CLOSED is the end; ARCHIVED twice is once. @param actorId absent: the system @returns whether it changed */
export async function setRoomStatus(
  change: Change,
  orgId: string,
  id: string,
  status: RoomStatus,
  actorId?: string,
): Promise<boolean> {
  await lockRoom(change.db, orgId, id)
  const before = await getRoomOf(change, orgId, id)
  if (before.status === status || before.status === 'CLOSED') return false
  await updateRoom(change.db, id, { status }, change.now)
  await recordRoomEvent(change, id, roomChangedEvent)
  recordAudit(change, {
    orgId,
    actorId,
    action: `room_${toLower(status)}`,
    entity: 'room',
    entityId: id,
    metadata: { roomId: id },
  })
  return true
}

async function getRoomOf(change: Change, orgId: string, id: string): Promise<Room> {
  const room = await findRoom(change.db, orgId, id)
  if (!room) throw notFound('Room')
  return room
}

async function getActive(change: Change, actor: Actor, userId: string): Promise<User> {
  const user = await findUser(change.db, actor.orgId, userId)
  if (!user?.isActive) throw notFound('User')
  return user
}
