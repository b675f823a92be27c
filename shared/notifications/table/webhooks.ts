// Every write and row lock of webhooks. Private to the domain.

import { violatedUnique, type Db } from '../../kit/store/db.ts'
import { conflict } from '../../kit/declare/errors.ts'
import { columnsOf } from '../../kit/declare/schema.ts'
import type { Secrets } from '../delivery/signing.ts'
import { Webhook } from '../webhook-schema.ts'
import { type DeliveryRow, DELIVERY_COLUMNS } from './deliveries.ts'

export type WebhookRow = Webhook & Secrets & { orgId: string }

const WEBHOOK_COLUMNS = [...columnsOf(Webhook), 'orgId', 'secret', 'oldSecret'] as const

/** With what signs. Deleted ones are not there. */
export async function findWebhookRow(db: Db, id: string): Promise<WebhookRow | undefined> {
  return db('webhooks')
    .where({ id })
    .whereNull('deletedAt')
    .first(...WEBHOOK_COLUMNS)
}

export async function insertWebhook(
  db: Db,
  webhook: Omit<WebhookRow, 'createdAt' | 'updatedAt'>,
  now: Date,
): Promise<WebhookRow> {
  try {
    const [row] = await db('webhooks')
      .insert({
        ...webhook,
        categories: webhook.categories && JSON.stringify(webhook.categories),
        createdAt: now,
        updatedAt: now,
      })
      .returning([...WEBHOOK_COLUMNS])
    return row
  } catch (error) {
    if (violatedUnique(error) === 'webhooks_one_gateway')
      throw conflict('There is a gateway for this channel already')
    throw error
  }
}

export async function lockWebhook(db: Db, orgId: string, id: string): Promise<WebhookRow | undefined> {
  return db('webhooks')
    .where({ orgId, id })
    .whereNull('deletedAt')
    .forUpdate()
    .first(...WEBHOOK_COLUMNS)
}

export async function updateWebhook(
  db: Db,
  id: string,
  patch: Partial<WebhookRow> & { deletedAt?: Date },
  now: Date,
): Promise<WebhookRow> {
  const { categories, ...rest } = patch
  const [row] = await db('webhooks')
    .where({ id })
    .update({
      ...rest,
      ...(categories !== undefined && { categories: categories && JSON.stringify(categories) }),
      updatedAt: now,
    })
    .returning([...WEBHOOK_COLUMNS])
  return row
}

/** Writes nothing where nothing is the matter, as is usual: then many deliveries to one webhook do not wait for its row. */
export async function setWebhookWell(db: Db, id: string): Promise<void> {
  await db('webhooks').where({ id }).whereNotNull('failingSince').update({ failingSince: null })
}

/** @returns the webhook, unless it is disabled already or gone */
export async function setWebhookFailing(db: Db, id: string, now: Date): Promise<WebhookRow | undefined> {
  const [row] = await db('webhooks')
    .where({ id })
    .whereNull('disabledAt')
    .whereNull('deletedAt')
    .update({ failingSince: db.raw('coalesce(failing_since, ?)', [now]) })
    .returning([...WEBHOOK_COLUMNS])
  return row
}

/** What did not arrive there, or everything, oldest first. What is under way is not among it. */
export async function lockReplayable(
  db: Db,
  webhookId: string,
  since: Date,
  all: boolean,
  limit: number,
): Promise<DeliveryRow[]> {
  const statuses = all ? ['FAILED', 'SKIPPED', 'SENT', 'DELIVERED'] : ['FAILED', 'SKIPPED']
  return db('deliveries')
    .where({ targetId: webhookId })
    .where('createdAt', '>=', since)
    .whereIn('status', statuses)
    .orderBy(['createdAt', 'id'])
    .limit(limit)
    .forUpdate()
    .select(...DELIVERY_COLUMNS)
}
