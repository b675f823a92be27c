import { expect } from 'chai'
import { BOOKING_STATUSES, CANCELLATION_REASONS, type BookingStatus } from '../../shared/bookings/schema.ts'
import type { Reply } from '../support/client.ts'
import { TRIP, tripOnItsDay } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { toldTo } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('bookings', () => {
  let w: World
  let people: Record<'staff' | 'employee' | 'manager' | 'driver', Person>
  let resourceId: string

  before(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    people = {
      staff: await w.as('staff'),
      employee: await w.as('employee'),
      manager: await w.as('manager'),
      driver: await w.as('driver'),
    }
    resourceId = (await people.staff.get('/resources?kind=VEHICLE')).body[0].id
  })
  after(() => w.end())

  /** A booking of the manager's, who needs nobody's approval, set to a state. */
  async function aBooking(status: BookingStatus = 'PENDING', by: Person = people.manager): Promise<string> {
    const { body } = await by.post('/bookings', tripOnItsDay())
    const driven = ['ASSIGNED', 'IN_PROGRESS', 'COMPLETED'].includes(status)
    await w.runtime
      .db('bookings')
      .where({ id: body.id })
      .update({
        status,
        ...(driven && { assignedDriverId: people.driver.user.id, assignedResourceId: resourceId }),
      })
    return body.id
  }

  const VERBS: readonly {
    verb: string
    body?: () => object
    from: readonly BookingStatus[]
    to: BookingStatus
    told: string
  }[] = [
    {
      verb: 'assign',
      body: () => ({ resourceId, driverId: people.driver.user.id }),
      from: ['PENDING', 'CONFIRMED', 'ASSIGNED'],
      to: 'ASSIGNED',
      told: 'BOOKING_ASSIGNED',
    },
    { verb: 'confirm', from: ['PENDING'], to: 'CONFIRMED', told: 'BOOKING_CONFIRMED' },
    { verb: 'start', from: ['ASSIGNED'], to: 'IN_PROGRESS', told: 'TRIP_STARTED' },
    { verb: 'complete', from: ['IN_PROGRESS'], to: 'COMPLETED', told: 'TRIP_COMPLETED' },
    {
      verb: 'redirect',
      from: ['PENDING', 'CONFIRMED', 'ASSIGNED'],
      to: 'REDIRECTED_EXTERNAL',
      told: 'BOOKING_REDIRECTED',
    },
    {
      verb: 'cancel',
      body: () => ({ reason: 'WEATHER' }),
      from: ['PENDING_APPROVAL', 'PENDING', 'CONFIRMED', 'ASSIGNED', 'IN_PROGRESS'],
      to: 'CANCELLED',
      told: 'BOOKING_CANCELLED',
    },
  ]

  it('are not taken for a day that has passed where the organisation is, but for the staff that says so', async () => {
    const { employee, staff } = people
    // 9:00 on March 3 in Hồ Chí Minh City.
    const yesterday = { ...TRIP, scheduledDate: '2031-03-02' }
    for (const path of ['/bookings', '/approvals/simulate']) {
      expect(mustBeProblem(await employee.post(path, yesterday), 422)).to.equal('scheduledDate has passed')
      expect(mustBeProblem(await employee.post(path, { ...yesterday, backdated: true }), 422)).to.equal(
        'scheduledDate has passed',
      )
      expect(mustBeProblem(await staff.post(path, yesterday), 422)).to.equal(
        'scheduledDate has passed; with backdated: true it is taken all the same',
      )
      expect((await employee.post(path, { ...TRIP, scheduledDate: '2031-03-03' })).status).to.be.oneOf([
        200, 201,
      ])
    }
    const { body } = await staff.post('/bookings', { ...yesterday, backdated: true })
    expect(body.scheduledDate).to.equal('2031-03-02')
    await w.runtime.db('bookings').where({ id: body.id }).delete()
  })

  for (const { verb, body = () => ({}), from, to, told } of VERBS) {
    it(`${verb}: from ${from.join(', ')} to ${to}, and 409 naming both states from everywhere else`, async () => {
      for (const status of BOOKING_STATUSES) {
        const id = await aBooking(status)
        const reply = await people.staff.post(`/bookings/${id}/${verb}`, body())
        if (from.includes(status)) {
          expect(reply.status, `${status}: ${JSON.stringify(reply.body)}`).to.equal(201)
          expect(reply.body).to.include({ status: to, version: 2 })
        } else {
          expect(mustBeProblem(reply, 409, 'impossible_transition')).to.equal(
            `A booking that is ${status} cannot become ${to}`,
          )
          expect((await people.staff.get(`/bookings/${id}`)).body).to.include({ status, version: 1 })
        }
      }
    })

    it(`${verb}: whoever asked is told ${told}`, async () => {
      const [status = 'PENDING'] = from.filter((each) => each !== 'PENDING_APPROVAL')
      await w.settle()
      const before = await toldTo(w, 'manager')
      await people.staff.post(`/bookings/${await aBooking(status)}/${verb}`, body())
      await w.settle()
      expect((await toldTo(w, 'manager')).length - before.length).to.equal(1)
      expect(await toldTo(w, 'manager')).to.include(told)
    })
  }

  it('arriving: tells whoever asked and changes no state', async () => {
    const id = await aBooking('ASSIGNED')
    const reply = await people.driver.post(`/bookings/${id}/arriving`)
    expect(reply.body).to.include({ status: 'ASSIGNED', version: 1 })
    expect(await toldTo(w, 'manager')).to.include('VEHICLE_ARRIVING')
    for (const status of BOOKING_STATUSES.filter((each) => each !== 'ASSIGNED')) {
      expect(mustBeProblem(await people.staff.post(`/bookings/${await aBooking(status)}/arriving`), 409))
        .to.include(status)
        .and.include('ASSIGNED')
    }
  })

  for (const reason of CANCELLATION_REASONS) {
    it(`are cancelled for ${reason}, with a word about it`, async () => {
      const { status, body } = await people.manager.post(`/bookings/${await aBooking()}/cancel`, {
        reason,
        notes: 'Mưa lớn',
      })
      expect(status).to.equal(201)
      expect(body).to.include({
        status: 'CANCELLED',
        cancellationReason: reason,
        cancellationNotes: 'Mưa lớn',
        cancelledById: people.manager.user.id,
        cancelledAt: w.clock.now().toISOString(),
      })
    })
  }

  it('are driven by the driver they have, and by no other', async () => {
    const other = (
      await (
        await w.as('admin')
      ).post('/users', {
        email: 'driver2@demo.test',
        password: 'bellhop-demo',
        fullName: 'Tài xế hai',
        role: 'DRIVER',
      })
    ).body
    const id = await aBooking('ASSIGNED')
    await w.runtime.db('bookings').where({ id }).update({ assignedDriverId: other.id })
    mustBeProblem(await people.driver.post(`/bookings/${id}/start`), 404)
    const { accessToken } = (
      await w.anybody.post('/auth/login', { email: 'driver2@demo.test', password: 'bellhop-demo' })
    ).body
    expect(
      (await w.anybody.post(`/bookings/${id}/start`, {}, { authorization: `Bearer ${accessToken}` })).body
        .status,
    ).to.equal('IN_PROGRESS')
  })

  it('are not dispatched by whoever asked, nor by whoever drives', async () => {
    const id = await aBooking('ASSIGNED')
    for (const person of [people.manager, people.driver]) {
      for (const [verb, body] of [
        ['confirm', {}],
        ['redirect', {}],
        ['assign', { resourceId, driverId: people.driver.user.id }],
      ] as const)
        mustBeProblem(await person.post(`/bookings/${id}/${verb}`, body), 403, 'forbidden')
    }
    mustBeProblem(await people.manager.post(`/bookings/${id}/start`), 403)
    mustBeProblem(await people.driver.post(`/bookings/${id}/cancel`, { reason: 'OTHER' }), 403)
  })

  it('are not the business of anybody else: they do not exist for them', async () => {
    const id = await aBooking()
    for (const name of ['customer', 'driver', 'sic', 'foreigner', 'foreignAdmin'] as const) {
      const stranger = await w.as(name)
      for (const reply of [
        await stranger.get(`/bookings/${id}`),
        await stranger.post(`/bookings/${id}/cancel`, { reason: 'OTHER' }),
        await stranger.post(`/bookings/${id}/confirm`),
      ])
        mustBeProblem(reply, 404, 'not_found')
    }
  })

  describe('are assigned', () => {
    const assign = async (ids: Partial<{ resourceId: string; driverId: string }>): Promise<Reply> =>
      people.staff.post(`/bookings/${await aBooking()}/assign`, {
        resourceId,
        driverId: people.driver.user.id,
        ...ids,
      })

    it('to the vehicle and the driver of the organisation, who is told as well', async () => {
      const { body } = await assign({})
      expect(body).to.include({ assignedResourceId: resourceId, assignedDriverId: people.driver.user.id })
      expect(await toldTo(w, 'driver')).to.include('BOOKING_ASSIGNED')
    })

    it('to a vehicle that those know who travel and who drive, and nobody else', async () => {
      const { body: vehicle } = await people.staff.post('/resources', { kind: 'VEHICLE', name: '51A-111.11' })
      const look = async (who: Person): Promise<number> => (await who.get(`/resources/${vehicle.id}`)).status
      expect(await look(people.manager)).to.equal(404)
      await assign({ resourceId: vehicle.id })
      expect(await look(people.manager)).to.equal(200)
      expect(await look(people.driver)).to.equal(200)
      expect(await look(people.employee)).to.equal(404)
    })

    it("to nobody who does not drive, and to nobody else's", async () => {
      for (const driverId of [people.employee.user.id, await w.idOf('foreigner'), resourceId])
        expect(mustBeProblem(await assign({ driverId }), 422)).to.equal('driverId: there is no such driver')
      expect(mustBeProblem(await assign({ resourceId: people.driver.user.id }), 422)).to.equal(
        'resourceId: there is no such resource',
      )
    })

    for (const status of ['MAINTENANCE', 'INACTIVE']) {
      it(`to nothing that is ${status}`, async () => {
        const { body } = await people.staff.post('/resources', {
          kind: 'VEHICLE',
          name: '51A-999.99',
          status,
        })
        mustBeProblem(await assign({ resourceId: body.id }), 409)
      })
    }
  })

  describe('are listed', () => {
    it('to the staff all of them, to everybody else what they asked for or drive', async () => {
      await aBooking('PENDING', people.employee)
      await aBooking('ASSIGNED', people.employee)
      const of = async (
        person: Person,
        query = '',
      ): Promise<{ requesterId: string; assignedDriverId: string }[]> =>
        (await person.get(`/bookings?limit=100${query}`)).body
      const all = await of(people.staff)
      expect(all.length).to.equal(
        Math.min(100, (await w.runtime.db('bookings').where({ orgId: people.staff.user.orgId })).length),
      )
      expect(
        (await of(people.employee)).every(({ requesterId }) => requesterId === people.employee.user.id),
      ).to.equal(true)
      expect(
        (await of(people.driver)).every(({ assignedDriverId }) => assignedDriverId === people.driver.user.id),
      ).to.equal(true)
      expect(await of(people.staff, '&mine=true')).to.deep.equal([])
    })

    it('to nobody more than that, whoever they ask for', async () => {
      await aBooking('ASSIGNED', people.manager)
      const [customer, neighbour] = [await w.as('customer'), await w.as('foreigner')]
      const [{ id: managerId }, { id: driverId }] = [people.manager.user, people.driver.user]
      const asked: readonly [Person, string][] = [
        [people.employee, `requesterId=${managerId}`],
        [customer, `requesterId=${managerId}`],
        [customer, `driverId=${driverId}`],
        [neighbour, `requesterId=${managerId}`],
        [neighbour, `driverId=${driverId}`],
        [neighbour, `mine=true&requesterId=${managerId}`],
        [people.staff, `mine=true&requesterId=${managerId}`],
        [people.staff, `mine=true&driverId=${driverId}`],
      ]
      for (const [person, query] of asked) {
        const { body, headers } = await person.get(`/bookings?${query}`)
        expect([body, headers.get('x-total-count')], query).to.deep.equal([[], '0'])
      }
      expect((await people.staff.get(`/bookings?requesterId=${managerId}`)).body).to.have.length.above(0)
    })

    it('by state, and by driver to that driver and the staff', async () => {
      const { body } = await people.staff.get('/bookings?status=COMPLETED')
      expect(body.every(({ status }: { status: string }) => status === 'COMPLETED')).to.equal(true)
      const path = `/bookings/driver/${people.driver.user.id}`
      expect((await people.driver.get(path)).body).to.deep.equal((await people.staff.get(path)).body)
      expect((await people.driver.get(path)).body).to.have.length.above(0)
      mustBeProblem(await people.employee.get(path), 404)
    })
  })

  it('end no sooner than they begin', async () =>
    mustBeProblem(await people.manager.post('/bookings', { ...TRIP, endDate: '2031-03-09' }), 422, 'invalid'))
})
