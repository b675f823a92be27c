// A ticket's room. Whoever takes care of the ticket is in it and hears what is said there as anybody in a room does; as long as
// nobody does, what its owner says concerns all of the staff.

import { findRoomById } from '../../chat/queries/rooms.ts'
import { excerptOf } from '../../kit/text/excerpt.ts'
import type { MessageRef } from '../../chat/schema.ts'
import type { Change } from '../../kit/store/change.ts'
import { MINUTE } from '../../kit/time/time.ts'
import { notify, settleNotifications } from '../../notifications/actions/notify.ts'
import { listActiveIdsByRole } from '../../users/queries.ts'
import { STAFF_ROLES } from '../../organisations/roles.ts'
import { findTicketOfRoom } from '../queries.ts'
import { ticketIds } from './publish.ts'
import { hasSpokenJustBefore, holdMessage } from '../../chat/queries/messages.ts'

/** What is said within it is said together, and told of once. */
const PAUSE = 15 * MINUTE

export async function onRoomMessage(change: Change, { roomId, messageId }: MessageRef): Promise<void> {
  const [found, ticket, message] = [
    await findRoomById(change.db, roomId),
    await findTicketOfRoom(change.db, roomId),
    await holdMessage(change.db, messageId),
  ]
  if (!found || !ticket || ticket.status === 'closed' || !message || message.deletedAt) return
  if (message.senderId !== ticket.userId)
    return settleNotifications(change, [`care:${ticket.id}`, `answer:${ticket.id}`])
  const {
    orgId,
    room: { members },
  } = found
  if (
    members.some(({ userId }) => userId !== ticket.userId) ||
    (await hasSpokenJustBefore(change.db, message, PAUSE))
  )
    return
  const parameters = {
    number: String(ticket.supportId),
    requester: ticket.user.fullName,
    text: excerptOf(message.content),
  }
  for (const userId of await listActiveIdsByRole(change.db, orgId, STAFF_ROLES)) {
    notify(change, {
      orgId,
      userId,
      type: 'SUPPORT_TICKET_MESSAGE',
      asks: [`care:${ticket.id}`],
      people: [ticket.userId],
      data: { ...ticketIds(ticket), roomId, messageId },
      parameters,
    })
  }
}
