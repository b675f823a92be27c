import type { Change } from '../../kit/store/change.ts'
import { deleteWordsAbout } from '../../notifications/actions/erase.ts'
import { eraseTicketsOf } from '../table.ts'

/** What they asked for help with, and what they were answered; that they asked, when and how it ended, stays. */
export async function eraseFromSupport(change: Change, orgId: string, userId: string): Promise<void> {
  await deleteWordsAbout(change, orgId, 'ticketId', await eraseTicketsOf(change.db, orgId, userId))
}
