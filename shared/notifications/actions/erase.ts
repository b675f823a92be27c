import type { Change } from '../../kit/change.ts'
import { eraseNames } from '../table.ts'

/** @param names all that the person was called and reached by */
export async function eraseFromNotifications(change: Change, { orgId, userId, names }: { orgId: string; userId: string; names: readonly string[] }): Promise<void> {
  await eraseNames(change.db, orgId, userId, names)
}
