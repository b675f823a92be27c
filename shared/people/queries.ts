import { listApprovalsHeldBy } from '../approvals/queries.ts'
import { listTripsHeldBy } from '../bookings/queries.ts'
import { listConversationsHeldBy } from '../inbox/queries/conversations.ts'
import type { Reading } from '../kit/store/change.ts'
import { listTicketsHeldBy } from '../support/queries.ts'
import { getUser } from '../users/queries.ts'
import { MOST_HELD, type Holding } from '../users/schema.ts'
import type { Holdings } from './schema.ts'

/** What waits on a person: what would go elsewhere if they left. @throws AppError 404 */
export async function getHoldings(
  { db, now }: Pick<Reading, 'db' | 'now'>,
  orgId: string,
  userId: string,
): Promise<Holdings> {
  await getUser(db, orgId, userId)
  const [approvals, tickets, conversations, bookings] = await Promise.all([
    listApprovalsHeldBy(db, orgId, userId),
    listTicketsHeldBy(db, orgId, userId),
    listConversationsHeldBy(db, orgId, userId),
    listTripsHeldBy(db, orgId, userId, now),
  ])
  return {
    approvals: asHeld(approvals),
    tickets: asHeld(tickets),
    conversations: asHeld(conversations),
    bookings: asHeld(bookings),
  }
}

const asHeld = (found: readonly Holding[]): Holdings['approvals'] => ({
  items: found.slice(0, MOST_HELD),
  hasMore: found.length > MOST_HELD,
})
