import type { Change } from '../../kit/change.ts'
import { clearWordsOf } from '../table.ts'

/** Bookings stay, without what the person wrote into them. */
export async function eraseFromBookings(change: Change, orgId: string, userId: string): Promise<void> {
  await clearWordsOf(change.db, orgId, userId)
}
