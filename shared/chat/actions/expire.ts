// What an organisation does not keep: the words of messages older than its `messageRetentionDays`. Tombstones stay, so that
// numbers have no gap and what was said after can be understood.

import { recordAudit } from '../../audit/actions.ts'
import { removeFilesOfMessage } from '../../files/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { DAY, plusMs } from '../../kit/time/time.ts'
import { listOrganisationsKeeping } from '../../organisations/queries.ts'
import { deleteCopiesJob, expireMessagesJob } from '../jobs.ts'
import { deleteRooms, lockRoomsAndListListeners } from '../table/rooms.ts'
import {
  eraseMessagesIn,
  eraseMessagesBy,
  eraseCustomerMessages,
  deleteExpiredMessages,
} from '../table/messages.ts'

/** Messages in one transaction: the next job goes on. */
const BATCH = 500

export async function expireMessages(change: Change): Promise<void> {
  let count = 0
  for (const { id: orgId, days } of await listOrganisationsKeeping(change.db)) {
    const forgotten = await deleteExpiredMessages(
      change.db,
      orgId,
      plusMs(change.now, -days * DAY),
      BATCH - count,
      change.now,
    )
    for (const { id } of forgotten.filter(({ hadFiles }) => hadFiles)) await removeFilesOfMessage(change, id)
    if (forgotten.length > 0)
      recordAudit(change, {
        orgId,
        action: 'messages_forgotten',
        entity: 'organisation',
        entityId: orgId,
        metadata: { count: forgotten.length, days },
      })
    count += forgotten.length
    if (count < BATCH) continue
    change.enqueue(expireMessagesJob, {})
    return
  }
}

/** What somebody said, in every room; tombstones stay. */
export async function eraseMessagesOf(change: Change, orgId: string, userId: string): Promise<void> {
  await eraseMessagesBy(change.db, orgId, userId, change.now)
}

export async function eraseRoom(change: Change, roomId: string): Promise<void> {
  for (const messageId of await eraseMessagesIn(change.db, roomId, change.now))
    change.enqueue(deleteCopiesJob, { messageId })
}

/** A customer's room is called by their name, and the system says it there; what others said about somebody is theirs. */
export async function eraseCustomerRoom(change: Change, orgId: string, customerId: string): Promise<void> {
  for (const messageId of await eraseCustomerMessages(change.db, orgId, customerId, change.now))
    change.enqueue(deleteCopiesJob, { messageId })
}

/** Until the commit nobody says anything there. @returns those of them in whose rooms a person said something */
export async function lockAndListListeners(change: Change, userIds: readonly string[]): Promise<string[]> {
  return lockRoomsAndListListeners(change.db, userIds)
}

/** Rooms in which nobody said anything; nothing refers to them any more. */
export async function removeRooms(change: Change, roomIds: readonly string[]): Promise<void> {
  await deleteRooms(change.db, roomIds)
}
