// A resource and a driver are in one place at a time.

import { expect } from 'chai'
import type { Reply } from '../support/client.ts'
import { aFleet, type Fleet } from '../support/fleet.ts'
import { TRIP } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import type { Person, World } from '../support/world.ts'

describe('time and place', () => {
  let w: World
  let staff: Person
  let manager: Person
  let aCar: Fleet['aCar']
  let aDriver: Fleet['aDriver']
  let ask: Fleet['ask']
  let assign: Fleet['assign']

  before(async () => {
    ;({
      w,
      people: { staff, manager },
      aCar,
      aDriver,
      ask,
      assign,
    } = await aFleet())
  })
  after(() => w.end())

  it('a booking says from when to when: as asked, or as is usual for its kind', async () => {
    const booking = await ask('2031-05-01', '09:00')
    expect([booking.durationMinutes, booking.startsAt, booking.endsAt]).to.deep.equal([
      60,
      '2031-05-01T02:00:00.000Z',
      '2031-05-01T03:00:00.000Z',
    ])
    expect((await ask('2031-05-01', '09:00', { durationMinutes: 90 })).endsAt).to.equal(
      '2031-05-01T03:30:00.000Z',
    )
    const long = await manager.post('/bookings', {
      ...TRIP,
      scheduledDate: '2031-05-01',
      endDate: '2033-05-01',
    })
    mustBeProblem(long, 422, 'invalid')
    const short = await manager.post('/bookings', { ...TRIP, durationMinutes: 1 })
    mustBeProblem(short, 400, 'malformed')
  })

  it('who or what is elsewhere at that time is refused, and the answer names the booking in the way', async () => {
    const [car, other, somebody] = [await aCar(), await aCar(), await aDriver()]
    const first = await ask('2031-05-02', '09:00', { durationMinutes: 120 })
    expect((await assign(first.id, car)).status).to.equal(201)
    const overlaps = await ask('2031-05-02', '10:30')
    const refused = await assign(overlaps.id, car)
    mustBeProblem(refused, 409, 'conflict')
    const inTheWay = {
      bookingId: first.id,
      bookingCode: first.bookingCode,
      startsAt: '2031-05-02T02:00:00.000Z',
      endsAt: '2031-05-02T04:00:00.000Z',
    }
    expect(refused.body.conflicts).to.deep.equal([
      { of: 'driver', ...inTheWay },
      { of: 'resource', ...inTheWay },
    ])
    expect((await assign(overlaps.id, other)).body.conflicts).to.deep.equal([{ of: 'driver', ...inTheWay }])
    expect((await assign(overlaps.id, car, somebody)).body.conflicts).to.deep.equal([
      { of: 'resource', ...inTheWay },
    ])
    expect((await assign(overlaps.id, other, somebody)).status).to.equal(201)
    const next = await ask('2031-05-02', '11:00')
    expect((await assign(next.id, car)).status, 'the next may begin at the end').to.equal(201)
  })

  it('a resource is made ready for the next before it serves again', async () => {
    const car = await aCar({ bufferMinutes: 30 })
    const [first, soon, later] = [
      await ask('2031-05-03', '09:00'),
      await ask('2031-05-03', '10:15'),
      await ask('2031-05-03', '10:30'),
    ]
    await assign(first.id, car)
    const refused = await assign(soon.id, car)
    expect(refused.body.conflicts).to.have.length(1)
    expect(refused.body.conflicts[0]).to.include({ of: 'resource', endsAt: '2031-05-03T03:30:00.000Z' })
    expect((await assign(later.id, car)).status).to.equal(201)
  })

  it('a schedule over days is in the way at its time of each day only', async () => {
    const car = await aCar()
    const schedule = await ask('2031-06-01', '08:00', {
      bookingType: 'BLOCK_SCHEDULE',
      endDate: '2031-06-05',
      durationMinutes: 60,
    })
    await assign(schedule.id, car)
    expect((await assign((await ask('2031-06-03', '12:00')).id, car)).status).to.equal(201)
    expect((await assign((await ask('2031-06-03', '08:30')).id, car)).status).to.equal(409)
  })

  it('whatever ends or is given back is free again', async () => {
    const [car, somebody] = [await aCar(), await aDriver()]
    const [first, second, third] = [
      await ask('2031-05-04', '09:00'),
      await ask('2031-05-04', '09:00'),
      await ask('2031-05-04', '09:00'),
    ]
    await assign(first.id, car, somebody)
    expect((await assign(second.id, car, somebody)).status).to.equal(409)
    await staff.post(`/bookings/${first.id}/cancel`, { reason: 'OTHER' })
    expect((await assign(second.id, car, somebody)).status).to.equal(201)
    for (const verb of ['start', 'complete']) await staff.post(`/bookings/${second.id}/${verb}`)
    expect((await assign(third.id, car, somebody)).status).to.equal(201)
    expect((await assign(third.id, await aCar(), somebody)).status, 'to another car').to.equal(201)
    expect((await assign((await ask('2031-05-04', '09:30')).id, car)).status).to.equal(201)
  })

  it('more people than it takes are refused', async () => {
    const car = await aCar({ capacity: 4 })
    const crowd = await ask('2031-05-05', '09:00', { passengerCount: 5 })
    mustBeProblem(await assign(crowd.id, car), 409, 'over_capacity')
    expect((await assign((await ask('2031-05-05', '09:00', { passengerCount: 4 })).id, car)).status).to.equal(
      201,
    )
  })

  it('a booking is served by what it needs, and a resource serves what it is for', async () => {
    const [car, shuttle] = [await aCar(), await aCar({ bookingTypes: ['MULTI_STOP'] })]
    const needs = await ask('2031-05-09', '09:00', {
      resourceKind: 'STATION',
      distanceKm: 12.5,
      amount: 300_000,
    })
    expect([needs.resourceKind, needs.distanceKm, needs.amount]).to.deep.equal(['STATION', 12.5, 300_000])
    const refused = await assign(needs.id, car)
    mustBeProblem(refused, 422, 'invalid')
    expect(refused.body.detail).to.match(/^resourceId: Xe \d+ is a VEHICLE, and the booking needs a STATION$/)
    const single = await ask('2031-05-09', '09:00')
    expect((await assign(single.id, shuttle)).body.detail).to.match(/is for MULTI_STOP/)
    await staff.patch(`/resources/${shuttle}`, { bookingTypes: null })
    expect((await assign(single.id, shuttle)).status).to.equal(201)
  })

  it('what needs no driver is assigned without one, and is in one place at a time all the same', async () => {
    const hall = (await staff.post('/resources', { kind: 'PROPERTY', name: 'Sảnh A', needsDriver: false }))
      .body.id
    const [first, second] = [await ask('2031-05-10', '09:00'), await ask('2031-05-10', '09:30')]
    const without = (id: string, resourceId: string): Promise<Reply> =>
      staff.post(`/bookings/${id}/assign`, { resourceId })
    mustBeProblem(await without(first.id, await aCar()), 422, 'invalid')
    const given = await without(first.id, hall)
    expect([given.status, given.body.assignedDriverId]).to.deep.equal([201, null])
    const refused = await without(second.id, hall)
    expect(refused.body.conflicts).to.have.length(1)
    expect(refused.body.conflicts[0]).to.include({ of: 'resource', bookingId: first.id })
    const moved = await manager.patch(`/bookings/${first.id}`, { scheduledTime: '10:30' })
    expect(moved.body.status).to.equal('ASSIGNED')
    expect((await without(second.id, hall)).status).to.equal(201)
    const back = await manager.patch(`/bookings/${first.id}`, { scheduledTime: '09:45' })
    mustBeProblem(back, 409, 'conflict')
    for (const verb of ['start', 'complete'])
      expect((await staff.post(`/bookings/${first.id}/${verb}`)).status).to.equal(201)
  })

  it('is found by a part of its code or its purpose, as people type it', async () => {
    const booking = await ask('2031-05-11', '09:00', { purpose: 'Đón đoàn kiểm toán' })
    const found = async (q: string): Promise<string[]> =>
      (await staff.get(`/bookings?q=${encodeURIComponent(q)}`)).body.map(({ id }: { id: string }) => id)
    expect(await found('kiem doan')).to.deep.equal([booking.id])
    expect(await found(booking.bookingCode.toLowerCase())).to.deep.equal([booking.id])
    expect(await found('kiểm 100%')).to.deep.equal([])
    const hers = await (await w.as('employee')).get('/bookings?q=kiem')
    expect(hers.body).to.deep.equal([])
  })

  it('an organisation may have a warning instead', async () => {
    const admin = await w.as('admin')
    expect((await admin.patch('/organisation', { settings: { conflicts: 'warn' } })).status).to.equal(200)
    const car = await aCar({ capacity: 1 })
    const [first, second] = [
      await ask('2031-05-06', '09:00', { passengerCount: 1 }),
      await ask('2031-05-06', '09:00', { passengerCount: 2 }),
    ]
    expect((await assign(first.id, car)).body).not.to.have.property('warnings')
    const { status, body } = await assign(second.id, car)
    expect([status, body.status, body.warnings.map(({ code }: { code: string }) => code)]).to.deep.equal([
      201,
      'ASSIGNED',
      ['conflict', 'over_capacity'],
    ])
    expect(body.warnings[0].conflicts[0].bookingId).to.equal(first.id)
    await admin.patch('/organisation', { settings: { conflicts: 'refuse' } })
    const third = await assign((await ask('2031-05-06', '09:30')).id, car)
    expect(third.body.conflicts).to.have.length(4)
  })

  it('PostgreSQL itself keeps two bookings apart', async () => {
    const [car, somebody] = [await aCar(), await aDriver()]
    const [first, second] = [await ask('2031-05-07', '09:00'), await ask('2031-05-07', '09:30')]
    await assign(first.id, car, somebody)
    const taken = w.runtime.db('bookings').where({ id: second.id }).update({
      status: 'ASSIGNED',
      assignedResourceId: car,
      isExclusive: true,
      held: '{[2031-05-07T02:30:00Z,2031-05-07T03:30:00Z)}',
    })
    const error: unknown = await taken.catch((caught: unknown) => caught)
    expect(error).to.include({ code: '23P01', constraint: 'bookings_one_resource' })
  })

  it('whoever dispatches finds what is free, and what a resource serves', async () => {
    const [small, large, broken] = [
      await aCar({ capacity: 4 }),
      await aCar({ capacity: 16, bufferMinutes: 60 }),
      await aCar({ status: 'MAINTENANCE' }),
    ]
    const somebody = await aDriver()
    const booking = await ask('2031-05-08', '09:00')
    await assign(booking.id, large, somebody)
    const free = async (
      from: string,
      to: string,
      more = '',
    ): Promise<{ cars: string[]; people: string[] }> => {
      const { body } = await staff.get(
        `/availability?from=2031-05-08T${from}:00Z&to=2031-05-08T${to}:00Z&kind=VEHICLE${more}`,
      )
      const ids = (list: { id: string }[]): string[] => list.map(({ id }) => id)
      return { cars: ids(body.resources), people: ids(body.drivers) }
    }
    const during = await free('02:30', '03:00')
    expect(during.cars).to.include(small).and.not.include(large).and.not.include(broken)
    expect(during.people).to.not.include(somebody)
    const after = await free('03:15', '03:30')
    expect([after.cars.includes(large), after.people.includes(somebody)], 'still made ready').to.deep.equal([
      false,
      true,
    ])
    const before = await free('00:00', '01:00')
    expect(before.cars).to.include(large)
    expect((await free('00:30', '01:30')).cars, 'no time to make it ready').to.not.include(large)
    expect((await free('04:00', '05:00', '&seats=10')).cars)
      .to.include(large)
      .and.not.include(small)

    const schedule = async (from: string, to: string): Promise<string[]> =>
      (await staff.get(`/resources/${large}/schedule?from=${from}&to=${to}`)).body.map(
        ({ id }: { id: string }) => id,
      )
    expect(await schedule('2031-05-08T00:00:00Z', '2031-05-09T00:00:00Z')).to.deep.equal([booking.id])
    expect(await schedule('2031-05-09T00:00:00Z', '2031-05-10T00:00:00Z')).to.deep.equal([])
    const listed = await staff.get(
      `/bookings?resourceId=${large}&driverId=${somebody}&requesterId=${manager.user.id}&from=2031-05-08T02:59:00Z&to=2031-05-08T03:00:00Z`,
    )
    expect(listed.body.map(({ id }: { id: string }) => id)).to.deep.equal([booking.id])
    expect((await staff.get(`/bookings?resourceId=${large}&from=2031-05-08T03:00:00Z`)).body).to.deep.equal(
      [],
    )
    mustBeProblem(
      await staff.get(`/availability?from=2031-05-08T02:00:00Z&to=2031-05-08T01:00:00Z`),
      422,
      'invalid',
    )
    mustBeProblem(
      await staff.get(`/availability?from=2031-01-01T00:00:00Z&to=2031-12-01T00:00:00Z`),
      422,
      'invalid',
    )
    mustBeProblem(
      await (await w.as('employee')).get('/availability?from=2031-05-08T02:00:00Z&to=2031-05-08T03:00:00Z'),
      403,
    )
  })
})
