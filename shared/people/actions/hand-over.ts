// What somebody holds goes to a colleague, before they leave or while they are away.

import { handOverApprovals } from '../../approvals/actions/reroute.ts'
import { recordAudit } from '../../audit/actions.ts'
import { handOverTrips } from '../../bookings/actions/hand-over.ts'
import { handOverConversations } from '../../inbox/actions/conversations.ts'
import { invalid } from '../../kit/declare/errors.ts'
import type { Change } from '../../kit/store/change.ts'
import type { Actor } from '../../organisations/roles.ts'
import { handOverTickets } from '../../support/actions/change-ticket.ts'
import { lockHierarchyForWork } from '../../users/actions/hold.ts'
import { findUser, getUser } from '../../users/queries.ts'
import { mayBeAsked } from '../../users/schema.ts'
import { getHoldings } from '../queries.ts'
import type { HandedOver } from '../schema.ts'

/**
 * What the other may not take stays: of agents' work all unless they are of the staff, of trips all unless they drive, of approvals
 * their own requests. The answer says what is left. @throws AppError 404, 422
 */
export async function handOver(
  change: Change,
  actor: Actor,
  userId: string,
  toId: string,
): Promise<HandedOver> {
  await lockHierarchyForWork(change, actor.orgId)
  await getUser(change.db, actor.orgId, userId)
  if (toId === userId) throw invalid('to: this is the person who hands over')
  const to = await findUser(change.db, actor.orgId, toId)
  if (!to || !mayBeAsked(to)) throw invalid('to: there is no such active person of the organisation')
  // In the order in which a departure takes them.
  const handedOver = {
    bookings: await handOverTrips(change, actor, userId, to),
    approvals: await handOverApprovals(change, { orgId: actor.orgId, userId, actorId: actor.id }, to),
    tickets: await handOverTickets(change, actor, userId, to),
    conversations: await handOverConversations(change, actor, userId, to),
  }
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'handed_over',
    entity: 'user',
    entityId: userId,
    metadata: { toId, ...handedOver },
  })
  return { handedOver, holdings: await getHoldings(change, actor.orgId, userId) }
}
