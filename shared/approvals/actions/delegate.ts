// Delegation: while somebody is away, another decides in their place. It does not cascade: the delegate's own delegate
// has no say, so a circle would help nobody and is refused.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, invalid, notFound } from '../../kit/declare/errors.ts'
import { settleNotifications } from '../../notifications/actions/notify.ts'
import { lockUserForWork } from '../../users/actions/hold.ts'
import { mayBeAsked } from '../../users/schema.ts'
import { findDelegation, listDelegationsWithin } from '../delegation/queries.ts'
import { closesCircle } from '../rules.ts'
import type { Delegation, NewDelegation } from '../schema.ts'
import { insertDelegation, lockDelegations, setRevoked } from '../delegation/table.ts'
import type { Actor } from '../../organisations/roles.ts'

export async function delegateApprovals(
  change: Change,
  actor: Actor,
  ask: NewDelegation,
): Promise<Delegation> {
  const [fromAt, untilAt] = [new Date(ask.from), new Date(ask.until)]
  if (fromAt >= untilAt) throw invalid('from must be before until')
  if (untilAt <= change.now) throw invalid('until must be in the future')
  await mustBeFit(change, actor, ask.delegateId)
  await lockDelegations(change.db, actor.orgId)
  const others = await listDelegationsWithin(change.db, actor.orgId, fromAt, untilAt)
  if (others.some((each) => each.delegatorId === actor.id))
    throw conflict('You have delegated for a part of this time already')
  if (closesCircle(actor.id, ask.delegateId, others)) throw conflict('This would delegate in a circle')

  const delegation = {
    id: randomUUID(),
    delegatorId: actor.id,
    delegateId: ask.delegateId,
    fromAt,
    untilAt,
    revokedAt: null,
    createdAt: change.now,
  }
  await insertDelegation(change.db, { ...delegation, orgId: actor.orgId })
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'delegation_created',
    entity: 'delegation',
    entityId: delegation.id,
    metadata: { delegateId: ask.delegateId },
  })
  await settleNotifications(change, [`delegation:${actor.id}`])
  return delegation
}

/** Customers and guests are not of the organisation. */
async function mustBeFit(change: Change, actor: Actor, delegateId: string): Promise<void> {
  if (delegateId === actor.id) throw invalid('delegateId: nobody delegates to themselves')
  const delegatee = await lockUserForWork(change, actor.orgId, delegateId)
  if (!delegatee || !mayBeAsked(delegatee))
    throw invalid('delegateId: there is no such person who could decide')
}

export async function revokeDelegation(change: Change, actor: Actor, id: string): Promise<Delegation> {
  const delegation = await findDelegation(change.db, actor.id, id)
  if (!delegation) throw notFound('Delegation')
  if (delegation.revokedAt) return delegation
  await setRevoked(change.db, id, change.now)
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'delegation_revoked',
    entity: 'delegation',
    entityId: id,
  })
  return { ...delegation, revokedAt: change.now }
}
