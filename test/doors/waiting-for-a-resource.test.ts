// Who asks for a kind of which none is free stands in line, and is told when one comes free.

import { expect } from 'chai'
import type { Reply } from '../support/client.ts'
import { aFleet, type Fleet } from '../support/fleet.ts'
import { TRIP } from '../support/people.ts'
import type { Person, World } from '../support/world.ts'

describe('waiting for a resource', () => {
  let w: World
  let staff: Person
  let manager: Person
  let assign: Fleet['assign']
  let told: Fleet['told']
  let aPlace: (kind: string, more?: object) => Promise<string>
  let ask: (date: string, resourceKind: string, more?: object) => Promise<Reply['body']>

  before(async () => {
    const fleet = await aFleet()
    ;({ w, assign, told } = fleet)
    ;({ staff, manager } = fleet.people)
    aPlace = (kind, more) => fleet.aCar({ kind, ...more })
    ask = (date, resourceKind, more) => fleet.ask(date, TRIP.scheduledTime, { resourceKind, ...more })
    // What the organisation has already is away.
    await w.runtime.db('resources').update({ status: 'MAINTENANCE' })
  })
  after(() => w.end())

  const isWaiting = async (id: string): Promise<boolean> =>
    (await staff.get(`/bookings/${id}`)).body.waitingSince !== null

  it('begins when none of its kind is free at its time, and the first in line is told when one is', async () => {
    const [only, small] = [await aPlace('STATION'), await aPlace('STATION', { capacity: 1 })]
    const first = await ask('2031-05-01', 'STATION')
    expect(first.waitingSince, 'one is free').to.equal(null)
    await assign(first.id, only)
    const second = await ask('2031-05-01', 'STATION')
    await w.advance('1 minute')
    const third = await ask('2031-05-01', 'STATION')
    expect([second.waitingSince, third.waitingSince].map((since) => since !== null)).to.deep.equal([
      true,
      true,
    ])
    expect((await ask('2031-05-02', 'STATION')).waitingSince, 'at another time').to.equal(null)
    expect((await ask('2031-05-01', 'STATION', { passengerCount: 1 })).waitingSince, small).to.equal(null)
    expect(await told(second.id, manager.user.id)).to.deep.equal(['BOOKING_WAITING'])

    const off = await staff.post(`/bookings/${first.id}/cancel`, { reason: 'OTHER' })
    expect(off.status, JSON.stringify(off.body)).to.equal(201)
    expect(await told(second.id, staff.user.id)).to.deep.equal(['RESOURCE_FREE'])
    expect(await told(second.id, manager.user.id)).to.have.members(['BOOKING_WAITING', 'RESOURCE_FREE'])
    expect(await told(third.id, staff.user.id), 'behind it').to.deep.equal([])
    expect((await assign(second.id, only)).body.waitingSince, 'it waits no more').to.equal(null)
    expect(await isWaiting(third.id)).to.equal(true)
  })

  it('ends with a new one, with one that is repaired, and with a trip that takes another time', async () => {
    const broken = await aPlace('PROPERTY', { status: 'MAINTENANCE' })
    const first = await ask('2031-06-01', 'PROPERTY')
    expect(await isWaiting(first.id)).to.equal(true)
    await staff.patch(`/resources/${broken}`, { status: 'AVAILABLE' })
    expect(await told(first.id, staff.user.id)).to.deep.equal(['RESOURCE_FREE'])
    await assign(first.id, broken)
    const second = await ask('2031-06-01', 'PROPERTY')
    expect(await isWaiting(second.id)).to.equal(true)
    await manager.patch(`/bookings/${first.id}`, { scheduledDate: '2031-06-02' })
    expect(await told(second.id, staff.user.id)).to.deep.equal(['RESOURCE_FREE'])
    await manager.patch(`/bookings/${first.id}`, { scheduledDate: '2031-06-01' })
    const third = await ask('2031-06-01', 'PROPERTY', { passengerCount: 3 })
    await aPlace('PROPERTY', { capacity: 2 })
    expect(await told(third.id, staff.user.id), 'too small for it').to.deep.equal([])
    expect(await told(second.id, staff.user.id)).to.deep.equal(['RESOURCE_FREE', 'RESOURCE_FREE'])
  })

  it('is nothing for whoever takes anything, is not approved yet, or has called it off', async () => {
    await aPlace('VEHICLE', { status: 'INACTIVE' })
    const { body: anything } = await manager.post('/bookings', { ...TRIP, scheduledDate: '2031-07-01' })
    expect(anything.waitingSince).to.equal(null)
    const employee = await w.as('employee')
    const { body: unapproved } = await employee.post('/bookings', { ...TRIP, resourceKind: 'VEHICLE' })
    expect([unapproved.status, unapproved.waitingSince]).to.deep.equal(['PENDING_APPROVAL', null])
    const waits = await ask('2031-07-01', 'VEHICLE')
    expect(await isWaiting(waits.id)).to.equal(true)
    await manager.post(`/bookings/${waits.id}/cancel`, { reason: 'USER_REQUEST' })
    expect(await isWaiting(waits.id)).to.equal(false)
    await aPlace('VEHICLE')
    expect(await told(waits.id, staff.user.id)).to.not.include('RESOURCE_FREE')
  })
})
