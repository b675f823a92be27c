import { listTripsForCalendar } from '../bookings/queries.ts'
import { notFound } from '../kit/declare/errors.ts'
import { rowsOf, type Db } from '../kit/store/db.ts'
import type { Config } from '../kit/process/config.ts'
import { writeCalendar } from '../kit/text/icalendar.ts'
import { DAY, MINUTE, plusMs } from '../kit/time/time.ts'
import { isStaff, type Actor, type Role } from '../organisations/roles.ts'
import { feedUrl, readFeedId } from './feed-url.ts'
import { entriesOf, type CalendarReader } from './entries.ts'
import type { CalendarFeed, CalendarFeedRow } from './schema.ts'
import { FEED_COLUMNS } from './table.ts'

/** What was is shown for a while, and what is far away is not. */
const BEHIND = 60 * DAY
const AHEAD = 366 * DAY
const AGAIN = 15 * MINUTE

/** One's own, the oldest first. There are as many as one's organisation has resources at most. */
export async function listFeeds(
  { db, config }: { db: Db; config: Config },
  actor: Actor,
): Promise<CalendarFeed[]> {
  const feeds: CalendarFeedRow[] = await db('calendar_feeds')
    .where({ ownerId: actor.id })
    .orderBy(['createdAt', 'id'])
    .select(...FEED_COLUMNS)
  return feeds.map((feed) => ({ ...feed, url: feedUrl(config, feed.id) }))
}

interface OpenFeed extends CalendarReader {
  orgId: string
  orgName: string
  ownerId: string
  ownerRole: Role
  ownerName: string
  resourceId: string | null
  resourceName: string | null
}

/**
 * @param file the last part of the address
 * @throws AppError 404 for a stranger's address, and once its owner left or may not see it any more
 */
export async function readFeed(
  { db, config, now }: { db: Db; config: Config; now: Date },
  file: string,
): Promise<string> {
  const id = readFeedId(config, file)
  const feed = id === undefined ? undefined : await findOpenFeed(db, id)
  if (!feed || (feed.resourceId && !isStaff(feed.ownerRole))) throw notFound('Calendar')
  const trips = await listTripsForCalendar(db, feed.orgId, {
    ...(feed.resourceId ? { resourceId: feed.resourceId } : { personId: feed.ownerId }),
    from: plusMs(now, -BEHIND),
    to: plusMs(now, AHEAD),
  })
  const name = `${feed.resourceName ?? feed.ownerName} (${feed.orgName})`
  return writeCalendar(name, AGAIN / MINUTE, entriesOf(trips, feed))
}

async function findOpenFeed(db: Db, id: string): Promise<OpenFeed | undefined> {
  const [feed] = await rowsOf<OpenFeed>(
    db,
    `select f.org_id, o.name as org_name, f.owner_id, u.role as owner_role, u.full_name as owner_name, f.resource_id,
       r.name as resource_name, coalesce(u.locale, o.locale) as locale, o.timezone
     from calendar_feeds f join users u on u.id = f.owner_id join organisations o on o.id = f.org_id
     left join resources r on r.id = f.resource_id where f.id = :id and u.is_active`,
    { id },
  )
  return feed
}
