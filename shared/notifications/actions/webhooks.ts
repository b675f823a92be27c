// Webhooks of an organisation: kept by its ADMINs, disabled by the system when nothing arrives there any more.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { AuditAction } from '../../audit/sentences.ts'
import type { DeliveryResult } from '../../kit/outside/delivery-result.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, invalid, malformed, notFound } from '../../kit/declare/errors.ts'
import { declaredFacts } from '../../kit/declare/event.ts'
import { DAY, plusMs } from '../../kit/time/time.ts'
import { listActiveIdsByRole } from '../../users/queries.ts'
import type { Actor } from '../../organisations/roles.ts'
import { notify, settleNotifications } from './notify.ts'
import { newSecret } from '../delivery/signing.ts'
import { deliverFactJob, disableWebhookJob } from '../jobs.ts'
import { lockDelivery } from '../table/deliveries.ts'
import type {
  FactDelivery,
  NewWebhook,
  Replay,
  Webhook,
  WebhookPatch,
  WebhookWithSecret,
} from '../webhook-schema.ts'
import {
  insertFactDelivery,
  lockFactDelivery,
  lockReplayableFacts,
  updateFactDelivery,
} from '../table/facts.ts'
import { requeueDelivery } from './plan-deliveries.ts'
import {
  insertWebhook,
  lockReplayable,
  lockWebhook,
  setWebhookFailing,
  setWebhookWell,
  updateWebhook,
  type WebhookRow,
} from '../table/webhooks.ts'

/** For a receiver to change over to the new secret. */
const OVERLAP = DAY
/** In one transaction. */
const MOST_REPLAYED = 1000

export async function addWebhook(
  change: Change,
  actor: Actor,
  { channel = 'WEBHOOK', url, categories, events, form = 'thin' }: NewWebhook,
): Promise<WebhookWithSecret> {
  mustHear({ channel, categories: categories ?? null, events: events ?? null })
  const webhook = await insertWebhook(
    change.db,
    {
      id: randomUUID(),
      orgId: actor.orgId,
      channel,
      url,
      categories: categories ?? null,
      events: events ?? null,
      form,
      secret: newSecret(),
      oldSecret: null,
      oldSecretUntil: null,
      failingSince: null,
      disabledAt: null,
      disabledReason: null,
    },
    change.now,
  )
  audit(change, webhook, 'webhook_created', actor)
  return { ...publicOf(webhook), secret: webhook.secret }
}

export async function changeWebhook(
  change: Change,
  actor: Actor,
  id: string,
  { isEnabled, ...patch }: WebhookPatch,
): Promise<Webhook> {
  const before = await mustLock(change, actor, id)
  if (patch.events && !before.events) throw invalid('events: this one hears of notifications; add another')
  mustHear({ ...before, ...patch })
  const enabling = isEnabled && { disabledAt: null, disabledReason: null, failingSince: null }
  const disabling = isEnabled === false && { disabledAt: change.now, disabledReason: 'by an ADMIN' }
  const webhook = await updateWebhook(change.db, id, { ...patch, ...enabling, ...disabling }, change.now)
  audit(change, webhook, 'webhook_changed', actor)
  if (isEnabled) await settleNotifications(change, [`webhook:${id}`])
  return publicOf(webhook)
}

export async function removeWebhook(change: Change, actor: Actor, id: string): Promise<Webhook> {
  await mustLock(change, actor, id)
  const webhook = await updateWebhook(change.db, id, { deletedAt: change.now }, change.now)
  audit(change, webhook, 'webhook_removed', actor)
  await settleNotifications(change, [`webhook:${id}`])
  return publicOf(webhook)
}

/** Both secrets sign until the overlap is over. */
export async function rotateSecret(change: Change, actor: Actor, id: string): Promise<WebhookWithSecret> {
  const { secret: oldSecret } = await mustLock(change, actor, id)
  const webhook = await updateWebhook(
    change.db,
    id,
    { secret: newSecret(), oldSecret, oldSecretUntil: plusMs(change.now, OVERLAP) },
    change.now,
  )
  audit(change, webhook, 'webhook_secret_rotated', actor)
  return { ...publicOf(webhook), secret: webhook.secret }
}

/**
 * Sends past deliveries again, each under its own id, so that a receiver can drop what it has. @throws
 * AppError 409 while it is disabled
 */
export async function replayDeliveries(
  change: Change,
  actor: Actor,
  id: string,
  { since, after, all = false }: Replay,
): Promise<{ count: number }> {
  const webhook = await mustLock(change, actor, id)
  if (webhook.disabledAt) throw conflict('The webhook is disabled')
  if ((since === undefined) === (after === undefined) || (after !== undefined && !webhook.events))
    throw invalid(webhook.events ? 'Say either since or after' : 'Say since')
  audit(change, webhook, 'webhook_replayed', actor)
  const begin = after === undefined ? { since: new Date(since ?? 0) } : { after }
  return { count: await (webhook.events ? replayFacts : replayTold)(change, id, begin, all) }
}

type Replaying = (
  change: Change,
  id: string,
  from: { since: Date } | { after: string },
  all: boolean,
) => Promise<number>

const replayTold: Replaying = async (change, id, from, all) => {
  const since = 'since' in from ? from.since : new Date(0)
  const deliveries = await lockReplayable(change.db, id, since, all, MOST_REPLAYED)
  for (const delivery of deliveries) await requeueDelivery(change, delivery)
  return deliveries.length
}

/** In their order: the first of each thing is ordered, and each orders the one after it. */
const replayFacts: Replaying = async (change, id, from, all) => {
  const facts = await lockReplayableFacts(change.db, id, from, all, MOST_REPLAYED)
  const begun = new Set<string>()
  for (const fact of facts) {
    const { id: deliveryId, subjectId } = fact
    await requeueFact(change, fact)
    if (!begun.has(subjectId)) change.enqueue(deliverFactJob, { deliveryId })
    begun.add(subjectId)
  }
  return facts.length
}

const requeueFact = (change: Change, { id, attempts }: { id: string; attempts: number }): Promise<void> =>
  updateFactDelivery(
    change.db,
    id,
    { status: 'PENDING', revivedAfter: attempts, reason: null, nextAttemptAt: null },
    change.now,
  )

/** A fact that did not arrive, as if it had never been tried. @throws AppError 404, 409 unless it failed */
export async function retryFact(change: Change, { orgId, id: actorId }: Actor, id: string): Promise<void> {
  const delivery = await lockFactDelivery(change.db, id)
  if (delivery?.orgId !== orgId) throw notFound('Delivery')
  if (delivery.status !== 'FAILED')
    throw conflict(`The delivery is ${delivery.status}: only what was given up is tried again`)
  await requeueFact(change, delivery)
  change.enqueue(deliverFactJob, { deliveryId: id })
  const metadata = { channel: 'WEBHOOK' }
  recordAudit(change, {
    orgId,
    actorId,
    action: 'delivery_retried',
    entity: 'delivery',
    entityId: id,
    metadata,
  })
}

/** Sends something that means nothing, as a fact would be sent. @throws AppError 404, 409 while it is disabled */
export async function testWebhook(change: Change, actor: Actor, id: string): Promise<FactDelivery> {
  const webhook = await mustLock(change, actor, id)
  if (webhook.disabledAt) throw conflict('The webhook is disabled')
  const fact = { factId: randomUUID(), event: 'webhook.test', subjectId: id }
  const delivery = { ...fact, id: randomUUID(), orgId: actor.orgId, webhookId: id }
  const ordered = await insertFactDelivery(change.db, delivery, change.now)
  change.enqueue(deliverFactJob, { deliveryId: ordered.id })
  audit(change, webhook, 'webhook_tested', actor)
  return ordered
}

/** @throws AppError 400 for facts that there are not, 422 for what hears of facts and of notifications */
function mustHear({ channel, categories, events }: Pick<Webhook, 'channel' | 'categories' | 'events'>): void {
  if (!events) return
  if (channel !== 'WEBHOOK' || categories)
    throw invalid('events: what hears of facts has no categories, and is no gateway')
  const known = declaredFacts()
  const fits = (pattern: string): boolean =>
    known.some((name) => [name, `${name.split('.')[0]}.*`, '*'].includes(pattern))
  const problems = events.flatMap((pattern, at) =>
    fits(pattern)
      ? []
      : [{ path: `/body/events/${at}`, message: `must be one of ${known.join(', ')}, or as in ticket.*` }],
  )
  if (problems.length > 0) throw malformed(problems)
}

/** @returns whether the other side said that it is gone for good */
export async function recordWebhookOutcome(
  change: Change,
  { id: deliveryId, targetId }: { id: string; targetId: string },
  attempt: Pick<DeliveryResult, 'isDone' | 'code'>,
): Promise<boolean> {
  if (attempt.isDone) {
    await setWebhookWell(change.db, targetId)
    return false
  }
  const webhook = await setWebhookFailing(change.db, targetId, change.now)
  const isGone = attempt.code === GONE
  // Telling people is work of its own, and nothing that goes wrong there can undo what is written down here.
  if (webhook && (isGone || isHopeless(change, webhook)))
    change.enqueue(disableWebhookJob, { webhookId: targetId, deliveryId })
  return isGone
}

/** The other side says that it is gone for good. */
const GONE = 410

function isHopeless({ now, config }: Change, { failingSince }: WebhookRow): boolean {
  return failingSince !== null && now >= plusMs(failingSince, config.WEBHOOK_PATIENCE)
}

/** Disables it for what its last attempt failed of, and tells the ADMINs; not if something arrived there since, or somebody was quicker. */
export async function disableFailingWebhook(
  change: Change,
  { webhookId, deliveryId }: { webhookId: string; deliveryId: string },
): Promise<void> {
  const delivery =
    (await lockDelivery(change.db, deliveryId)) ?? (await lockFactDelivery(change.db, deliveryId))
  const webhook = delivery && (await lockWebhook(change.db, delivery.orgId, webhookId))
  if (!webhook?.failingSince || webhook.disabledAt) return
  if (delivery?.providerResponse?.['code'] !== GONE && !isHopeless(change, webhook)) return
  const reason = delivery?.lastError ?? ''
  await updateWebhook(change.db, webhook.id, { disabledAt: change.now, disabledReason: reason }, change.now)
  audit(change, webhook, 'webhook_disabled')
  for (const userId of await listActiveIdsByRole(change.db, webhook.orgId, ['ADMIN'])) {
    notify(change, {
      orgId: webhook.orgId,
      userId,
      type: 'WEBHOOK_DISABLED',
      asks: [`webhook:${webhook.id}`],
      parameters: { address: hostOf(webhook), reason },
      data: { webhookId: webhook.id },
    })
  }
}

async function mustLock(change: Change, actor: Actor, id: string): Promise<WebhookRow> {
  const webhook = await lockWebhook(change.db, actor.orgId, id)
  if (!webhook) throw notFound('Webhook')
  return webhook
}

function publicOf({ orgId: _org, secret: _secret, oldSecret: _old, ...webhook }: WebhookRow): Webhook {
  return webhook
}

function audit(
  change: Change,
  { id, orgId, channel, url }: WebhookRow,
  action: AuditAction,
  actor?: Actor,
): void {
  recordAudit(change, {
    orgId,
    ...(actor && { actorId: actor.id }),
    action,
    entity: 'webhook',
    entityId: id,
    metadata: { channel, host: hostOf({ url }) },
  })
}

/** The rest of an address may hold what opens it. */
const hostOf = ({ url }: Pick<WebhookRow, 'url'>): string => new URL(url).host
