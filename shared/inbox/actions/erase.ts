import { forgetRoom } from '../../chat/actions/forget.ts'
import type { Change } from '../../kit/change.ts'
import { deleteQuestion, deleteQuestionsOf } from '../table.ts'

/** A question whose message was deleted or changed is proposed to nobody any more. */
export async function forgetQuestion(change: Change, messageId: string): Promise<void> {
  await deleteQuestion(change.db, messageId)
}

/** A customer's questions, and what the staff wrote down about them. */
export async function eraseFromInbox(change: Change, orgId: string, userId: string): Promise<void> {
  for (const notesRoomId of await deleteQuestionsOf(change.db, orgId, userId)) await forgetRoom(change, notesRoomId)
}
