// What the staff tells each other about a customer. A note stands in a room of its own, which the customer is not in: there is
// nothing to filter, and nothing that could be forgotten to be filtered.

import { joinAsStaff } from '../../chat/actions/members.ts'
import { postMessage } from '../../chat/actions/post.ts'
import { openRoom } from '../../chat/actions/rooms.ts'
import { listMessages } from '../../chat/queries/messages.ts'
import type { Message, NewMessage } from '../../chat/schema.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import type { Actor } from '../../organisations/roles.ts'
import { conversationChangedEvent } from '../events.ts'
import { findNotesRoomId, getConversation } from '../queries/conversations.ts'
import { lockConversation, setNotesRoom } from '../table.ts'
import { emitConversation } from './conversations.ts'

/** @throws AppError 404, 422 */
export async function writeNote(
  change: Change,
  actor: Actor,
  roomId: string,
  note: NewMessage,
): Promise<Message> {
  const { name } = await getConversation(change, actor, roomId)
  await lockConversation(change.db, roomId)
  const notesRoomId =
    (await findNotesRoomId(change.db, roomId)) ?? (await openNotes(change, actor, roomId, name))
  await joinAsStaff(change, actor, notesRoomId)
  return postMessage(change, actor, notesRoomId, note)
}

async function openNotes(change: Change, actor: Actor, roomId: string, name: string | null): Promise<string> {
  const id = await openRoom(
    change,
    {
      orgId: actor.orgId,
      kind: 'TEAM',
      type: 'notes',
      name,
      onlyKey: `notes|${roomId}`,
      isOpenToStaff: true,
    },
    [{ userId: actor.id, roleInRoom: 'staff' }],
    actor.id,
  )
  await setNotesRoom(change.db, roomId, id)
  await emitConversation(change, conversationChangedEvent, actor.orgId, roomId)
  return id
}

/** Newest first. @throws AppError 404 */
export async function listNotes(
  reading: Reading,
  actor: Actor,
  roomId: string,
  page: { limit: number; offset: number; before?: number },
): Promise<Message[]> {
  await getConversation(reading, actor, roomId)
  const id = await findNotesRoomId(reading.db, roomId)
  return id ? listMessages(reading.db, id, page) : []
}
