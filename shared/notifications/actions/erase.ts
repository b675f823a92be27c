import type { Change } from '../../kit/store/change.ts'
import { eraseFactsNaming } from '../table/facts.ts'
import { eraseEvents, eraseNames, eraseQuotes, eraseWordsAbout } from '../table/notifications.ts'

export async function eraseFromNotifications(change: Change, orgId: string, userId: string): Promise<void> {
  await eraseNames(change.db, orgId, userId)
  await eraseFactsNaming(change.db, orgId, userId)
}

/** What people were told of a message that was deleted or changed: that they were told stays. */
export async function deleteQuotesOf(change: Change, messageId: string): Promise<void> {
  await eraseQuotes(change.db, messageId)
}

/** What others were told of these things: that they were told stays. */
export async function deleteWordsAbout(
  change: Change,
  orgId: string,
  key: 'ticketId' | 'approvalId',
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0) await eraseWordsAbout(change.db, orgId, key, ids)
}

/** What the staff was told of events from outside that were about somebody. */
export async function forgetEvents(
  change: Change,
  who: { orgId: string; userId: string },
  events: readonly { eventId: string; toldAt: Date }[],
): Promise<void> {
  if (events.length > 0) await eraseEvents(change.db, who, events)
}
