// Trips that somebody is to drive go to another driver.

import type { Change } from '../../kit/store/change.ts'
import type { Actor } from '../../organisations/roles.ts'
import { lockResourceForWork } from '../../resources/actions.ts'
import type { User } from '../../users/schema.ts'
import { isFreeFor } from '../availability.ts'
import { listResourcesOfTrips } from '../queries.ts'
import { lockComing } from '../table.ts'
import { assignBooking } from './assign.ts'

/** What has begun, and what the other has no time for, stays. The caller holds the hierarchy. @returns how many went */
export async function handOverTrips(
  change: Change,
  actor: Actor,
  userId: string,
  to: Pick<User, 'id' | 'isActive' | 'role'>,
): Promise<number> {
  if (!to.isActive || to.role !== 'DRIVER') return 0
  // Before the bookings, as whoever withdraws a resource does.
  for (const resourceId of await listResourcesOfTrips(change.db, actor.orgId, userId))
    await lockResourceForWork(change, actor.orgId, resourceId)
  const trips = await lockComing(change.db, { orgId: actor.orgId, assignedDriverId: userId }, change.now)
  let count = 0
  for (const { id, assignedResourceId } of trips) {
    if (!assignedResourceId || !(await isFreeFor(change.db, id, to.id))) continue
    const assignment = { resourceId: assignedResourceId, driverId: to.id }
    await assignBooking(change, actor, { id, ifMatch: undefined }, assignment)
    count++
  }
  return count
}
