// One attempt to reach somebody outside: claimed and counted first, then made while nothing is locked (delivery/send.ts),
// then written down. A worker that is killed in between leaves a counted attempt behind, and after the claim's time another
// is made: at least once for whoever is outside.

import type { DeliveryResult } from '../../kit/outside/delivery-result.ts'
import type { Change } from '../../kit/store/change.ts'
import type { ClaimedWork, ExternalOutcome } from '../../kit/outside/external-work.ts'
import { HOUR, plusMs, startOfHour } from '../../kit/time/time.ts'
import type { OutboundMessage } from '../delivery/send.ts'
import { destinationSharesOf } from '../delivery/destination-shares.ts'
import {
  findStoredNotification,
  getRecipient,
  listNotificationsInDigest,
  type StoredNotification,
} from '../queries.ts'
import {
  CLAIM_MARGIN,
  mailCeiling,
  planQuietHours,
  planPersonal,
  type Audience,
  type ChannelPlan,
} from '../rules.ts'
import {
  lockDelivery,
  skipUnwantedOf,
  takeMailPlace,
  updateDelivery,
  updateDigested,
  type DeliveryPatch,
  type DeliveryRow,
} from '../table/deliveries.ts'
import { prepareMessage, type InvitationWriter } from '../delivery/prepare.ts'
import { judgeAttempt } from './attempts.ts'
import { joinDigest } from './plan-deliveries.ts'
import { recordPushOutcome } from './subscriptions.ts'
import { recordWebhookOutcome } from './webhooks.ts'

/** Things that a digest lists; of the others it says how many there are. */
const LONGEST_DIGEST = 100

type Own = DeliveryRow & { userId: string }

export async function claimDelivery(
  change: Change,
  deliveryId: string,
  invite: InvitationWriter,
): Promise<ClaimedWork<OutboundMessage>> {
  const delivery = await lockDelivery(change.db, deliveryId)
  if (!isOwn(delivery)) return undefined
  if (delivery.status === 'FAILED') return revive(change, delivery, invite)
  if (delivery.status !== 'PENDING') return undefined
  if (delivery.nextAttemptAt && change.now < delivery.nextAttemptAt)
    return { notBefore: delivery.nextAttemptAt }
  const told = await toldBy(change, delivery)
  if (told.length === 0) return skip(change, delivery, { skip: 'nothing_left' })
  const { reader, audience } = await getRecipient(change, delivery.orgId, delivery.userId)
  const prepared = await prepareMessage(change, delivery, told, reader, invite)
  const plan =
    'missing' in prepared ? { skip: prepared.missing } : planAgain(change, delivery, told, audience)
  if (plan.skip || 'missing' in prepared) return skip(change, delivery, plan)
  if (plan.notBefore) return wait(change, delivery, plan.notBefore, plan)
  if (await isOneTooMany(change, delivery, told)) return gather(change, delivery)
  return begin(change, delivery, prepared)
}

const isOwn = (delivery: DeliveryRow | undefined): delivery is Own => typeof delivery?.userId === 'string'

/**
 * The job of what was given up rings when somebody tries it again (or when Redis, or a worker that died
 * just then, forgot that it failed): attempts are counted anew.
 */
async function revive(
  change: Change,
  delivery: Own,
  invite: InvitationWriter,
): Promise<ClaimedWork<OutboundMessage>> {
  await write(change, delivery, { status: 'PENDING', revivedAfter: delivery.attempts })
  return claimDelivery(change, delivery.id, invite)
}

async function toldBy(change: Change, delivery: DeliveryRow): Promise<StoredNotification[]> {
  if (delivery.digestAt) {
    await skipUnwantedOf(change.db, delivery.id, change.now)
    return listNotificationsInDigest(change.db, delivery.id, LONGEST_DIGEST)
  }
  const told = delivery.notificationId
    ? await findStoredNotification(change.db, delivery.notificationId)
    : undefined
  return told ? [told] : []
}

/** Wishes and hours as they are now. Whose digest was put off, or was ordered before there was one, goes by itself. */
function planAgain(
  change: Change,
  { channel, digestAt }: DeliveryRow,
  told: readonly StoredNotification[],
  audience: Audience,
): ChannelPlan {
  const [first] = told
  if (channel === 'WEBHOOK' || !first) return {}
  if (!audience.isActive) return { skip: 'left' }
  if (digestAt)
    return planQuietHours(
      told.some(({ priority }) => priority === 'urgent') ? 'urgent' : 'low',
      audience,
      change.now,
    )
  const plan = planPersonal(
    channel,
    { ...first, isRead: first.readAt !== null, isDeleted: first.deletedAt !== null },
    audience,
    undefined,
    change.now,
  )
  return plan.reason === 'digest' ? {} : plan
}

/** A digest may always go, there is one an hour; what was tried before has been counted. */
async function isOneTooMany(
  change: Change,
  { channel, userId, digestAt, attempts }: Own,
  [first]: readonly StoredNotification[],
): Promise<boolean> {
  if (channel !== 'EMAIL' || !first || digestAt || attempts > 0) return false
  const ceiling = mailCeiling(change.config.MAILS_PER_HOUR, {
    priority: first.priority,
    asksForDecision: first.link !== null,
  })
  return !(await takeMailPlace(change.db, userId, startOfHour(change.now), ceiling))
}

/** It goes with the others of this hour, at its end; the digest has a job of its own. */
async function gather(change: Change, delivery: Own): Promise<undefined> {
  const joined = await joinDigest(change, delivery, plusMs(startOfHour(change.now), HOUR))
  await updateDelivery(change.db, delivery.id, { ...joined, reason: 'many_mails', jobId: null }, change.now)
}

async function skip(change: Change, delivery: Own, { skip: reason }: ChannelPlan): Promise<undefined> {
  await write(change, delivery, { status: 'SKIPPED', reason: reason ?? null, nextAttemptAt: null })
}

async function wait(
  change: Change,
  delivery: Own,
  notBefore: Date,
  { reason }: ChannelPlan,
): Promise<{ notBefore: Date }> {
  await write(change, delivery, { nextAttemptAt: notBefore, reason: reason ?? null })
  return { notBefore }
}

/** Nobody else tries before `nextAttemptAt`: whoever claimed it may still be at it. */
async function begin(
  change: Change,
  delivery: Own,
  { by }: Pick<OutboundMessage, 'by'>,
): Promise<ClaimedWork<OutboundMessage>> {
  const longest = change.config.DELIVERY_TIMEOUT + CLAIM_MARGIN
  const busyFor =
    'lane' in by
      ? destinationSharesOf(by).enter(by.lane, {
          all: change.config.WORKER_CONCURRENCY,
          longest,
          slowAfter: 0,
        })
      : undefined
  if (busyFor !== undefined) return wait(change, delivery, plusMs(change.now, busyFor), {})
  if ('lane' in by) destinationSharesOf(by).begin(by.lane)
  await write(change, delivery, {
    attempts: delivery.attempts + 1,
    reason: null,
    nextAttemptAt: plusMs(change.now, longest),
  })
  return { work: { deliveryId: delivery.id, by } }
}

export async function recordAttempt(
  change: Change,
  { deliveryId }: OutboundMessage,
  attempt: DeliveryResult,
): Promise<ExternalOutcome> {
  const delivery = await lockDelivery(change.db, deliveryId)
  if (delivery?.status !== 'PENDING') return 'done'
  const isGone = await noteTarget(change, delivery, attempt)
  const { patch, outcome } = judgeAttempt(change, delivery, attempt, isGone)
  const { status } = patch
  const isTaken = status === 'DELIVERED' && delivery.channel !== 'WEBHOOK'
  await write(change, delivery, isTaken ? { ...patch, status: 'SENT' } : patch)
  return outcome
}

/** @returns whether the other side said that it is gone for good */
async function noteTarget(
  change: Change,
  { id, channel, targetId }: DeliveryRow,
  attempt: Pick<DeliveryResult, 'isDone' | 'code'>,
): Promise<boolean> {
  if (!targetId) return false
  return channel === 'APP_PUSH'
    ? recordPushOutcome(change, targetId, attempt)
    : recordWebhookOutcome(change, { id, targetId }, attempt)
}

/**
 * Its job failed for good, of our own doing: then the delivery is over as well, and can be tried again.
 * What exactly it failed of is for the log.
 */
export async function giveUpDelivery(change: Change, deliveryId: string): Promise<void> {
  const delivery = await lockDelivery(change.db, deliveryId)
  if (delivery?.status !== 'PENDING') return
  await noteTarget(change, delivery, { isDone: false })
  await write(change, delivery, {
    status: 'FAILED',
    reason: null,
    nextAttemptAt: null,
    lastError: `it could not be carried out on our side (job ${delivery.jobId})`,
  })
}

/** What goes with a digest shares its fate, and explains its own waiting. */
async function write(change: Change, delivery: DeliveryRow, patch: DeliveryPatch): Promise<void> {
  await updateDelivery(change.db, delivery.id, patch, change.now)
  if (!delivery.digestAt) return
  const { revivedAfter: _, ...shared } = patch
  await updateDigested(
    change.db,
    delivery.id,
    { ...shared, ...(patch.status === undefined && patch.nextAttemptAt !== null && { reason: 'digest' }) },
    change.now,
  )
}
