// Facts: what an organisation's own systems hear of through webhooks, each of them once, and in order for each thing.

import { randomUUID } from 'node:crypto'
import type { FactDeclaration } from '../../kit/declare/event.ts'
import type { DeliveryResult } from '../../kit/outside/delivery-result.ts'
import type { ClaimedWork, ExternalOutcome } from '../../kit/outside/external-work.ts'
import type { Change } from '../../kit/store/change.ts'
import { plusMs } from '../../kit/time/time.ts'
import { destinationSharesOf } from '../delivery/destination-shares.ts'
import type { OutboundMessage } from '../delivery/send.ts'
import { signedHeaders } from '../delivery/signing.ts'
import { deliverFactJob } from '../jobs.ts'
import { CLAIM_MARGIN } from '../rules.ts'
import {
  FACT_ROWS,
  findFirstOpen,
  lockFactDelivery,
  updateFactDelivery,
  type FactDeliveryRow,
} from '../table/facts.ts'
import { findWebhookRow, type WebhookRow } from '../table/webhooks.ts'
import { judgeAttempt } from './attempts.ts'
import { recordWebhookOutcome } from './webhooks.ts'

/** Whose it is, and which thing it is about. */
interface FactSubject {
  orgId: string
  id: string
}

/** People hear it on their channels, the organisation's own systems through its webhooks. */
export function emitFact<T>(
  change: Change,
  fact: FactDeclaration<T>,
  about: FactSubject,
  channels: readonly string[],
  data: NoInfer<T>,
): void {
  change.emit(fact, channels, data)
  announceFact(change, fact, about, data)
}

/** For the organisation's own systems only, where people are told apart from each other. */
export function announceFact<T>(
  change: Change,
  { name: event }: FactDeclaration<T>,
  { orgId, id: subjectId }: FactSubject,
  data: NoInfer<T>,
): void {
  const requestId = change.origin.requestId
  change.addRow(FACT_ROWS, { id: randomUUID(), orgId, event, subjectId, data, at: change.now, requestId })
}

/** What comes before it about the same thing goes first: whoever ends that orders this one. */
export async function claimFact(change: Change, deliveryId: string): Promise<ClaimedWork<OutboundMessage>> {
  const delivery = await lockFactDelivery(change.db, deliveryId)
  if (!delivery) return undefined
  if (delivery.status === 'FAILED') return revive(change, delivery)
  if (delivery.status !== 'PENDING') return undefined
  if (delivery.nextAttemptAt && change.now < delivery.nextAttemptAt)
    return { notBefore: delivery.nextAttemptAt }
  if ((await findFirstOpen(change.db, delivery))?.id !== delivery.id) return undefined
  const webhook = await findWebhookRow(change.db, delivery.webhookId)
  if (!webhook || webhook.disabledAt)
    return skip(change, delivery, webhook ? 'webhook_disabled' : 'webhook_deleted')
  return begin(change, delivery, webhook)
}

/** Its job was given up, and somebody tries it again: attempts are counted anew. */
async function revive(change: Change, delivery: FactDeliveryRow): Promise<ClaimedWork<OutboundMessage>> {
  const { id, attempts } = delivery
  await updateFactDelivery(change.db, id, { status: 'PENDING', revivedAfter: attempts }, change.now)
  return claimFact(change, id)
}

async function skip(
  change: Change,
  delivery: FactDeliveryRow,
  reason: FactDeliveryRow['reason'],
): Promise<undefined> {
  const skipped = { status: 'SKIPPED', reason, nextAttemptAt: null } as const
  await updateFactDelivery(change.db, delivery.id, skipped, change.now)
  await orderNext(change, delivery)
}

async function begin(
  change: Change,
  { id, factId, event, at, data, subjectId, attempts }: FactDeliveryRow,
  webhook: WebhookRow,
): Promise<ClaimedWork<OutboundMessage>> {
  const body = JSON.stringify({ type: event, timestamp: at, data: data ?? { id: subjectId } })
  const by = {
    url: webhook.url,
    headers: signedHeaders(webhook, factId, body, change.now),
    body,
    lane: webhook.id,
  }
  const longest = change.config.DELIVERY_TIMEOUT + CLAIM_MARGIN
  const shares = destinationSharesOf(by)
  const all = change.config.WORKER_CONCURRENCY
  const busyFor = shares.enter(by.lane, { all, longest, slowAfter: 0 })
  if (busyFor !== undefined) return { notBefore: plusMs(change.now, busyFor) }
  shares.begin(by.lane)
  const claimed = { attempts: attempts + 1, nextAttemptAt: plusMs(change.now, longest) }
  await updateFactDelivery(change.db, id, claimed, change.now)
  return { work: { deliveryId: id, by } }
}

export async function recordFactAttempt(
  change: Change,
  { deliveryId }: OutboundMessage,
  attempt: DeliveryResult,
): Promise<ExternalOutcome> {
  const delivery = await lockFactDelivery(change.db, deliveryId)
  if (delivery?.status !== 'PENDING') return 'done'
  const target = { id: deliveryId, targetId: delivery.webhookId }
  const isGone = await recordWebhookOutcome(change, target, attempt)
  const { patch, outcome } = judgeAttempt(change, delivery, attempt, isGone)
  await updateFactDelivery(change.db, deliveryId, patch, change.now)
  if (patch.status !== undefined) await orderNext(change, delivery)
  return outcome
}

/** Its job failed for good, of our own doing. What comes after it goes on. */
export async function giveUpFact(change: Change, deliveryId: string): Promise<void> {
  const delivery = await lockFactDelivery(change.db, deliveryId)
  if (delivery?.status !== 'PENDING') return
  const lastError = 'it could not be carried out on our side'
  const failed = { status: 'FAILED', nextAttemptAt: null, lastError } as const
  await updateFactDelivery(change.db, deliveryId, failed, change.now)
  await orderNext(change, delivery)
}

/** The one that waited for this one; its own job may have found it waiting, and ended. */
async function orderNext(change: Change, ended: FactDeliveryRow): Promise<void> {
  const next = await findFirstOpen(change.db, ended)
  if (next) change.enqueue(deliverFactJob, { deliveryId: next.id }, next.nextAttemptAt ?? undefined)
}
