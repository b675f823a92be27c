import type { Reading } from '../../shared/kit/store/change.ts'
import { notFound } from '../../shared/kit/declare/errors.ts'
import { MOST_COUNTED, withTotal, type PagePart } from '../../shared/kit/store/keyset.ts'
import { id, shape, Type } from '../../shared/kit/declare/schema.ts'
import {
  deleteNotification,
  readAllNotifications,
  readNotification,
} from '../../shared/notifications/actions/notify.ts'
import { retryDelivery } from '../../shared/notifications/actions/retry.ts'
import { setPreferences } from '../../shared/notifications/actions/preferences.ts'
import {
  addPushSubscription,
  removePushSubscription,
} from '../../shared/notifications/actions/subscriptions.ts'
import { explainDelivery, deliveryShownTo } from '../../shared/notifications/explanation.ts'
import {
  countNotifications,
  getOwnOrGoverned,
  getPreferences,
  listDeliveriesOf,
  listNotifications,
  listSubscriptions,
} from '../../shared/notifications/queries.ts'
import {
  Delivery,
  Explanation,
  Marked,
  NewPreferences,
  NewSubscription,
  Notification,
  NotificationKind,
  Preferences,
  PushKey,
  Subscription,
  UnreadCount,
} from '../../shared/notifications/schema.ts'
import { getAddressee, getUser } from '../../shared/users/queries.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import type { Route } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'

const ById = shape({ id: id('Notification.') })
const Filter = shape({
  unread: Type.Optional(Type.Boolean({ description: 'False: read ones.' })),
  ...NotificationKind.properties,
})

export const notificationRoutes: Route[] = [
  list('/notifications', {
    scope: 'notifications:read',
    isFollowed: true,
    summary: 'What I was told, newest first',
    query: Filter,
    item: Notification,
    handle: (reading, { query, caller }) => page(reading, caller.id, query),
  }),
  list('/notifications/user/:userId', {
    scope: 'notifications:read',
    asItself: true,
    isFollowed: true,
    summary: 'What a person was told, for themselves and ADMINs',
    params: shape({ userId: id('Person.') }),
    query: Filter,
    item: Notification,
    handle: async (reading, { params, query, caller }) => {
      if (caller.id !== params.userId && caller.role !== 'ADMIN') throw notFound('User')
      await getUser(reading.db, caller.orgId, params.userId)
      return page(reading, params.userId, query)
    },
  }),
  read('/notifications/unread-count', {
    scope: 'notifications:read',
    isFollowed: true,
    summary: 'How many I have not read',
    query: NotificationKind,
    reply: UnreadCount,
    handle: async ({ db }, { query, caller }) => ({
      count: Math.min(await countNotifications(db, caller.id, { ...query, unread: true }), MOST_COUNTED),
    }),
  }),
  write('patch', '/notifications/:id/read', {
    scope: 'notifications:write',
    summary: 'Mark as read',
    params: ById,
    reply: Notification,
    handle: (change, { params, caller }) => readNotification(change, caller, params.id),
  }),
  write('post', '/notifications/read-all', {
    scope: 'notifications:write',
    summary: 'Mark all as read, or all of a kind',
    query: NotificationKind,
    reply: Marked,
    handle: (change, { caller, query }) => readAllNotifications(change, caller, query),
  }),
  read('/notifications/:id/explain', {
    scope: 'notifications:read',
    asItself: true,
    summary: 'What became of each delivery, and why; for oneself and ADMINs',
    params: ById,
    reply: Type.Array(Explanation),
    handle: (reading, { params, caller }) => explanations(reading, caller, params.id),
  }),
  write('post', '/notifications/deliveries/:id/retry', {
    scope: 'notifications:write',
    asItself: true,
    summary: 'Retry a delivery that was given up; for oneself and ADMINs',
    params: shape({ id: id('Delivery.') }),
    reply: Delivery,
    handle: async (change, { params, caller }) =>
      deliveryShownTo(caller.role, await retryDelivery(change, caller, params.id)),
  }),
  read('/notifications/preferences', {
    scope: 'notifications:read',
    summary: 'How I want to be told things',
    reply: Preferences,
    handle: ({ db }, { caller }) => getPreferences(db, caller.id),
  }),
  write('put', '/notifications/preferences', {
    scope: 'notifications:write',
    summary: 'Say how; what is not named has its default',
    body: NewPreferences,
    reply: Preferences,
    handle: (change, { body, caller }) => setPreferences(change, caller, body),
  }),
  read('/notifications/push-key', {
    summary: 'The key that a browser subscribes with',
    reply: PushKey,
    handle: async ({ config }) => ({ publicKey: config.VAPID_PUBLIC_KEY ?? null }),
  }),
  list('/notifications/subscriptions', {
    summary: 'My browsers that are subscribed',
    item: Subscription,
    handle: (reading, { caller, query }) => listSubscriptions(reading, caller.id, query),
  }),
  write('post', '/notifications/subscriptions', {
    summary: 'Subscribe this browser',
    body: NewSubscription,
    reply: Subscription,
    handle: (change, { body, caller }) => addPushSubscription(change, caller, body),
  }),
  write('delete', '/notifications/subscriptions/:id', {
    summary: 'Unsubscribe it',
    params: shape({ id: id('Subscription.') }),
    reply: Subscription,
    handle: (change, { params, caller }) => removePushSubscription(change, caller, params.id),
  }),
  write('delete', '/notifications/:id', {
    scope: 'notifications:write',
    summary: 'Delete one',
    params: ById,
    reply: Notification,
    handle: (change, { params, caller }) => deleteNotification(change, caller, params.id),
  }),
]

async function page(
  { db }: Reading,
  userId: string,
  { limit, offset, cursor, ...filter }: Parameters<typeof listNotifications>[2] & PagePart,
) {
  const part = { limit, offset, cursor }
  return withTotal(await listNotifications(db, userId, filter, part), part, () =>
    countNotifications(db, userId, filter),
  )
}

async function explanations({ db }: Reading, caller: Actor, id: string): Promise<Explanation[]> {
  const told = await getOwnOrGoverned(db, caller, id)
  const reader = await getAddressee(db, told.orgId, told.userId)
  const deliveries = await listDeliveriesOf(db, id)
  return deliveries
    .map((delivery) => deliveryShownTo(caller.role, delivery))
    .map((delivery) => ({ ...delivery, explanation: explainDelivery(delivery, reader) }))
}
