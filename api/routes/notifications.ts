import type { Reading } from '../../shared/kit/change.ts'
import { notFound } from '../../shared/kit/errors.ts'
import { choice, id, shape, Type } from '../../shared/kit/schema.ts'
import { deleteNotification, readAllNotifications, readNotification } from '../../shared/notifications/actions.ts'
import { retryDelivery } from '../../shared/notifications/actions/keep.ts'
import { setPreferences } from '../../shared/notifications/actions/preferences.ts'
import { subscribe, unsubscribe } from '../../shared/notifications/actions/subscriptions.ts'
import { explain, shownTo } from '../../shared/notifications/explanation.ts'
import { countNotifications, getOwnOrGoverned, getPreferences, listDeliveriesOf, listNotifications, listSubscriptions } from '../../shared/notifications/queries.ts'
import { CATEGORIES, Delivery, Explanation, Marked, NewPreferences, NewSubscription, Notification, Preferences, PushKey, Subscription, UnreadCount } from '../../shared/notifications/schema.ts'
import { getAddressee, getUser } from '../../shared/users/queries.ts'
import type { Actor } from '../../shared/users/schema.ts'
import { change, list, read, type Route } from '../http/route.ts'

const ById = shape({ id: id('Notification.') })
const Filter = shape({
  unread: Type.Optional(Type.Boolean({ description: 'Only unread, or only read ones.' })),
  category: Type.Optional(choice(CATEGORIES, 'Only these.')),
})

export const notificationRoutes: Route[] = [
  list('/notifications', { isFollowed: true, summary: 'What I was told, newest first', query: Filter, item: Notification, handle: (reading, { query, actor }) => page(reading, actor.id, query) }),
  list('/notifications/user/:userId', {
    isFollowed: true, summary: 'What a person was told, for themselves and ADMINs', params: shape({ userId: id('Person.') }), query: Filter, item: Notification,
    handle: async (reading, { params, query, actor }) => {
      if (actor.id !== params.userId && actor.role !== 'ADMIN') throw notFound('User')
      await getUser(reading.db, actor.orgId, params.userId)
      return page(reading, params.userId, query)
    },
  }),
  read('/notifications/unread-count', { isFollowed: true, summary: 'How many I have not read', reply: UnreadCount, handle: async ({ db }, { actor }) => ({ count: await countNotifications(db, actor.id, { unread: true }) }) }),
  change('patch', '/notifications/:id/read', { summary: 'Mark as read', params: ById, reply: Notification, handle: (change, { params, actor }) => readNotification(change, actor, params.id) }),
  change('post', '/notifications/read-all', { summary: 'Mark all as read', reply: Marked, handle: (change, { actor }) => readAllNotifications(change, actor) }),
  read('/notifications/:id/explain', {
    summary: 'What became of each way of telling it, and why; for oneself and ADMINs', params: ById, reply: Type.Array(Explanation),
    handle: (reading, { params, actor }) => explanations(reading, actor, params.id),
  }),
  change('post', '/notifications/deliveries/:id/retry', { summary: 'Try a delivery again that was given up; for oneself and ADMINs', params: shape({ id: id('Delivery.') }), reply: Delivery, handle: async (change, { params, actor }) => shownTo(actor.role, await retryDelivery(change, actor, params.id)) }),
  read('/notifications/preferences', { summary: 'How I want to be told things', reply: Preferences, handle: ({ db }, { actor }) => getPreferences(db, actor.id) }),
  change('put', '/notifications/preferences', { summary: 'Say how; what is not named goes back to its default', body: NewPreferences, reply: Preferences, handle: (change, { body, actor }) => setPreferences(change, actor, body) }),
  read('/notifications/push-key', { summary: 'The key that a browser subscribes with', reply: PushKey, handle: async ({ config }) => ({ publicKey: config.VAPID_PUBLIC_KEY ?? null }) }),
  list('/notifications/subscriptions', { summary: 'My browsers that are subscribed', item: Subscription, handle: async (reading, { actor, query }) => ({ items: await listSubscriptions(reading, actor.id, query) }) }),
  change('post', '/notifications/subscriptions', { summary: 'Subscribe this browser', body: NewSubscription, reply: Subscription, handle: (change, { body, actor }) => subscribe(change, actor, body) }),
  change('delete', '/notifications/subscriptions/:id', { summary: 'Unsubscribe it', params: shape({ id: id('Subscription.') }), reply: Subscription, handle: (change, { params, actor }) => unsubscribe(change, actor, params.id) }),
  change('delete', '/notifications/:id', { summary: 'Delete one', params: ById, reply: Notification, handle: (change, { params, actor }) => deleteNotification(change, actor, params.id) }),
]

async function page({ db }: Reading, userId: string, { limit, offset, ...filter }: Parameters<typeof listNotifications>[2] & { limit: number; offset: number }) {
  return { items: await listNotifications(db, userId, filter, { limit, offset }), total: await countNotifications(db, userId, filter) }
}

async function explanations({ db }: Reading, actor: Actor, id: string): Promise<Explanation[]> {
  const told = await getOwnOrGoverned(db, actor, id)
  const reader = await getAddressee(db, told.orgId, told.userId)
  const deliveries = await listDeliveriesOf(db, id)
  return deliveries.map((delivery) => shownTo(actor.role, delivery)).map((delivery) => ({ ...delivery, explanation: explain(delivery, reader) }))
}
