// For higher domains: what they read of people stays so until their change ends. Whoever gives something to a person holds them
// first, so that nothing is given to somebody who leaves at that moment.

import type { Change } from '../../kit/store/change.ts'
import type { User } from '../schema.ts'
import { lockHierarchy, lockHierarchyShared, lockUserShared } from '../table.ts'

/** @returns undefined when there is no such person in the organisation */
export async function lockUserForWork(
  change: Change,
  orgId: string,
  userId: string,
): Promise<User | undefined> {
  return lockUserShared(change.db, orgId, userId)
}

/** For whoever changes many people: nobody else changes any meanwhile. */
export async function lockHierarchyForChanges(change: Change, orgId: string): Promise<void> {
  await lockHierarchy(change.db, orgId)
}

/** Nobody's role, activity or manager changes meanwhile. Before any row is locked that a departure touches. */
export async function lockHierarchyForWork(change: Change, orgId: string): Promise<void> {
  await lockHierarchyShared(change.db, orgId)
}
