// A person without a name: the row stays, for others refer to it.

import type { Change } from '../../kit/change.ts'
import { notFound } from '../../kit/errors.ts'
import type { User } from '../schema.ts'
import { deleteTraces, lockUser, updateUser } from '../table.ts'
import { closeSessions } from './sessions.ts'

const NAMELESS = 'Erased person'

/** @returns them as they are now, and all that they were called and reached by. @throws AppError 404 */
export async function eraseUser(change: Change, orgId: string, userId: string): Promise<{ user: User; names: string[] }> {
  const before = await lockUser(change.db, orgId, userId)
  if (!before) throw notFound('User')
  await closeSessions(change, { userId }, 'person_erased')
  const user = await updateUser(change.db, userId, {
    email: `${userId}@erased.invalid`, phone: null, contactEmail: null, contactPhone: null, fullName: NAMELESS, department: null, userSegment: null, locale: null, isActive: false, passwordHash: null,
  }, change.now)
  await deleteTraces(change.db, userId)
  return { user, names: [before.fullName, before.email, before.phone ?? ''].filter((name) => name !== '' && name !== NAMELESS && name !== user.email) }
}
