// Looking after deliveries: trying again what was given up, and forgetting what is old.

import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, notFound } from '../../kit/declare/errors.ts'
import { DAY, plusMs } from '../../kit/time/time.ts'
import type { Actor } from '../../organisations/roles.ts'
import { expireNotificationsJob } from '../jobs.ts'
import { getDelivery, mayLookAfter } from '../queries.ts'
import type { Delivery } from '../schema.ts'
import { deleteNotificationsBefore } from '../table/notifications.ts'
import { deleteFactsBefore } from '../table/facts.ts'
import { requeueDelivery } from './plan-deliveries.ts'
import { deleteDigestsBefore, lockDelivery } from '../table/deliveries.ts'

/** Rows in one transaction of the retention. */
const BATCH = 1000
/** For so long facts can be sent again. */
const KEEP_FACTS = 30 * DAY

/** @throws AppError 404 for whoever is neither the one who is told nor an ADMIN, 409 unless it was given up */
export async function retryDelivery(change: Change, actor: Actor, id: string): Promise<Delivery> {
  const delivery = await lockDelivery(change.db, id)
  if (delivery?.orgId !== actor.orgId || !mayLookAfter(actor, delivery.userId)) throw notFound('Delivery')
  if (delivery.status !== 'FAILED')
    throw conflict(`The delivery is ${delivery.status}: only what was given up is tried again`)
  await requeueDelivery(change, delivery)
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'delivery_retried',
    entity: 'delivery',
    entityId: id,
    metadata: { channel: delivery.channel },
  })
  return getDelivery(change.db, id)
}

export async function expireNotifications(change: Change): Promise<void> {
  const before = plusMs(change.now, -change.config.NOTIFICATION_RETENTION)
  const count = await deleteNotificationsBefore(change.db, before, BATCH)
  await deleteDigestsBefore(change.db, before)
  const facts = await deleteFactsBefore(change.db, plusMs(change.now, -KEEP_FACTS), BATCH)
  if (count === BATCH || facts === BATCH) change.enqueue(expireNotificationsJob, {})
}
