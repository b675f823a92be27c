import type { Change } from '../../kit/change.ts'
import { clearNotesOf } from '../table.ts'

/** Decisions stay, without the reasons that the person wrote. */
export async function eraseFromApprovals(change: Change, orgId: string, userId: string): Promise<void> {
  await clearNotesOf(change.db, orgId, userId)
}
