import type { Change } from '../../kit/store/change.ts'
import { clearBookingTexts } from '../table.ts'

/** Bookings stay, without what the person wrote into them. */
export async function eraseFromBookings(change: Change, orgId: string, userId: string): Promise<void> {
  await clearBookingTexts(change.db, orgId, userId)
}
