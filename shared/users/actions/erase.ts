// A person without a name: the row stays, for others refer to it.

import { deleteAnswersTo } from '../../kit/store/idempotency.ts'
import type { Change } from '../../kit/store/change.ts'
import { notFound } from '../../kit/declare/errors.ts'
import type { User } from '../schema.ts'
import { lockHierarchy, lockUnprovenGuests, lockUser, setKept, updateUser } from '../table.ts'
import { deleteSecondFactor } from '../table/second-factors.ts'
import { clearSessionTraces } from '../table/sessions.ts'
import { mustLeaveAnAdmin, type PersonChange } from './people.ts'
import { closeSessions } from './sessions.ts'
import { tellPeople } from './tell-people.ts'

const NAMELESS = 'Erased person'

/** @returns them as they were and are now. @throws AppError 404, 409 for the last ADMIN */
export async function eraseUser(change: Change, orgId: string, userId: string): Promise<PersonChange> {
  await lockHierarchy(change.db, orgId)
  const before = await lockUser(change.db, orgId, userId)
  if (!before) throw notFound('User')
  await mustLeaveAnAdmin(change, before, { ...before, isActive: false })
  await closeSessions(change, { userId }, 'person_erased')
  const after = await updateUser(
    change.db,
    userId,
    {
      email: `${userId}@erased.invalid`,
      externalId: null,
      phone: null,
      contactEmail: null,
      contactPhone: null,
      fullName: NAMELESS,
      department: null,
      userSegment: null,
      locale: null,
      isActive: false,
      passwordHash: null,
    },
    change.now,
  )
  await deleteSecondFactor(change.db, userId)
  await clearSessionTraces(change.db, userId)
  await deleteAnswersTo(change.db, userId)
  tellPeople(change, before, after)
  return { before, after }
}

/** Guests who came before then, of whom nobody knows yet whether they came to say something. */
export async function holdUnprovenGuests(
  change: Change,
  before: Date,
  limit: number,
): Promise<Pick<User, 'id' | 'orgId'>[]> {
  return lockUnprovenGuests(change.db, before, limit)
}

/** They did something: nobody asks again. */
export async function keepGuests(change: Change, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await setKept(change.db, ids)
}

/** A guest who came and said nothing. */
export async function endGuest(change: Change, userId: string): Promise<void> {
  await closeSessions(change, { userId }, 'guest_silent')
  await updateUser(
    change.db,
    userId,
    { contactEmail: null, contactPhone: null, fullName: NAMELESS, locale: null, isActive: false },
    change.now,
  )
  await clearSessionTraces(change.db, userId)
  await deleteAnswersTo(change.db, userId)
}
