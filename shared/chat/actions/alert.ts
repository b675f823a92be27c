// Telling people of messages that they are not looking at, and of a trip whose times change.

import type { Change } from '../../kit/change.ts'
import { forbidden, invalid } from '../../kit/errors.ts'
import { notify } from '../../notifications/actions.ts'
import { getOrganisation } from '../../users/queries.ts'
import type { Actor } from '../../users/schema.ts'
import { findMessage, findRoomById, getOwnRoom, listBehind } from '../queries.ts'
import { excerpt } from '../../kit/excerpt.ts'
import { scheduleChangeText } from '../rules.ts'
import type { Message, ScheduleChange } from '../schema.ts'
import { postMessage } from './post.ts'

/** A live socket hears its rooms, so whoever has one is looking. Who has read it meanwhile need not be told. */
export async function notifyAbsentMembers(change: Change, messageId: string): Promise<void> {
  const message = await findMessage(change.db, messageId)
  const found = message && await findRoomById(change.db, message.roomId)
  if (!message || !found || message.deletedAt || message.messageType === 'schedule_change') return
  const { room, orgId } = found
  for (const userId of await listAway(change, orgId, message)) {
    await notify(change, {
      orgId, userId, type: 'NEW_CHAT_MESSAGE', people: [message.senderId], parameters: { sender: message.sender?.fullName ?? '', text: excerpt(message.content) },
      data: { roomId: room.id, messageId, seq: message.seq }, ...(room.bookingId && { bookingId: room.bookingId }),
    })
  }
}

async function listAway(change: Change, orgId: string, message: Message): Promise<string[]> {
  const behind = (await listBehind(change.db, message.roomId, message.seq)).filter((userId) => userId !== message.senderId)
  const online = new Set(await change.online(orgId, behind))
  return behind.filter((userId) => !online.has(userId))
}

/** The employee tells the driver: as a message in the room, and as an alert. @throws AppError 404, 403 for anybody else in it, 409 */
export async function changeSchedule(change: Change, actor: Actor, roomId: string, ask: ScheduleChange): Promise<Message> {
  const room = await getOwnRoom(change.db, actor, roomId)
  if (room.kind !== 'BOOKING') throw invalid('Only the room of a trip has a schedule')
  if (room.members.find(({ userId }) => userId === actor.id)?.roleInRoom !== 'requester') throw forbidden('Only who travels changes the schedule')
  const { locale } = await getOrganisation(change.db, actor.orgId)
  const { changeType = 'LATE_RETURN', newTime, originalTime, reason } = ask
  const metadata = { changeType, newTime, ...(originalTime && { originalTime }), reason }
  const message = await postMessage(change, actor, roomId, { content: scheduleChangeText(locale, { changeType, newTime, originalTime, reason }), metadata }, 'schedule_change')
  for (const { userId, roleInRoom } of room.members) {
    if (roleInRoom !== 'driver') continue
    await notify(change, {
      orgId: actor.orgId, userId, type: 'SCHEDULE_CHANGE_ALERT', people: [actor.id], parameters: { sender: actor.fullName, kind: changeType, time: newTime, reason },
      data: { roomId, messageId: message.id }, ...(room.bookingId && { bookingId: room.bookingId }),
    })
  }
  return message
}
