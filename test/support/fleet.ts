// A world in which trips are asked for, assigned and driven, with everybody who does it.

import type { Reply } from './client.ts'
import { TRIP } from './people.ts'
import { aWorld, type Person, type World } from './world.ts'

const CAST = ['admin', 'staff', 'manager', 'director', 'employee', 'driver'] as const

export interface Fleet {
  w: World
  people: Readonly<Record<(typeof CAST)[number], Person>>
  /** Each with a name of its own. @returns its id */
  aCar: (more?: object) => Promise<string>
  /** @returns whose id */
  aDriver: () => Promise<string>
  /** A booking of the manager's, who needs nobody's approval. */
  ask: (date: string, time: string, more?: object) => Promise<Reply['body']>
  /** @param driverId the driver of the demonstration unless given */
  assign: (bookingId: string, resourceId: string, driverId?: string) => Promise<Reply>
  /** Which notifications somebody has about a booking, in order. */
  told: (bookingId: string, userId: string) => Promise<string[]>
}

/** @param more processes than the API */
export async function aFleet(...more: 'workers'[]): Promise<Fleet> {
  const w = await aWorld({ with: ['api', ...more] })
  const entries = await Promise.all(CAST.map(async (name) => [name, await w.as(name)] as const))
  const people = Object.fromEntries(entries) as Fleet['people']
  const { admin, staff, manager, driver } = people
  let cars = 0
  let drivers = 0
  return {
    w,
    people,
    async aCar(attributes = {}) {
      const { body } = await staff.post('/resources', {
        kind: 'VEHICLE',
        name: `Xe ${++cars}`,
        ...attributes,
      })
      return body.id
    },
    async aDriver() {
      const { body } = await admin.post('/users', {
        email: `lai-xe-${++drivers}@demo.test`,
        fullName: `Lái xe ${drivers}`,
        role: 'DRIVER',
        password: 'mat-khau-rat-dai',
      })
      return body.id
    },
    ask: async (scheduledDate, scheduledTime, asked = {}) =>
      (await manager.post('/bookings', { ...TRIP, scheduledDate, scheduledTime, ...asked })).body,
    assign: (bookingId, resourceId, driverId = driver.user.id) =>
      staff.post(`/bookings/${bookingId}/assign`, { resourceId, driverId }),
    told: (bookingId, userId) =>
      w.runtime.db('notifications').where({ bookingId, userId }).orderBy('createdAt').pluck('type'),
  }
}
