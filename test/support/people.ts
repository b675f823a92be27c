// The cast, so that tests read as stories. All of them stand in the demonstration.

export const PEOPLE = {
  /** Asks; needs the manager's approval. */
  employee: 'employee@demo.test',
  /** On fixed routes; the manager is told. */
  sic: 'sic@demo.test',
  /** Approves; their own bookings need nobody. */
  manager: 'manager@demo.test',
  /** The manager's manager. */
  director: 'director@demo.test',
  driver: 'driver@demo.test',
  staff: 'staff@demo.test',
  admin: 'admin@demo.test',
  supervisor: 'supervisor@demo.test',
  owner: 'owner@demo.test',
  customer: 'customer@demo.test',
  /** Of another organisation. */
  foreigner: 'employee@other.test',
  foreignAdmin: 'admin@other.test',
} as const

export type Name = keyof typeof PEOPLE

/** A booking like any other. */
export const TRIP = {
  bookingType: 'SINGLE_TRIP',
  scheduledDate: '2031-03-10',
  scheduledTime: '08:30',
  passengerCount: 2,
  purpose: 'Khách hàng ở Thủ Đức',
} as const

let trips = 0

/** On a day of its own, so that whoever drives it drives nothing else. */
export function tripOnItsDay(): typeof TRIP & { scheduledDate: string } {
  const day = new Date(Date.UTC(2031, 3, 1 + trips++)).toISOString().slice(0, 10)
  return { ...TRIP, scheduledDate: day as typeof TRIP.scheduledDate }
}
