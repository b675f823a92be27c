// Schedules on the days of a rule, and trips of several stops.

import { expect } from 'chai'
import type { Reply } from '../support/client.ts'
import { aFleet, type Fleet } from '../support/fleet.ts'
import { mustBeProblem } from '../support/problems.ts'
import type { Person, World } from '../support/world.ts'

describe('stops, and days by a rule', () => {
  let w: World
  let staff: Person
  let manager: Person
  let aCar: Fleet['aCar']
  let ask: Fleet['ask']
  let assign: Fleet['assign']

  before(async () => {
    ;({
      w,
      people: { staff, manager },
      aCar,
      ask,
      assign,
    } = await aFleet())
  })
  after(() => w.end())

  it('a schedule that repeats itself is in the way on its days only', async () => {
    const car = await aCar()
    const schedule = await ask('2031-08-04', '08:00', {
      bookingType: 'BLOCK_SCHEDULE',
      recurrence: 'FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4',
      durationMinutes: 60,
    })
    expect([schedule.endDate, schedule.endsAt]).to.deep.equal(['2031-08-14', '2031-08-14T02:00:00.000Z'])
    expect((await assign(schedule.id, car)).status).to.equal(201)
    expect((await assign((await ask('2031-08-05', '08:30')).id, car)).status).to.equal(201)
    const taken = await ask('2031-08-11', '08:30')
    expect((await assign(taken.id, car)).body.conflicts[0].bookingId).to.equal(schedule.id)
    const free = async (day: string): Promise<boolean> =>
      (await staff.get(`/availability?from=${day}T01:00:00Z&to=${day}T02:00:00Z`)).body.resources.some(
        ({ id }: { id: string }) => id === car,
      )
    expect([await free('2031-08-11'), await free('2031-08-12')]).to.deep.equal([false, true])

    const patch = (change: object): Promise<Reply> => manager.patch(`/bookings/${schedule.id}`, change)
    expect((await patch({ endDate: '2031-08-10' })).body).to.include({
      recurrence: 'FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20310810',
      endDate: '2031-08-07',
    })
    expect((await assign(taken.id, car)).status, 'a change frees days').to.equal(201)
    const refused = await patch({ recurrence: 'FREQ=WEEKLY;BYDAY=MO;COUNT=2' })
    expect(refused.body.conflicts[0].bookingId).to.equal(taken.id)
    mustBeProblem(await patch({ recurrence: null }), 409, 'conflict')
    const apart = await patch({ recurrence: null, scheduledTime: '06:00' })
    expect(apart.body).to.include({ recurrence: null, endDate: '2031-08-07' })
    mustBeProblem(await patch({ endDate: '2031-08-01' }), 422, 'invalid')
    mustBeProblem(await patch({ recurrence: 'FREQ=HOURLY;COUNT=3' }), 400, 'malformed')
  })

  it('a trip of several stops says where it goes, in order and on its way', async () => {
    const stops = [
      { name: 'Kho Thủ Đức', address: '12 Võ Văn Ngân', at: '2031-06-20T02:30:00Z' },
      { name: 'Cảng Cát Lái' },
      { name: 'Văn phòng', at: '2031-06-20T03:00:00Z' },
    ]
    const trip = await ask('2031-06-20', '09:00', { bookingType: 'MULTI_STOP', stops })
    expect(trip.stops).to.deep.equal(stops)
    const patch = (change: object): Promise<Reply> => manager.patch(`/bookings/${trip.id}`, change)
    const shorter = stops.slice(1)
    expect((await patch({ stops: shorter })).body.stops).to.deep.equal(shorter)
    expect((await staff.get(`/bookings/${trip.id}`)).body.stops).to.deep.equal(shorter)
    for (const wrong of [
      { stops: stops.toReversed() },
      { stops: [{ name: 'Sớm', at: '2031-06-20T01:59:00Z' }] },
      { durationMinutes: 30 },
      { bookingType: 'SINGLE_TRIP' },
    ]) {
      const refused = await patch(wrong)
      mustBeProblem(refused, 422, 'invalid')
      expect(refused.body.detail).to.match(/^stops/)
    }
    mustBeProblem(
      await patch({ stops: Array.from({ length: 26 }, () => ({ name: 'Xa' })) }),
      400,
      'malformed',
    )
    expect((await patch({ bookingType: 'SINGLE_TRIP', stops: null })).body.stops).to.equal(null)
  })
})
