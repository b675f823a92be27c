// How far everybody is: one mark for what their devices have, one for what they have read. Marks only go forward, so that
// receipts may come late, twice, or in any order.

import type { Change } from '../../kit/store/change.ts'
import { notFound } from '../../kit/declare/errors.ts'
import type { Actor } from '../../organisations/roles.ts'
import { messagesDeliveredEvent, messagesReadEvent, roomChannel } from '../events.ts'
import { getNewestSeq } from '../queries/rooms.ts'
import { moveMark } from '../table/messages.ts'
import { joinAsStaff } from './members.ts'
import { getOwnMessage } from '../queries/messages.ts'
import { isMember } from '../queries/members.ts'

/** @param upTo number of a message; everything unless given. @throws AppError 404 */
export async function readMessages(
  change: Change,
  actor: Actor,
  roomId: string,
  upTo?: number,
): Promise<{ success: true }> {
  return move(change, actor, roomId, { column: 'read_seq', event: messagesReadEvent }, upTo)
}

/** That message and everything before it. @throws AppError 404 */
export async function readMessage(
  change: Change,
  actor: Actor,
  messageId: string,
): Promise<{ success: true }> {
  const { roomId, seq } = await getOwnMessage(change.db, actor, messageId)
  return readMessages(change, actor, roomId, seq)
}

/** The newest of these messages and everything before it. @throws AppError 404, also where none of them is in the room */
export async function readNewestOf(
  change: Change,
  actor: Actor,
  roomId: string,
  messageIds: readonly string[],
): Promise<{ success: true }> {
  return readMessages(change, actor, roomId, await getNewestSeq(change.db, actor, roomId, messageIds))
}

/** A device says that it has them. @throws AppError 404 */
export async function deliverMessages(
  change: Change,
  actor: Actor,
  roomId: string,
  upTo?: number,
): Promise<{ success: true }> {
  return move(change, actor, roomId, { column: 'delivered_seq', event: messagesDeliveredEvent }, upTo)
}

type Kind =
  | { column: 'read_seq'; event: typeof messagesReadEvent }
  | { column: 'delivered_seq'; event: typeof messagesDeliveredEvent }

async function move(
  change: Change,
  actor: Actor,
  roomId: string,
  { column, event }: Kind,
  upTo: number | undefined,
): Promise<{ success: true }> {
  if (!(await isMember(change.db, roomId, actor.id)) && !(await joinAsStaff(change, actor, roomId)))
    throw notFound('Room')
  const seq = await moveMark(change.db, column, roomId, actor.id, upTo)
  if (seq !== undefined)
    change.emit(event, [roomChannel(roomId)], { roomId, userId: actor.id, seq, at: change.now })
  return { success: true }
}
