import type { Db } from '../kit/db.ts'
import { columnsOf } from '../kit/schema.ts'
import { Notification, type Category } from './schema.ts'

interface Filter {
  unread?: boolean
  category?: Category
}

export async function listNotifications(db: Db, userId: string, filter: Filter, page: { limit: number; offset: number }): Promise<Notification[]> {
  return matching(db, userId, filter).orderBy([{ column: 'createdAt', order: 'desc' }, 'id']).limit(page.limit).offset(page.offset).select(columnsOf(Notification))
}

export async function countNotifications(db: Db, userId: string, filter: Filter): Promise<number> {
  const [row] = await matching(db, userId, filter).count<{ count: number }[]>()
  return row?.count ?? 0
}

export async function findNotification(db: Db, id: string): Promise<Notification | undefined> {
  return db('notifications').where({ id }).whereNull('deletedAt').first(columnsOf(Notification))
}

function matching(db: Db, userId: string, { unread, category }: Filter) {
  const query = db('notifications').where({ userId }).whereNull('deletedAt')
  if (category) void query.where({ category })
  if (unread !== undefined) void (unread ? query.whereNull('readAt') : query.whereNotNull('readAt'))
  return query
}
