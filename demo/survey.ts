// What this Bellhop is like, asked before the play: how long approvals wait, and how each person's requests begin.

import type { Cast } from './people.ts'
import { NAMES, requestOf, type Row } from './day.ts'
import type { Way } from './scenario.ts'
import type { RouteSeen } from './wire.ts'

export interface Survey {
  vehicles: readonly string[]
  /** Milliseconds after the routing: every reminder, and the deadline. */
  reminders: readonly number[]
  deadline: number
  onExpiry: 'approve' | 'cancel' | 'escalate' | 'next'
  wayOf(row: Row): Way | 'refused'
}

const ANY: Row = {
  second: 0,
  who: 'employee',
  bookingType: 'SINGLE_TRIP',
  isBusinessTrip: true,
  inDays: 1,
  scheduledTime: '09:00',
  passengers: 1,
  fate: 'approved',
  purpose: 'Simulation',
}

export async function survey(cast: Cast): Promise<Survey> {
  const vehicles = await cast.staff.http.get<{ id: string }[]>('/resources?kind=VEHICLE')
  const { ways, asked } = await simulateAll(cast)
  return {
    vehicles: vehicles.body.map((vehicle) => vehicle.id),
    ...asked,
    wayOf: (row) => ways.get(`${row.who} ${row.isBusinessTrip}`) ?? 'refused',
  }
}

/** By the code that decides for real; `at` makes the lengths exact, whatever the two clocks say. */
async function simulateAll(cast: Cast): Promise<{
  ways: Map<string, Way | 'refused'>
  asked: Pick<Survey, 'reminders' | 'deadline' | 'onExpiry'>
}> {
  const now = new Date()
  const after = (instant: string): number => new Date(instant).getTime() - now.getTime()
  const ways = new Map<string, Way | 'refused'>()
  for (const who of NAMES) {
    for (const isBusinessTrip of [true, false])
      ways.set(`${who} ${isBusinessTrip}`, await wayNow(cast, { ...ANY, who, isBusinessTrip }))
  }
  const route = await simulate(cast, ANY, now)
  if (route.approverId !== cast.manager.user.id || !route.expiresAt)
    throw new Error("The demonstration was changed: the employee's requests no longer go to the manager.")
  return {
    ways,
    asked: {
      reminders: route.reminders.map(after),
      deadline: after(route.expiresAt),
      onExpiry: route.onExpiry ?? 'approve',
    },
  }
}

async function wayNow(cast: Cast, row: Row): Promise<Way | 'refused'> {
  const { approvalType, status, reasons } = await simulate(cast, row, new Date())
  if (status === 'REFUSED') return 'refused'
  if (approvalType === 'MANAGER_APPROVAL') return 'asked'
  if (approvalType === 'CC_ONLY') return 'copied'
  return reasons.length > 1 ? 'nobody' : 'unasked'
}

async function simulate(cast: Cast, row: Row, at: Date): Promise<RouteSeen> {
  const { body } = await cast[row.who].http.post<RouteSeen>('/approvals/simulate', {
    ...requestOf(row, at),
    at: at.toISOString(),
  })
  return body
}
