// Telling the driver that the times of a trip change.

import { postMessage } from '../../chat/actions/post.ts'
import { getOwnRoom } from '../../chat/queries/rooms.ts'
import type { Message } from '../../chat/schema.ts'
import type { Change } from '../../kit/store/change.ts'
import { forbidden, invalid } from '../../kit/declare/errors.ts'
import { notify } from '../../notifications/actions/notify.ts'
import { getOrganisation } from '../../organisations/queries.ts'
import type { Actor } from '../../organisations/roles.ts'
import { scheduleChangeText, type ScheduleChange } from '../schedule.ts'

/** As a message in the room of the trip, and as an alert. @throws AppError 404, 403 for anybody else in it, 409 */
export async function changeSchedule(
  change: Change,
  actor: Actor,
  roomId: string,
  ask: ScheduleChange,
): Promise<Message> {
  const room = await getOwnRoom(change.db, actor, roomId)
  if (room.kind !== 'BOOKING') throw invalid('Only the room of a trip has a schedule')
  if (room.members.find(({ userId }) => userId === actor.id)?.roleInRoom !== 'requester')
    throw forbidden('Only who travels changes the schedule')
  const { locale } = await getOrganisation(change.db, actor.orgId)
  const { changeType = 'LATE_RETURN', newTime, originalTime, reason } = ask
  const metadata = { changeType, newTime, ...(originalTime && { originalTime }), reason }
  const message = await postMessage(
    change,
    actor,
    roomId,
    { content: scheduleChangeText(locale, ask), metadata },
    'schedule_change',
  )
  for (const { userId, roleInRoom } of room.members) {
    if (roleInRoom !== 'driver') continue
    notify(change, {
      orgId: actor.orgId,
      userId,
      type: 'SCHEDULE_CHANGE_ALERT',
      people: [actor.id],
      parameters: { sender: actor.fullName, kind: changeType, time: newTime, reason },
      data: { roomId, messageId: message.id },
      ...(room.bookingId && { bookingId: room.bookingId }),
    })
  }
  return message
}
