// Whoever left the organisation, or has another role in it, leaves the rooms that are for others. What two said to each other stays theirs.

import type { Change } from '../../kit/store/change.ts'
import { findUser } from '../../users/queries.ts'
import { leaveRoomsJob } from '../jobs.ts'
import { roomsToLeave } from '../rules.ts'
import { listRoomsToLeave, lockRoom } from '../table/rooms.ts'
import { removeMember } from './members.ts'

/** Somebody of the staff may be in thousands. */
const BATCH = 50

/** Twice: nothing is left. */
export async function leaveForeignRooms(change: Change, orgId: string, userId: string): Promise<void> {
  const user = await findUser(change.db, orgId, userId)
  if (!user) return
  const ids = await listRoomsToLeave(change.db, userId, roomsToLeave(user), BATCH)
  for (const roomId of ids) {
    await lockRoom(change.db, orgId, roomId)
    await removeMember(change, { orgId, roomId }, userId)
  }
  if (ids.length === BATCH) change.enqueue(leaveRoomsJob, { orgId, userId })
}

export function enqueueLeaving(change: Change, orgId: string, userId: string): void {
  change.enqueue(leaveRoomsJob, { orgId, userId })
}
