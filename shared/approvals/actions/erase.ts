import type { Change } from '../../kit/store/change.ts'
import { deleteWordsAbout } from '../../notifications/actions/erase.ts'
import { clearApprovalTexts } from '../table.ts'

/** Decisions stay, without the reasons that the person wrote, and what they asked for without their words. */
export async function eraseFromApprovals(change: Change, orgId: string, userId: string): Promise<void> {
  await deleteWordsAbout(change, orgId, 'approvalId', await clearApprovalTexts(change.db, orgId, userId))
}
