// Feeds are made and taken back by whoever reads them.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../audit/actions.ts'
import type { AuditAction } from '../audit/sentences.ts'
import { forbidden, notFound } from '../kit/declare/errors.ts'
import type { Change } from '../kit/store/change.ts'
import { isStaff, type Actor } from '../organisations/roles.ts'
import { getResource } from '../resources/queries.ts'
import { feedUrl } from './feed-url.ts'
import type { CalendarFeed, NewCalendarFeed } from './schema.ts'
import { deleteFeed, insertFeed } from './table.ts'

/** Twice is once: the address is the same. @throws AppError 403 for somebody else's, 404 */
export async function makeFeed(
  change: Change,
  actor: Actor,
  { resourceId }: NewCalendarFeed,
): Promise<CalendarFeed> {
  if (resourceId) {
    if (!isStaff(actor.role)) throw forbidden('Calendars of resources are for the staff')
    await getResource(change.db, actor.orgId, resourceId)
  }
  const id = randomUUID()
  const feed = await insertFeed(change.db, {
    id,
    orgId: actor.orgId,
    ownerId: actor.id,
    resourceId: resourceId ?? null,
    createdAt: change.now,
  })
  if (feed.id === id) record(change, actor, id, 'calendar_feed_created')
  return { ...feed, url: feedUrl(change.config, feed.id) }
}

/** Its address opens nothing from then on; one that is made again has another. @throws AppError 404 */
export async function takeBackFeed(change: Change, actor: Actor, id: string): Promise<CalendarFeed> {
  const feed = await deleteFeed(change.db, actor.id, id)
  if (!feed) throw notFound('Calendar feed')
  record(change, actor, id, 'calendar_feed_revoked')
  return { ...feed, url: feedUrl(change.config, id) }
}

function record(change: Change, actor: Actor, entityId: string, action: AuditAction): void {
  recordAudit(change, { orgId: actor.orgId, actorId: actor.id, action, entity: 'calendar_feed', entityId })
}
