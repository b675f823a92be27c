// What became of telling somebody, for tests of the ways to people.

import { notify } from '../../shared/notifications/actions/notify.ts'
import type { Channel, Priority } from '../../shared/notifications/schema.ts'
import type { DeliveryRow } from '../../shared/notifications/table/deliveries.ts'
import type { Name } from './people.ts'
import { actorOf } from './story.ts'
import type { Person, World } from './world.ts'

/** A type of each priority, from the catalogue; of the highest there is none yet. */
const TYPES = { low: 'TRIP_STARTED', medium: 'BOOKING_CONFIRMED', high: 'VEHICLE_ARRIVING' } as const

/** Tells somebody something of this priority. @returns the notification's id */
export async function tell(w: World, name: Name, priority: Priority = 'high'): Promise<string> {
  const { id: userId, orgId } = await actorOf(w, name)
  const known = await w.runtime.db('notifications').pluck('id')
  await w.change(async (change) => {
    const type = TYPES[priority === 'urgent' ? 'high' : priority]
    notify(change, {
      orgId,
      userId,
      type,
      parameters: { code: 'DEMO-1', date: '2031-03-10', time: '08:30' },
      ...(priority === 'urgent' && { priority }),
    })
  })
  const { id } = await w.runtime.db('notifications').whereNotIn('id', known).first('id')
  return id
}

export async function deliveriesBy(w: World, channel: Channel): Promise<DeliveryRow[]> {
  return w.runtime.db('deliveries').where({ channel }).orderBy(['createdAt', 'id'])
}

export async function deliveryBy(w: World, channel: Channel): Promise<DeliveryRow> {
  const [delivery] = (await deliveriesBy(w, channel)).slice(-1)
  if (!delivery) throw new Error(`Nothing was ordered by ${channel}.`)
  return delivery
}

/** What the person is told about a channel, as a sentence. */
export async function explained(by: Person, notificationId: string, channel: Channel): Promise<string> {
  const { body } = await by.get(`/notifications/${notificationId}/explain`)
  return body.find((each: { channel: Channel }) => each.channel === channel).explanation
}
