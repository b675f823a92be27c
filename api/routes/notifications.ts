import type { Reading } from '../../shared/kit/change.ts'
import { notFound } from '../../shared/kit/errors.ts'
import { choice, id, shape, Type } from '../../shared/kit/schema.ts'
import { deleteNotification, readAllNotifications, readNotification } from '../../shared/notifications/actions.ts'
import { countNotifications, listNotifications } from '../../shared/notifications/queries.ts'
import { CATEGORIES, Marked, Notification, UnreadCount } from '../../shared/notifications/schema.ts'
import { getUser } from '../../shared/users/queries.ts'
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
  change('delete', '/notifications/:id', { summary: 'Delete one', params: ById, reply: Notification, handle: (change, { params, actor }) => deleteNotification(change, actor, params.id) }),
]

async function page({ db }: Reading, userId: string, { limit, offset, ...filter }: Parameters<typeof listNotifications>[2] & { limit: number; offset: number }) {
  return { items: await listNotifications(db, userId, filter, { limit, offset }), total: await countNotifications(db, userId, filter) }
}
