// Browsers that show notifications while no page of ours is open (web push).

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { AuditAction } from '../../audit/sentences.ts'
import type { DeliveryResult } from '../../kit/outside/delivery-result.ts'
import type { Change } from '../../kit/store/change.ts'
import { notFound } from '../../kit/declare/errors.ts'
import type { Actor } from '../../organisations/roles.ts'
import type { NewSubscription, Subscription } from '../schema.ts'
import { countOtherSubscriptions } from '../queries.ts'
import { deleteSubscription, upsertSubscription } from '../table/ways.ts'

export async function addPushSubscription(
  change: Change,
  actor: Actor,
  { endpoint, keys }: NewSubscription,
): Promise<Subscription> {
  change.mustHaveRoom(
    actor.role === 'GUEST' ? 'subscriptions.guest' : 'subscriptions.person',
    await countOtherSubscriptions(change, actor.id, endpoint),
  )
  const subscription = await upsertSubscription(
    change.db,
    { id: randomUUID(), orgId: actor.orgId, userId: actor.id, sessionId: actor.sessionId, endpoint, keys },
    change.now,
  )
  audit(change, actor, subscription, 'subscription_added')
  return subscription
}

export async function removePushSubscription(
  change: Change,
  actor: Actor,
  id: string,
): Promise<Subscription> {
  const subscription = await deleteSubscription(change.db, { id, userId: actor.id })
  if (!subscription) throw notFound('Subscription')
  audit(change, actor, subscription, 'subscription_removed')
  return subscription
}

/** An endpoint that is gone never comes back: the browser subscribes anew (RFC 8030, 7.3). @returns whether it is */
export async function recordPushOutcome(
  change: Change,
  id: string,
  { code }: Pick<DeliveryResult, 'code'>,
): Promise<boolean> {
  const isGone = code === 404 || code === 410
  if (isGone) await deleteSubscription(change.db, { id })
  return isGone
}

function audit(change: Change, actor: Actor, { id }: Subscription, action: AuditAction): void {
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action,
    entity: 'subscription',
    entityId: id,
  })
}
