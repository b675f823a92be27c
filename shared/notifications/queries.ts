import type { Reading } from '../kit/store/change.ts'
import { askTogether } from '../kit/store/ask-together.ts'
import { preparedRowsOf, type Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import {
  countAllFound,
  NEWEST_FIRST,
  OLDEST_FIRST,
  readPage,
  readPageOfAll,
  type Listed,
  type PagePart,
} from '../kit/store/keyset.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import type { Actor } from '../organisations/roles.ts'
import { ADDRESSEE_COLUMNS, hasMailbox, type Addressee } from '../users/queries.ts'
import { NO_PREFERENCES, type Audience } from './rules.ts'
import {
  CATEGORIES,
  Delivery,
  Notification,
  Preferences,
  Subscription,
  type NotificationKind,
} from './schema.ts'
import type { NotificationLink } from './table/notifications.ts'
import { FactDelivery, Webhook } from './webhook-schema.ts'
import { LIVE_SUBSCRIPTION } from './table/ways.ts'

interface Filter extends NotificationKind {
  unread?: boolean
}

export async function listNotifications(
  db: Db,
  userId: string,
  filter: Filter,
  part: PagePart,
): Promise<Listed<Notification>> {
  return readPageOfAll(db, matching(db, userId, filter), columnsOf(Notification), NEWEST_FIRST, part)
}

export function countNotifications(db: Db, userId: string, filter: Filter): Promise<number> {
  return countAllFound(db, matching(db, userId, filter))
}

/** What is unread has an index without the audit; of all else each category has its place in one. */
function matching(db: Db, userId: string, { unread, category, except }: Filter) {
  const found = (of: object) => {
    const query = db('notifications')
      .where({ userId, ...of })
      .whereNull('deletedAt')
    if (unread !== undefined) void (unread ? query.whereNull('readAt') : query.whereNotNull('readAt'))
    return query
  }
  if (category) return category === except ? [] : [found({ category })]
  if (!except) return [found({})]
  if (unread) return [found({}).whereNot({ category: except })]
  return CATEGORIES.filter((each) => each !== except).map((each) => found({ category: each }))
}

/** Deleted ones too: whoever delivers them looks. */
export type StoredNotification = Notification & {
  orgId: string
  link: NotificationLink | null
  deletedAt: Date | null
}

const TOLD_COLUMNS = [...columnsOf(Notification), 'orgId', 'link', 'deletedAt']

export async function findStoredNotification(db: Db, id: string): Promise<StoredNotification | undefined> {
  return db('notifications').where({ id }).first(TOLD_COLUMNS)
}

/** What goes with a digest: what asks for a decision first, then oldest first. */
export async function listNotificationsInDigest(
  db: Db,
  digestId: string,
  limit: number,
): Promise<StoredNotification[]> {
  const ids = db('deliveries').where({ digestId, status: 'PENDING' }).select('notificationId')
  return db('notifications')
    .whereIn('id', ids)
    .orderByRaw('link is null, created_at, id')
    .limit(limit)
    .select(TOLD_COLUMNS)
}

export async function countNotificationsInDigest(db: Db, digestId: string): Promise<number> {
  const [row] = await db('deliveries').where({ digestId, status: 'PENDING' }).count<{ count: number }[]>()
  return row?.count ?? 0
}

/** @throws AppError 404, also for whoever is neither the one who is told nor an ADMIN */
export async function getOwnOrGoverned(db: Db, actor: Actor, id: string): Promise<StoredNotification> {
  const told = await findStoredNotification(db, id)
  if (told?.orgId !== actor.orgId || told.deletedAt || !mayLookAfter(actor, told.userId))
    throw notFound('Notification')
  return told
}

export function mayLookAfter(actor: Actor, userId: string | null): boolean {
  return actor.id === userId || actor.role === 'ADMIN'
}

export async function listDeliveriesOf(db: Db, notificationId: string): Promise<Delivery[]> {
  return db('deliveries')
    .where({ notificationId })
    .orderBy(['createdAt', 'channel', 'id'])
    .select(columnsOf(Delivery))
}

export async function listDeliveriesTo(db: Db, targetId: string, part: PagePart): Promise<Listed<Delivery>> {
  return readPage(db('deliveries').where({ targetId }), columnsOf(Delivery), NEWEST_FIRST, part)
}

/** Facts of the last 30 days. */
export async function listFactsTo(db: Db, webhookId: string, part: PagePart): Promise<Listed<FactDelivery>> {
  return readPage(db('fact_deliveries').where({ webhookId }), columnsOf(FactDelivery), NEWEST_FIRST, part)
}

/** Notifications whose words name or quote somebody or something. */
export async function listQuoting(db: Db, sourceId: string): Promise<string[]> {
  return db('notifications').whereRaw('sources @> array[?]::uuid[]', [sourceId]).pluck('id')
}

export async function getDelivery(db: Db, id: string): Promise<Delivery> {
  const delivery: Delivery | undefined = await db('deliveries').where({ id }).first(columnsOf(Delivery))
  if (!delivery) throw notFound('Delivery')
  return delivery
}

export async function getPreferences(db: Db, userId: string): Promise<Preferences> {
  return (await db('preferences').where({ userId }).first(columnsOf(Preferences))) ?? NO_PREFERENCES
}

export async function listSubscriptions(
  { db, now }: Pick<Reading, 'db' | 'now'>,
  userId: string,
  part: PagePart,
): Promise<Listed<Subscription>> {
  const own = db('push_subscriptions as p').where({ userId }).whereRaw(LIVE_SUBSCRIPTION, { now })
  return readPage(own, columnsOf(Subscription), OLDEST_FIRST, part)
}

/** Beside this browser, which may be subscribed again. */
export async function countOtherSubscriptions(
  { db, now }: Pick<Reading, 'db' | 'now'>,
  userId: string,
  endpoint: string,
): Promise<number> {
  const [row] = await db('push_subscriptions as p')
    .where({ userId })
    .whereNot({ endpoint })
    .whereRaw(LIVE_SUBSCRIPTION, { now })
    .count<{ count: number }[]>()
  return row?.count ?? 0
}

/** Whoever is told something, and what decides on the ways to them. */
export interface Recipient {
  reader: Addressee
  audience: Audience
}

/** One round trip, for everybody who is told anything needs it. Those who are nowhere are left out. */
export function listRecipients(
  { db, now }: Pick<Reading, 'db' | 'now'>,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Recipient>> {
  return readRecipients(db, { userIds, now })
}

const readRecipients = askTogether(
  async (db, asked: readonly { userIds: readonly string[]; now: Date }[]) => {
    const rows = await preparedRowsOf<Addressee & Preferences & Pick<Audience, 'subscriptions' | 'webhooks'>>(
      db,
      'list_recipients',
      `select ${ADDRESSEE_COLUMNS}, coalesce(w.choices, '[]') as choices, w.quiet_hours, w.snooze_until, w.digest_at,
       array(select p.id::text from push_subscriptions p where p.user_id = u.id and ${LIVE_SUBSCRIPTION}
       order by p.created_at) as subscriptions,
       (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'channel', channel, 'categories',
       categories, 'isDisabled', disabled_at is not null) order by created_at), '[]')
        from webhooks where org_id = u.org_id and deleted_at is null and events is null) as webhooks
     from users u join organisations o on o.id = u.org_id left join preferences w on w.user_id = u.id
     where u.id in (select id::uuid from jsonb_array_elements_text(:userIds) as asked(id))`,
      // As JSON, whose length PostgreSQL never guesses from what is sent: of an array it would, and plan anew each time.
      { userIds: JSON.stringify([...new Set(asked.flatMap(({ userIds }) => userIds))]), now: asked[0]?.now },
    )
    const recipients = new Map(rows.map((row) => [row.id, recipientOf(row)]))
    return asked.map(() => recipients)
  },
)

function recipientOf({
  choices,
  quietHours,
  snoozeUntil,
  digestAt,
  subscriptions,
  webhooks,
  ...reader
}: Addressee & Preferences & Pick<Audience, 'subscriptions' | 'webhooks'>): Recipient {
  return {
    reader,
    audience: {
      preferences: { choices, quietHours, snoozeUntil, digestAt },
      subscriptions,
      webhooks,
      isActive: reader.isActive,
      hasPhone: reader.phone !== null,
      hasAddress: hasMailbox(reader),
      timezone: reader.timezone,
    },
  }
}

/** @throws AppError 404 */
export async function getRecipient(
  reading: Pick<Reading, 'db' | 'now'>,
  orgId: string,
  userId: string,
): Promise<Recipient> {
  const found = (await listRecipients(reading, [userId])).get(userId)
  if (found?.reader.orgId !== orgId) throw notFound('User')
  return found
}

export function listWebhooks(db: Db, orgId: string, part: PagePart): Promise<Listed<Webhook>> {
  const kept = db('webhooks').where({ orgId }).whereNull('deletedAt')
  return readPage(kept, columnsOf(Webhook), OLDEST_FIRST, part)
}

export async function getWebhook(db: Db, orgId: string, id: string): Promise<Webhook> {
  const webhook: Webhook | undefined = await db('webhooks')
    .where({ orgId, id })
    .whereNull('deletedAt')
    .first(columnsOf(Webhook))
  if (!webhook) throw notFound('Webhook')
  return webhook
}
