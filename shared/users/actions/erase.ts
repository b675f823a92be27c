// A person without a name: the row stays, for others refer to it.

import type { Change } from '../../kit/change.ts'
import { notFound } from '../../kit/errors.ts'
import { deleteTraces, lockHierarchy, lockUser, updateUser } from '../table.ts'
import { mustLeaveAnAdmin, type PersonChange } from './people.ts'
import { closeSessions } from './sessions.ts'

const NAMELESS = 'Erased person'

/** @returns them as they were and are now. @throws AppError 404, 409 for the last ADMIN */
export async function eraseUser(change: Change, orgId: string, userId: string): Promise<PersonChange> {
  await lockHierarchy(change.db, orgId)
  const before = await lockUser(change.db, orgId, userId)
  if (!before) throw notFound('User')
  await mustLeaveAnAdmin(change, before, { ...before, isActive: false })
  await closeSessions(change, { userId }, 'person_erased')
  const after = await updateUser(change.db, userId, {
    email: `${userId}@erased.invalid`, phone: null, contactEmail: null, contactPhone: null, fullName: NAMELESS, department: null, userSegment: null, locale: null, isActive: false, passwordHash: null,
  }, change.now)
  await deleteTraces(change.db, userId)
  return { before, after }
}
