// Every write and row lock of preferences and push subscriptions. Private to the domain.

import type { Db } from '../../kit/store/db.ts'
import { columnsOf } from '../../kit/declare/schema.ts'
import type { PushTarget } from '../delivery/push.ts'
import { Subscription, type Preferences } from '../schema.ts'

/** Also of somebody who never said any: changes of one person's come one after the other. */
export async function lockPreferences(
  db: Db,
  who: { userId: string; orgId: string },
  now: Date,
): Promise<void> {
  await db('preferences')
    .insert({ ...who, updatedAt: now })
    .onConflict('userId')
    .merge(['userId'])
}

export async function upsertPreferences(
  db: Db,
  who: { userId: string; orgId: string },
  preferences: Preferences,
  now: Date,
): Promise<void> {
  const { choices, quietHours, ...rest } = preferences
  await db('preferences')
    .insert({
      ...who,
      ...rest,
      choices: JSON.stringify(choices),
      quietHours: quietHours && JSON.stringify(quietHours),
      updatedAt: now,
    })
    .onConflict('userId')
    .merge()
}

/** Of a row p of push_subscriptions, at :now. One of an earlier release does not say its session: it lives with any of its person's. */
export const LIVE_SUBSCRIPTION = `exists (
  select from sessions s where s.user_id = p.user_id and s.id = coalesce(p.session_id, s.id)
  and s.ended_at is null and s.expires_at > :now)`

/**
 * A browser has one subscription, of whoever is signed in there last. When it changes hands it is another one, with an id of
 * its own: what waits for the one before finds nobody.
 */
export async function upsertSubscription(
  db: Db,
  subscription: PushTarget & { id: string; orgId: string; userId: string; sessionId: string },
  now: Date,
): Promise<Subscription> {
  const unlessSame = (column: string) =>
    db.raw(
      'case when push_subscriptions.user_id = excluded.user_id then push_subscriptions.?? else excluded.?? end',
      [column, column],
    )
  const [row] = await db('push_subscriptions')
    .insert({ ...subscription, keys: JSON.stringify(subscription.keys), createdAt: now })
    .onConflict('endpoint')
    .merge({
      id: unlessSame('id'),
      createdAt: unlessSame('created_at'),
      ...excludedColumns(db, 'org_id', 'user_id', 'session_id', 'keys'),
    })
    .returning(columnsOf(Subscription))
  return row
}

const excludedColumns = (db: Db, ...columns: string[]) =>
  Object.fromEntries(columns.map((column) => [column, db.raw('excluded.??', [column])]))

export async function deleteSubscription(
  db: Db,
  where: { id: string; userId?: string },
): Promise<Subscription | undefined> {
  const [row] = await db('push_subscriptions').where(where).delete().returning(columnsOf(Subscription))
  return row
}

/** Whose it is, and whether they are signed in there, as it is now. */
export async function findPushTarget(
  db: Db,
  { id, userId, now }: { id: string; userId: string; now: Date },
): Promise<PushTarget | undefined> {
  return db('push_subscriptions as p')
    .where({ 'p.id': id, 'p.userId': userId })
    .whereRaw(LIVE_SUBSCRIPTION, { now })
    .first('p.endpoint', 'p.keys')
}
