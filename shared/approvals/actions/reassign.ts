// An ADMIN has somebody else decide, and says why.

import type { Change } from '../../kit/store/change.ts'
import { conflict, invalid, notFound } from '../../kit/declare/errors.ts'
import { isOfOrganisation, type Actor } from '../../organisations/roles.ts'
import { lockHierarchyForWork } from '../../users/actions/hold.ts'
import { listActiveAmong } from '../../users/queries.ts'
import { approversBefore, openStepOf, waitingOf } from '../decision/rules.ts'
import { getApproval } from '../queries.ts'
import type { Reassignment } from '../requests/schema.ts'
import type { Approval } from '../schema.ts'
import { lockApproval, type ApprovalRow } from '../table.ts'
import { handOverPart } from './replace-deciders.ts'
import { askInstead } from './reroute.ts'

/** Whoever is asked now has a whole term. @throws AppError 404, 409 when it is decided, 422 for who cannot decide on it */
export async function reassignApproval(
  change: Change,
  actor: Actor,
  approvalId: string,
  { fromId, toId, reason }: Reassignment,
): Promise<Approval> {
  await lockHierarchyForWork(change, actor.orgId)
  const approval = await lockApproval(change.db, approvalId, change.now)
  if (approval?.orgId !== actor.orgId) throw notFound('Approval')
  if (approval.status !== 'PENDING')
    throw conflict(`Approval already ${approval.status.toLowerCase()}`, 'already_decided')
  const waiting = askedNow(approval)
  const from = fromId ?? (waiting.length === 1 ? waiting[0] : undefined)
  if (!from) throw invalid('fromId: several people are asked, so it has to be said in whose place')
  if (!waiting.includes(from)) throw invalid('fromId: it does not wait for this person')
  await mustBeAble(change, approval, toId)
  const by = { actorId: actor.id, reason }
  const { route } = approval
  if (route) await handOverPart(change, { ...approval, route }, { fromId: from, toId, ...by })
  else await askInstead(change, approval, toId, actor.id, reason)
  return getApproval(change.db, actor, approvalId, change.now)
}

function askedNow({ route, approverId }: ApprovalRow): string[] {
  if (route) return waitingOf(route)
  return approverId ? [approverId] : []
}

/** Nobody decides their own request, and nobody twice. @throws AppError 422 */
async function mustBeAble(change: Change, approval: ApprovalRow, toId: string): Promise<void> {
  const [person] = await listActiveAmong(change.db, approval.orgId, [toId])
  if (!person || !isOfOrganisation(person.role))
    throw invalid('toId: there is no such person who could decide')
  if (toId === approval.requesterId) throw invalid('toId: nobody decides their own request')
  const { route } = approval
  const decisions = (route && openStepOf(route)?.decisions) ?? []
  const hasDecided =
    route !== null &&
    (approversBefore(route).has(toId) || decisions.some(({ userId, byId }) => [userId, byId].includes(toId)))
  if (hasDecided) throw invalid('toId: this person has decided on it already')
  if (askedNow(approval).includes(toId)) throw invalid('toId: this person is asked already')
}
