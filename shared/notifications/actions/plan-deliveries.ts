// Ordering deliveries: one row for each way, one job for each that is to be taken.

import { randomUUID } from 'node:crypto'
import type { Change } from '../../kit/store/change.ts'
import { takeJobs } from '../../kit/store/outbox.ts'
import { HOUR, plusMs } from '../../kit/time/time.ts'
import { JOB_OF } from '../jobs.ts'
import type { DeliveryPlan } from '../rules.ts'
import type { Channel, Notification } from '../schema.ts'
import { DELIVERY_ROWS, openDigest, updateDelivery, type DeliveryRow } from '../table/deliveries.ts'

type NewDelivery = Omit<DeliveryRow, 'createdAt' | 'updatedAt'>
type Whose = { orgId: string; userId: string }

export async function orderDeliveries(
  change: Change,
  notification: Notification & { orgId: string },
  plans: readonly DeliveryPlan[],
): Promise<void> {
  for (const plan of plans)
    change.addRow(DELIVERY_ROWS, {
      ...(await rowFor(change, notification, plan)),
      notificationId: notification.id,
      targetId: plan.targetId,
      createdAt: change.now,
      updatedAt: change.now,
    })
}

async function rowFor(
  change: Change,
  whose: Whose,
  { channel, skip, reason, notBefore }: DeliveryPlan,
): Promise<NewDelivery> {
  const row = blank(whose, channel)
  if (skip) return { ...row, status: 'SKIPPED', reason: skip }
  // It is shown by the change that makes it (notify.ts).
  if (channel === 'IN_APP') return { ...row, status: 'SENT', attempts: 1 }
  const held = { ...row, reason: reason ?? null, nextAttemptAt: notBefore ?? null }
  if (reason === 'digest' && notBefore) return { ...held, ...(await joinDigest(change, whose, notBefore)) }
  return { ...held, jobId: orderJob(change, row, notBefore) }
}

/** A delivery of its own, about many: whoever is first to wait for it orders it. When it goes just now, an hour later another does. */
export async function joinDigest(
  change: Change,
  whose: Whose,
  at: Date,
): Promise<{ digestId: string; nextAttemptAt: Date }> {
  const row = { ...blank(whose, 'EMAIL'), digestAt: at, nextAttemptAt: at }
  const digest = await openDigest(change.db, row, change.now)
  if (!digest) return joinDigest(change, whose, plusMs(at, HOUR))
  if (digest.isNew)
    await updateDelivery(change.db, digest.id, { jobId: orderJob(change, row, at) }, change.now)
  return { digestId: digest.id, nextAttemptAt: at }
}

/** One that is over, as if it had never been tried; its old job, if it is kept as failed, goes. */
export async function requeueDelivery(change: Change, delivery: DeliveryRow): Promise<void> {
  if (delivery.jobId) await takeJobs(change.db, [delivery.jobId])
  const fresh = {
    status: 'PENDING',
    reason: null,
    nextAttemptAt: null,
    revivedAfter: delivery.attempts,
    digestId: null,
  } as const
  await updateDelivery(change.db, delivery.id, { ...fresh, jobId: orderJob(change, delivery) }, change.now)
}

function orderJob(change: Change, { id, channel }: Pick<DeliveryRow, 'id' | 'channel'>, due?: Date): string {
  return change.enqueue(JOB_OF[channel], { deliveryId: id }, due)
}

function blank({ orgId, userId }: Whose, channel: Channel): NewDelivery {
  return {
    id: randomUUID(),
    orgId,
    userId,
    notificationId: null,
    channel,
    targetId: null,
    status: 'PENDING',
    attempts: 0,
    reason: null,
    lastError: null,
    nextAttemptAt: null,
    providerResponse: null,
    jobId: null,
    revivedAfter: 0,
    digestId: null,
    digestAt: null,
  }
}
