import type { Change } from '../../kit/change.ts'
import { eraseNames, eraseWordsAbout } from '../table.ts'

/** @param names all that the person was called and reached by */
export async function eraseFromNotifications(change: Change, { orgId, userId, names }: { orgId: string; userId: string; names: readonly string[] }): Promise<void> {
  await eraseNames(change.db, orgId, userId, names)
}

/** What others were told of these things: that they were told stays. */
export async function forgetWordsAbout(change: Change, orgId: string, key: 'ticketId' | 'approvalId', ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await eraseWordsAbout(change.db, orgId, key, ids)
}
