// Telling people of messages that they are not looking at.

import type { Change } from '../../kit/store/change.ts'
import { notify } from '../../notifications/actions/notify.ts'
import { findRoomById } from '../queries/rooms.ts'
import { excerptOf } from '../../kit/text/excerpt.ts'
import type { Message } from '../schema.ts'
import { listBehind } from '../queries/members.ts'
import { holdMessage } from '../queries/messages.ts'

/** Whoever posts one of these alerts people in their own words. */
const ALERTED_BY_ITSELF: ReadonlySet<string> = new Set(['schedule_change'])

/** A live socket hears its rooms, so whoever has one is looking. Who has read it meanwhile need not be told. */
export async function notifyAbsentMembers(change: Change, messageId: string): Promise<void> {
  const message = await holdMessage(change.db, messageId)
  const found = message && (await findRoomById(change.db, message.roomId))
  if (!message || !found || message.deletedAt || ALERTED_BY_ITSELF.has(message.messageType)) return
  const { room, orgId } = found
  for (const userId of await listAway(change, orgId, message)) {
    notify(change, {
      orgId,
      userId,
      type: 'NEW_CHAT_MESSAGE',
      people: [message.senderId],
      parameters: { sender: message.sender?.fullName ?? '', text: excerptOf(message.content) },
      data: { roomId: room.id, messageId, seq: message.seq },
      ...(room.bookingId && { bookingId: room.bookingId }),
    })
  }
}

async function listAway(change: Change, orgId: string, message: Message): Promise<string[]> {
  const behind = (await listBehind(change.db, message.roomId, message.seq)).filter(
    (userId) => userId !== message.senderId,
  )
  const online = new Set(await change.online(orgId, behind))
  return behind.filter((userId) => !online.has(userId))
}
