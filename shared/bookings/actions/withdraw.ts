// Taking back what one asked for while it waits for a decision: a booking is cancelled, anything else needs none any more.

import { withdrawLocked } from '../../approvals/actions/decide.ts'
import { lockSeen, mustBeOfRequester } from '../../approvals/actions/talk.ts'
import { getApproval } from '../../approvals/queries.ts'
import { OWN_SUBJECT, type Approval } from '../../approvals/schema.ts'
import { conflict } from '../../kit/declare/errors.ts'
import type { Change } from '../../kit/store/change.ts'
import { personIdOf, type Actor } from '../../organisations/roles.ts'
import { cancelBooking } from './move.ts'

/** @throws AppError 403 for everybody but the requester, 404, 409 when it is decided */
export async function withdrawRequest(
  change: Change,
  actor: Actor,
  approvalId: string,
  { notes }: { notes?: string | undefined },
): Promise<Approval> {
  const approval = await lockSeen(change, actor, approvalId)
  mustBeOfRequester(actor, approval)
  if (approval.status !== 'PENDING')
    throw conflict(`Approval already ${approval.status.toLowerCase()}`, 'already_decided')
  if (approval.subjectType === OWN_SUBJECT)
    await cancelBooking(
      change,
      actor,
      { id: approval.subjectId, ifMatch: undefined },
      { reason: 'USER_REQUEST', ...(notes !== undefined && { notes }) },
    )
  else await withdrawLocked(change, personIdOf(actor), approval, notes)
  return getApproval(change.db, actor, approvalId, change.now)
}
