import type { Change } from '../../kit/change.ts'
import { forgetWordsAbout } from '../../notifications/actions/erase.ts'
import { clearWordsOf } from '../table.ts'

/** Decisions stay, without the reasons that the person wrote, and what they asked for without their words. */
export async function eraseFromApprovals(change: Change, orgId: string, userId: string): Promise<void> {
  await forgetWordsAbout(change, orgId, 'approvalId', await clearWordsOf(change.db, orgId, userId))
}
