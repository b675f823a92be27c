// Changing a person, with all that waits on them: in one change, so that nothing waits for somebody who is gone.

import {
  endDelegationsOf,
  rerouteFrom,
  rerouteRequestsOf,
  reviewStepsOf,
} from '../../approvals/actions/reroute.ts'
import { releaseTrips, withdrawRequestsOf } from '../../bookings/actions/release.ts'
import { enqueueLeaving } from '../../chat/actions/leave.ts'
import { releaseConversations } from '../../inbox/actions/conversations.ts'
import type { Change } from '../../kit/store/change.ts'
import { releaseTickets } from '../../support/actions/change-ticket.ts'
import { changeUser, type PersonChange } from '../../users/actions/people.ts'
import { mayBeAsked, type User, type UserPatch } from '../../users/schema.ts'
import { isStaff, personIdOf, type ActorOrOperator } from '../../organisations/roles.ts'

/** @throws AppError 404, 409, 422 */
export async function changePerson(
  change: Change,
  actor: ActorOrOperator,
  userId: string,
  patch: UserPatch,
): Promise<User> {
  const done = await changeUser(change, actor, userId, patch)
  await applyPersonChange(change, done, personIdOf(actor))
  return done.after
}

const isOnStaff = ({ isActive, role }: User): boolean => isActive && isStaff(role)
/** Guests neither book nor wait for an approval. */
const mayAsk = ({ isActive, role }: User): boolean => isActive && role !== 'GUEST'
const isDriving = ({ isActive, role }: User): boolean => isActive && role === 'DRIVER'

/** By what an approval policy finds people. */
const STANDING = ['role', 'positionLevel', 'department'] as const

/** Bookings first: whoever cancels one holds it before its approval. @param actorId absent: the system */
export async function applyPersonChange(
  change: Change,
  { before, after }: PersonChange,
  actorId?: string,
): Promise<void> {
  const { id: userId, orgId, fullName } = after
  const who = { orgId, userId, actorId }
  const lost = (is: (user: User) => boolean): boolean => is(before) && !is(after)
  if (lost(mayAsk)) await withdrawRequestsOf(change, who, after)
  if (lost(isDriving)) await releaseTrips(change, who, { assignedDriverId: userId }, fullName)
  if (before.managerId !== after.managerId) await rerouteRequestsOf(change, who)
  if (lost(mayBeAsked)) await rerouteFrom(change, who)
  else if (STANDING.some((each) => before[each] !== after[each])) await reviewStepsOf(change, who)
  if (lost(mayBeAsked)) await endDelegationsOf(change, who, fullName)
  if (lost(isOnStaff)) await releaseTickets(change, who, fullName)
  if (lost(isOnStaff)) await releaseConversations(change, who, fullName)
  if (lost(isOnStaff) || lost(mayBeAsked)) enqueueLeaving(change, orgId, userId)
}
