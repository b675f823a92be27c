// Forgetting a person: everything that names them goes, in every domain; what they did stays, by somebody without a name.

import { eraseFromApprovals } from '../approvals/actions/erase.ts'
import { eraseFromAudit } from '../audit/actions.ts'
import { eraseFromBookings } from '../bookings/actions/erase.ts'
import { forgetNames, forgetWordsOf } from '../chat/actions/forget.ts'
import { removeFilesOf } from '../files/actions.ts'
import { eraseFromInbox } from '../inbox/actions/erase.ts'
import type { Change } from '../kit/change.ts'
import { invalid } from '../kit/errors.ts'
import { eraseFromNotifications } from '../notifications/actions/erase.ts'
import { followPerson } from '../people/actions.ts'
import { eraseFromSupport } from '../support/actions/erase.ts'
import { eraseUser } from '../users/actions/erase.ts'
import type { Actor, User } from '../users/schema.ts'
import { eraseWords } from './jobs.ts'

/** @param actor absent: whoever operates the installation. @throws AppError 404, 422 for oneself, 409 for the last ADMIN */
export async function erasePerson(change: Change, orgId: string, userId: string, actor?: Actor): Promise<User> {
  if (actor?.id === userId) throw invalid('Nobody erases themselves: ask another ADMIN')
  const { names, ...done } = await eraseUser(change, orgId, userId)
  await followPerson(change, done, actor?.id)
  await eraseFromNotifications(change, { orgId, userId, names })
  await forgetNames(change, orgId, names)
  await eraseFromInbox(change, orgId, userId)
  await eraseFromSupport(change, orgId, userId)
  await eraseFromBookings(change, orgId, userId)
  await eraseFromApprovals(change, orgId, userId)
  // Last, so that what the others wrote down about it names nobody either.
  await eraseFromAudit(change, { orgId, personId: userId, ...(actor && { actorId: actor.id }) })
  change.enqueue(eraseWords, { orgId, userId })
  return done.after
}

export async function eraseWordsOf(change: Change, orgId: string, userId: string): Promise<void> {
  await forgetWordsOf(change, orgId, userId)
  await removeFilesOf(change, orgId, userId)
}
