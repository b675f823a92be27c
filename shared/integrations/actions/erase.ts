// Events from outside speak of people of another system, who may be known here: by an id, an address, a number, or only by name. A value
// counts as a whole, never a part of one.

import type { Change } from '../../kit/store/change.ts'
import { forgetEvents } from '../../notifications/actions/erase.ts'
import type { User } from '../../users/schema.ts'
import { eraseEventsNaming } from '../table.ts'

/** @param person as they were */
export async function eraseFromIntegrations(change: Change, person: User): Promise<void> {
  const { orgId, id, email, phone, fullName } = person
  const named = [id, email, phone, fullName].filter((value) => value !== null && value !== '')
  await forgetEvents(
    change,
    { orgId, userId: id },
    await eraseEventsNaming(change.db, orgId, named, change.now),
  )
}
