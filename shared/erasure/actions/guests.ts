// Guests cost nothing to whoever makes them up, so that one who never wrote leaves nothing behind: the session ends, and the
// room goes with all that is in it. The row of the person stays, without a name, for the audit refers to it.

import { holdAndListKnown, removeConversations } from '../../inbox/actions/erase.ts'
import type { Change } from '../../kit/store/change.ts'
import { plusMs } from '../../kit/time/time.ts'
import { eraseFromNotifications } from '../../notifications/actions/erase.ts'
import { listTicketOwners } from '../../support/queries.ts'
import { endGuest, holdUnprovenGuests, keepGuests } from '../../users/actions/erase.ts'
import { expireSilentGuestsJob } from '../jobs.ts'

/** Guests in one transaction: the next job goes on. */
const BATCH = 50

export async function expireSilentGuests(change: Change): Promise<void> {
  const guests = await holdUnprovenGuests(change, plusMs(change.now, -change.config.GUEST_PATIENCE), BATCH)
  if (guests.length === 0) return
  const ids = guests.map(({ id }) => id)
  const known = new Set([
    ...(await holdAndListKnown(change, ids)),
    ...(await listTicketOwners(change.db, ids)),
  ])
  await keepGuests(change, [...known])
  const silent = guests.filter(({ id }) => !known.has(id))
  await removeConversations(
    change,
    silent.map(({ id }) => id),
  )
  for (const { id, orgId } of silent) {
    await endGuest(change, id)
    await eraseFromNotifications(change, orgId, id)
  }
  if (guests.length === BATCH) change.enqueue(expireSilentGuestsJob, {})
}
