// What belongs to a trip that runs: its vehicle is in use, and what was found at its beginning and end is written down.

import { expect } from 'chai'
import { caller, type Reply } from '../support/client.ts'
import { aFleet, type Fleet } from '../support/fleet.ts'
import { tripOnItsDay } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { formWith, PNG } from '../support/upload.ts'
import type { World } from '../support/world.ts'

describe('a trip under way', () => {
  let w: World
  let people: Fleet['people']
  let aCar: Fleet['aCar']
  let aDriver: Fleet['aDriver']
  let toldOf: Fleet['told']

  before(async () => {
    ;({ w, people, aCar, aDriver, told: toldOf } = await aFleet())
  })
  after(() => w.end())

  /** The manager needs nobody's approval. */
  const aTrip = async (resourceId: string): Promise<string> => {
    const { id } = (await people.manager.post('/bookings', tripOnItsDay())).body
    await people.staff.post(`/bookings/${id}/assign`, { resourceId, driverId: people.driver.user.id })
    return id
  }
  const move = (id: string, verb: string, body?: object): Promise<Reply> =>
    people.staff.post(`/bookings/${id}/${verb}`, body)
  const statusOf = async (resourceId: string): Promise<string> =>
    (await people.staff.get(`/resources/${resourceId}`)).body.status
  const handOver = (id: string, found: object, by = people.driver): Promise<Reply> =>
    by.post(`/bookings/${id}/handover`, found)

  it('what serves it is in use from its start to its end, however it ends', async () => {
    const car = await aCar()
    const trip = await aTrip(car)
    expect(await statusOf(car), 'assigned is not started').to.equal('AVAILABLE')
    expect((await move(trip, 'start')).status).to.equal(201)
    expect(await statusOf(car)).to.equal('IN_USE')
    expect((await move(trip, 'complete')).status).to.equal(201)
    expect(await statusOf(car)).to.equal('AVAILABLE')
    const next = await aTrip(car)
    await move(next, 'start')
    const { body: listed } = await people.staff.get('/resources?kind=VEHICLE&limit=100')
    expect(listed.find(({ id }: { id: string }) => id === car).status).to.equal('IN_USE')
    const { body: free } = await people.staff.get(
      '/availability?from=2039-05-08T02:00:00Z&to=2039-05-08T03:00:00Z&kind=VEHICLE',
    )
    expect(free.resources.find(({ id }: { id: string }) => id === car).status).to.equal('IN_USE')
    await move(next, 'cancel', { reason: 'VEHICLE_BREAKDOWN' })
    expect(await statusOf(car)).to.equal('AVAILABLE')
  })

  it('what breaks down on the way is in repair, during the trip and after it', async () => {
    const car = await aCar()
    const trip = await aTrip(car)
    await move(trip, 'start')
    expect((await people.staff.patch(`/resources/${car}`, { status: 'MAINTENANCE' })).body.status).to.equal(
      'MAINTENANCE',
    )
    await move(trip, 'complete')
    expect(await statusOf(car)).to.equal('MAINTENANCE')
    expect((await people.staff.patch(`/resources/${car}`, { status: 'IN_USE' })).body.status).to.equal(
      'AVAILABLE',
    )
  })

  it('whoever drives writes down what they found, and whoever sees the booking reads it, photographs too', async () => {
    const car = await aCar({ odometerKm: 1000 })
    const trip = await aTrip(car)
    const photo = (await people.driver.post('/chat/attachments', formWith(PNG, 'trầy xước.png'))).body
    const found = await handOver(trip, {
      odometerKm: 1005.5,
      level: 80,
      note: 'Trầy cửa trái',
      attachments: [photo.id],
    })
    expect(found.status).to.equal(201)
    const start = {
      moment: 'START',
      byId: people.driver.user.id,
      resourceId: car,
      odometerKm: 1005.5,
      level: 80,
      note: 'Trầy cửa trái',
    }
    const [written] = found.body.handovers
    expect(written).to.include(start)
    expect(written.attachments.map(({ id }: { id: string }) => id)).to.deep.equal([photo.id])
    await move(trip, 'start')
    expect((await handOver(trip, { odometerKm: 1042 })).status).to.equal(201)
    await move(trip, 'complete')
    const late = await handOver(trip, { level: 35 }, people.staff)
    expect(late.body.handovers.map(({ moment }: { moment: string }) => moment)).to.deep.equal([
      'START',
      'END',
      'END',
    ])
    const { body } = await people.manager.get(`/bookings/${trip}`)
    expect(body.handovers).to.deep.equal(late.body.handovers)
    expect((await people.staff.get(`/resources/${car}`)).body.odometerKm).to.equal(1042)
    expect((await people.manager.get(`/files/${photo.id}`)).status, 'who asked for it').to.equal(200)
    expect((await people.staff.get(`/files/${photo.id}`)).status).to.equal(200)
    mustBeProblem(await people.employee.get(`/files/${photo.id}`), 404, 'not_found')
    mustBeProblem(await handOver(trip, { level: 1 }, people.manager), 403, 'forbidden')
    mustBeProblem(await handOver(trip, { level: 1 }, people.employee), 404, 'not_found')
    mustBeProblem(await handOver(trip, { attachments: [photo.id] }), 422, 'invalid')
  })

  it('an odometer does not run back, unless the staff says that it was read wrong', async () => {
    const car = await aCar()
    const trip = await aTrip(car)
    await handOver(trip, { odometerKm: 99_000 })
    await move(trip, 'start')
    const back = await handOver(trip, { odometerKm: 9_050 })
    mustBeProblem(back, 422, 'invalid')
    expect(back.body.detail).to.match(
      /^odometerKm: Xe \d+ has shown 99000 km already, and an odometer does not run back$/,
    )
    expect((await people.staff.get(`/bookings/${trip}`)).body.handovers).to.have.length(1)
    await people.staff.patch(`/resources/${car}`, { odometerKm: 9_000 })
    expect((await handOver(trip, { odometerKm: 9_050 })).status).to.equal(201)
    await move(trip, 'complete')
    const next = await aTrip(car)
    mustBeProblem(await handOver(next, { odometerKm: 9_049 }), 422, 'invalid')
  })

  it('another vehicle or driver takes over, before it begins or on the way, and everybody concerned is told why', async () => {
    const second = { id: await aDriver() }
    const [car, other] = [await aCar(), await aCar()]
    const trip = await aTrip(car)
    const reassign = (body: object, by = people.staff): Promise<Reply> =>
      by.post(`/bookings/${trip}/reassign`, body)
    const given = await reassign({ driverId: second.id, reason: 'Anh Tài bị ốm' })
    expect(given.status).to.equal(201)
    expect(given.body).to.include({
      status: 'ASSIGNED',
      assignedResourceId: car,
      assignedDriverId: second.id,
      reassignmentReason: 'Anh Tài bị ốm',
      reassignedById: people.staff.user.id,
    })
    expect(await toldOf(trip, people.driver.user.id)).to.include('BOOKING_REASSIGNED')
    expect(await toldOf(trip, second.id)).to.deep.equal(['BOOKING_REASSIGNED'])
    expect(await toldOf(trip, people.manager.user.id)).to.include('BOOKING_REASSIGNED')
    await move(trip, 'start')
    const onTheWay = await reassign({ resourceId: other, reason: 'Xe hỏng' })
    expect(onTheWay.body).to.include({ status: 'IN_PROGRESS', assignedResourceId: other })
    expect([await statusOf(car), await statusOf(other)]).to.deep.equal(['AVAILABLE', 'IN_USE'])
    mustBeProblem(await move(trip, 'start'), 409, 'impossible_transition')
    const { body: notices } = await people.manager.get('/notifications')
    expect(notices.map(({ message }: { message: string }) => message.split('Lý do: ')[1])).to.include(
      'Xe hỏng',
    )
    mustBeProblem(await reassign({ resourceId: car, reason: 'x' }, people.manager), 403, 'forbidden')
    mustBeProblem(await reassign({ reason: 'Không có gì' }), 400, 'malformed')
    await move(trip, 'complete')
    mustBeProblem(await reassign({ resourceId: car, reason: 'Muộn' }), 409, 'impossible_transition')
  })

  it('what is elsewhere at that time takes over nothing', async () => {
    const [car, other] = [await aCar(), await aCar()]
    const trip = await aTrip(car)
    const { scheduledDate } = (await people.staff.get(`/bookings/${trip}`)).body
    const { id } = (await people.manager.post('/bookings', { ...tripOnItsDay(), scheduledDate })).body
    const second = { id: await aDriver() }
    await people.staff.post(`/bookings/${id}/assign`, { resourceId: other, driverId: second.id })
    await move(trip, 'start')
    for (const [of, change] of [
      ['resource', { resourceId: other }],
      ['driver', { driverId: second.id }],
    ] as const) {
      const refused = await people.staff.post(`/bookings/${trip}/reassign`, { ...change, reason: 'Đổi' })
      mustBeProblem(refused, 409, 'conflict')
      expect(refused.body.conflicts).to.have.length(1)
      expect(refused.body.conflicts[0]).to.include({ of, bookingId: id })
    }
  })

  it('what says nothing, or comes before there is anything to hand over, is refused', async () => {
    const { id } = (await people.manager.post('/bookings', tripOnItsDay())).body
    mustBeProblem(await handOver(id, { level: 50 }, people.staff), 409, 'impossible_transition')
    const trip = await aTrip(await aCar())
    mustBeProblem(await handOver(trip, { moment: 'END', level: 50 }), 409, 'impossible_transition')
    mustBeProblem(await handOver(trip, { note: '  ' }), 422, 'invalid')
    mustBeProblem(await handOver(trip, { level: 101, odometerKm: -1 }), 400, 'malformed')
    mustBeProblem(await handOver(trip, { level: 50, at: '2031-01-01' }), 400, 'malformed')
  })

  it('a person who is forgotten leaves no note and no photograph of a trip', async () => {
    const { body: driver } = await people.admin.post('/users', {
      email: 'lai-xe-cu@demo.test',
      fullName: 'Lái xe cũ',
      role: 'DRIVER',
      password: 'mat-khau-rat-dai',
    })
    const { id } = (await people.manager.post('/bookings', tripOnItsDay())).body
    const car = await aCar()
    await people.staff.post(`/bookings/${id}/assign`, { resourceId: car, driverId: driver.id })
    const { body: signedIn } = await w.anybody.post('/auth/login', {
      email: 'lai-xe-cu@demo.test',
      password: 'mat-khau-rat-dai',
    })
    await caller(w.url, signedIn.accessToken).post(`/bookings/${id}/handover`, {
      odometerKm: 7,
      note: 'Kính của tôi ở trong xe',
    })
    await move(id, 'start')
    await move(id, 'complete')
    await handOver(id, { note: 'Không thấy' }, people.staff)
    expect((await people.admin.post(`/users/${driver.id}/erase`)).status).to.equal(201)
    const { body } = await people.staff.get(`/bookings/${id}`)
    expect(
      body.handovers.map(({ note, odometerKm }: { note: string; odometerKm: number }) => [note, odometerKm]),
    ).to.deep.equal([
      [null, 7],
      ['Không thấy', null],
    ])
  })
})
