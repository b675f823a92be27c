import { eraseRoom, lockAndListListeners, removeRooms } from '../../chat/actions/expire.ts'
import type { Change } from '../../kit/store/change.ts'
import { deleteConversationsOf, deleteQuestion, deleteQuestionsOf, listLookedAfter } from '../table.ts'

/** A question whose message was deleted or changed is proposed to nobody any more. */
export async function deleteQuestionText(change: Change, messageId: string): Promise<void> {
  await deleteQuestion(change.db, messageId)
}

/** A customer's questions, and what the staff wrote down about them. */
export async function eraseFromInbox(change: Change, orgId: string, userId: string): Promise<void> {
  for (const notesRoomId of await deleteQuestionsOf(change.db, orgId, userId))
    await eraseRoom(change, notesRoomId)
}

/** Who of these customers wrote, was written to, or is looked after by somebody; the others' rooms are held until the commit. */
export async function holdAndListKnown(change: Change, customerIds: readonly string[]): Promise<string[]> {
  const heard = await lockAndListListeners(change, customerIds)
  return [...heard, ...(await listLookedAfter(change.db, customerIds))]
}

/** Of customers whom nobody knows. */
export async function removeConversations(change: Change, customerIds: readonly string[]): Promise<void> {
  await removeRooms(change, await deleteConversationsOf(change.db, customerIds))
}
