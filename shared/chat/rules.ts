// The rules of chat. Pure.

import { forbidden, invalid } from '../kit/declare/errors.ts'
import type { User } from '../users/schema.ts'
import type { PairType, Receipt, Room, RoomKind, RoomPermissions } from './schema.ts'
import { isOfOrganisation, isStaff, type Actor, type Role } from '../organisations/roles.ts'

/** What a pair is made of: the role of each side, and what each is called in the room. */
const PAIRS: Readonly<Record<PairType, readonly [Side, Side]>> = {
  customer_hotel_owner: [
    { role: 'CUSTOMER', roleInRoom: 'customer' },
    { role: 'OWNER', roleInRoom: 'hotel_owner' },
  ],
  customer_admin: [
    { role: 'CUSTOMER', roleInRoom: 'customer' },
    { role: 'ADMIN', roleInRoom: 'admin' },
  ],
  hotel_owner_admin: [
    { role: 'OWNER', roleInRoom: 'hotel_owner' },
    { role: 'ADMIN', roleInRoom: 'admin' },
  ],
}

interface Side {
  role: Role
  roleInRoom: string
}

interface Person {
  id: string
  role: Role
}

/** @returns who is what, in whichever order they were named. @throws AppError 422 when their roles do not make this pair */
export function pairOf(
  type: PairType,
  people: readonly [Person, Person],
): { userId: string; roleInRoom: string }[] {
  const [first, second] = PAIRS[type]
  for (const [one, other] of [people, [people[1], people[0]]] as const) {
    if (one.role === first.role && other.role === second.role)
      return [
        { userId: one.id, roleInRoom: first.roleInRoom },
        { userId: other.id, roleInRoom: second.roleInRoom },
      ]
  }
  throw invalid(
    `A ${type} room takes one ${first.role} and one ${second.role}, not ${people.map(({ role }) => role).join(' and ')}`,
  )
}

/** The same for a pair whatever the order. */
export function pairKey(one: string, other: string, ...more: (string | undefined)[]): string {
  return [...[one, other].toSorted(), ...more.filter((each) => each !== undefined)].join('|')
}

/** Conversations are among those who work together; customers and guests talk to the organisation. @throws AppError 403 */
export function mustConverse(...people: readonly Pick<Person, 'role'>[]): void {
  if (people.some(({ role }) => !isOfOrganisation(role)))
    throw forbidden('Customers and guests talk to the organisation, not in conversations')
}

/** Customers' rooms and those of the staff are for the staff; groups are for people of the organisation. */
export function roomsToLeave({ role, isActive }: Pick<User, 'role' | 'isActive'>): RoomKind[] {
  if (isActive && isStaff(role)) return []
  return isActive && isOfOrganisation(role) ? ['SUPPORT', 'TEAM'] : ['SUPPORT', 'TEAM', 'GROUP']
}

export const DEFAULT_PERMISSIONS: RoomPermissions = {
  canAddMembers: ['ADMIN'],
  canRemoveMembers: ['ADMIN'],
  canDeleteMessages: ['ADMIN'],
}

type Powers = keyof RoomPermissions
type Governed = Pick<Room, 'permissions' | 'members'>

/**
 * An ADMIN governs every group of the organisation, in it or not, and a SUPERVISOR brings people in; others
 * only govern groups that they are in.
 */
export function mayGovern(actor: Pick<Actor, 'id' | 'role'>, room: Governed, power: Powers): boolean {
  if (actor.role === 'ADMIN') return true
  if (power === 'canAddMembers' && actor.role === 'SUPERVISOR') return true
  const isMember = room.members.some(({ userId }) => userId === actor.id)
  return isMember && (room.permissions ?? DEFAULT_PERMISSIONS)[power].includes(actor.role)
}

/** Among the members: whoever sent it, or whom the room's permissions name. */
export function mayDelete(
  actor: Pick<Actor, 'id' | 'role'>,
  message: { senderId: string | null },
  permissions: RoomPermissions | null,
): boolean {
  return (
    message.senderId === actor.id ||
    (permissions ?? DEFAULT_PERMISSIONS).canDeleteMessages.includes(actor.role)
  )
}

/** A room is archived for all of its members, so the staff does it, and in a conversation of two either of them. */
export function mayArchive(actor: Pick<Actor, 'role'>, room: Pick<Room, 'kind'>): boolean {
  return isStaff(actor.role) || room.kind === 'DIRECT'
}

interface Marks {
  userId: string
  deliveredSeq: number
  readSeq: number
  /** Number of the newest message when they came. */
  joinedSeq: number
}

/** Recipients are the others who were in it then. One is enough for each step; who of them has read it, readBy says. */
export function receiptOf(
  message: { seq: number; senderId: string | null },
  marks: readonly Marks[],
): { status: Receipt; readBy: string[] } {
  const others = marks.filter(
    ({ userId, joinedSeq }) => userId !== message.senderId && joinedSeq < message.seq,
  )
  const readBy = others.filter(({ readSeq }) => readSeq >= message.seq).map(({ userId }) => userId)
  const isDelivered = others.some(({ deliveredSeq }) => deliveredSeq >= message.seq)
  return { status: readBy.length > 0 ? 'READ' : isDelivered ? 'DELIVERED' : 'SENT', readBy }
}

/**
 * NFC, so that the same text is the same bytes; line breaks are \n; no control characters but them and tabs, which no screen
 * shows, and no half characters, which no database takes. NFC comes last: what was taken out may have kept two apart that join.
 */
export function cleanContent(content: string): string {
  return content
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '')
    .normalize('NFC')
    .trim()
}

/** A file that lies elsewhere is nothing of ours: where it is stands in what belongs to the message. */
export function withFile(
  metadata: object | undefined,
  file: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const given = Object.fromEntries(
    Object.entries(file).filter(([, value]) => value !== undefined && value !== null),
  )
  return metadata === undefined && Object.keys(given).length === 0 ? undefined : { ...metadata, ...given }
}
