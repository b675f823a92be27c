// Every write of calendar feeds. Private to the domain.

import type { Db } from '../kit/store/db.ts'
import type { CalendarFeedRow } from './schema.ts'

export const FEED_COLUMNS = ['id', 'resourceId', 'createdAt'] as const

/** One for each owner and resource: made again it is the same. */
export async function insertFeed(
  db: Db,
  feed: CalendarFeedRow & { orgId: string; ownerId: string },
): Promise<CalendarFeedRow> {
  await db('calendar_feeds').insert(feed).onConflict(db.raw('(owner_id, resource_id)')).ignore()
  return db('calendar_feeds')
    .where({ ownerId: feed.ownerId, resourceId: feed.resourceId })
    .first(...FEED_COLUMNS)
}

export async function deleteFeed(db: Db, ownerId: string, id: string): Promise<CalendarFeedRow | undefined> {
  const [gone] = await db('calendar_feeds')
    .where({ ownerId, id })
    .delete()
    .returning([...FEED_COLUMNS])
  return gone
}
