import { expect } from 'chai'
import type { Reply } from '../support/client.ts'
import { tripOnItsDay, type Name } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { bookingOf, toldTo } from '../support/story.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('when somebody leaves, or has another role,', () => {
  let w: World
  let admin: Person
  let staff: Person
  beforeEach(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    ;[admin, staff] = [await w.as('admin'), await w.as('staff')]
  })
  afterEach(() => w.end())

  async function aTrip(
    more: object = {},
  ): Promise<{ bookingId: string; resourceId: string; driverId: string }> {
    const driverId = await w.idOf('driver')
    const [resource] = (await staff.get('/resources?kind=VEHICLE')).body
    const { body } = await (await w.as('sic')).post('/bookings', { ...tripOnItsDay(), ...more })
    expect(
      (await staff.post(`/bookings/${body.id}/assign`, { resourceId: resource.id, driverId })).body.status,
    ).to.equal('ASSIGNED')
    return { bookingId: body.id, resourceId: resource.id, driverId }
  }

  async function change(name: Name, patch: object): Promise<Reply['body']> {
    const { status, body } = await admin.patch(`/users/${await w.idOf(name)}`, patch)
    expect(status, JSON.stringify(body)).to.equal(200)
    await w.settle()
    return body
  }

  for (const [what, patch] of [
    ['leaves', { isActive: false }],
    ['does other work', { role: 'STAFF' }],
  ] as const) {
    it(`the coming trips of a driver who ${what} are to be assigned anew, and requester and staff are told`, async () => {
      const { bookingId } = await aTrip()
      await change('driver', patch)
      expect(await bookingOf(w, bookingId)).to.include({
        status: 'PENDING',
        assignedDriverId: null,
        assignedResourceId: null,
      })
      expect(await toldTo(w, 'sic')).to.include('BOOKING_UNASSIGNED')
      expect(await toldTo(w, 'staff')).to.include('TRIPS_UNASSIGNED')
      expect(await toldTo(w, 'admin')).not.to.include('TRIPS_UNASSIGNED')
    })
  }

  it('a trip that is under way goes on: requester and staff are told, until somebody else drives it or it is over', async () => {
    const { bookingId, driverId } = await aTrip()
    await staff.post(`/bookings/${bookingId}/start`)
    await change('driver', { isActive: false })
    expect(await bookingOf(w, bookingId)).to.include({ status: 'IN_PROGRESS', assignedDriverId: driverId })
    for (const name of ['sic', 'staff', 'supervisor'] as const)
      expect(await toldTo(w, name), name).to.include('TRIP_INTERRUPTED')
    expect(await toldTo(w, 'admin'), 'who did it').not.to.include('TRIP_INTERRUPTED')
    const { body: notices } = await staff.get('/notifications?unread=true')
    const open = (all: { type: string }[]): number =>
      all.filter(({ type }) => type === 'TRIP_INTERRUPTED').length
    expect(open(notices)).to.equal(1)
    expect((await staff.post(`/bookings/${bookingId}/complete`)).body.status).to.equal('COMPLETED')
    expect(open((await staff.get('/notifications?unread=true')).body), 'settled').to.equal(0)
  })

  it('a vehicle that breaks down on the way calls the staff, the requester and the driver', async () => {
    const { bookingId, resourceId } = await aTrip()
    await staff.post(`/bookings/${bookingId}/start`)
    await staff.patch(`/resources/${resourceId}`, { status: 'MAINTENANCE' })
    await w.settle()
    for (const name of ['sic', 'driver', 'supervisor'] as const)
      expect(await toldTo(w, name), name).to.include('TRIP_INTERRUPTED')
    expect(await toldTo(w, 'staff'), 'who did it').not.to.include('TRIP_INTERRUPTED')
    expect((await bookingOf(w, bookingId)).status).to.equal('IN_PROGRESS')
  })

  for (const [what, withdraw] of [
    ['goes to the workshop', (id: string) => staff.patch(`/resources/${id}`, { status: 'MAINTENANCE' })],
    ['is laid up', (id: string) => staff.patch(`/resources/${id}`, { status: 'INACTIVE' })],
    ['is deleted', (id: string) => staff.delete(`/resources/${id}`)],
  ] as const) {
    it(`the coming trips of a vehicle that ${what} are to be assigned anew, and the driver is told, too`, async () => {
      const { bookingId, resourceId } = await aTrip()
      expect((await withdraw(resourceId)).status).to.equal(200)
      await w.settle()
      expect(await bookingOf(w, bookingId)).to.include({ status: 'PENDING', assignedResourceId: null })
      for (const name of ['sic', 'driver'] as const)
        expect(await toldTo(w, name), name).to.include('BOOKING_UNASSIGNED')
      expect(await toldTo(w, 'supervisor')).to.include('TRIPS_UNASSIGNED')
    })
  }

  it('the room of a trip changes hands with the trip: the driver who left is out, the next one in', async () => {
    const { bookingId, resourceId } = await aTrip({
      bookingType: 'BLOCK_SCHEDULE',
      scheduledDate: '2031-03-10',
      endDate: '2031-03-12',
    })
    const { body: next } = await admin.post('/users', {
      email: 'next@demo.test',
      password: 'long-enough',
      fullName: 'Võ Tài',
      role: 'DRIVER',
    })
    const members = async (): Promise<string[]> =>
      (
        await w.runtime
          .db('room_members')
          .whereIn('roomId', w.runtime.db('rooms').where({ bookingId }).select('id'))
          .orderBy('roleInRoom')
      ).map(({ userId }) => userId)
    await change('driver', { isActive: false })
    expect(await members()).to.deep.equal([await w.idOf('sic')])
    expect(
      (await staff.post(`/bookings/${bookingId}/assign`, { resourceId, driverId: next.id })).status,
    ).to.equal(201)
    expect(await members()).to.deep.equal([next.id, await w.idOf('sic')])
  })

  it('nothing is assigned to a driver who leaves at that very moment', async () => {
    const { bookingId, resourceId, driverId } = await aTrip()
    await change('driver', { role: 'STAFF' })
    await change('driver', { role: 'DRIVER' })
    const [, assigned] = await Promise.all([
      change('driver', { isActive: false }),
      staff.post(`/bookings/${bookingId}/assign`, { resourceId, driverId }),
    ])
    if (assigned.status !== 201) mustBeProblem(assigned, 422)
    expect((await bookingOf(w, bookingId)).status).to.equal('PENDING')
  })

  for (const [what, patch] of [
    ['leaves', { isActive: false }],
    ['goes to another desk', { role: 'EMPLOYEE' }],
  ] as const) {
    it(`the tickets of an agent who ${what} wait for the others, who are told, and its room knows them no longer`, async () => {
      const { body: ticket } = await (
        await w.as('customer')
      ).post('/support', { description: 'Pin không sạc được' })
      expect(
        (await admin.patch(`/support/${ticket.id}`, { assigneeId: staff.user.id })).body.assigneeId,
      ).to.equal(staff.user.id)
      await change('staff', patch)
      const { body } = await admin.get(`/support/${ticket.id}`)
      expect(body.assigneeId).to.equal(null)
      expect(body.timeline.at(-1)).to.deep.include({
        what: 'changed',
        changes: [{ field: 'assigneeId', from: staff.user.id, to: null }],
      })
      expect(await toldTo(w, 'supervisor')).to.include('TICKETS_UNASSIGNED')
      expect(
        await w.runtime.db('room_members').where({ roomId: ticket.roomId, userId: staff.user.id }),
      ).to.deep.equal([])
    })

    it(`a ticket that was closed when its agent ${what} waits for the others when it is opened again, and says so`, async () => {
      const { body: ticket } = await (
        await w.as('customer')
      ).post('/support', { description: 'Pin không sạc được' })
      await admin.patch(`/support/${ticket.id}`, { assigneeId: staff.user.id, status: 'closed' })
      await change('staff', patch)
      const { body } = await admin.patch(`/support/${ticket.id}`, { status: 'open' })
      expect([body.status, body.assigneeId]).to.deep.equal(['open', null])
      expect(body.timeline.at(-1).changes).to.deep.include({
        field: 'assigneeId',
        from: staff.user.id,
        to: null,
      })
      await w.settle()
      expect(await toldTo(w, 'supervisor')).to.include('TICKETS_UNASSIGNED')
    })

    it(`the conversations of an agent who ${what} wait for the others, and they are out of customers' rooms`, async () => {
      const { body: room } = await (await w.as('customer')).post('/chat/rooms/create', {})
      expect((await staff.post(`/chat/rooms/${room.id}/messages`, { content: 'Chào anh' })).status).to.equal(
        201,
      )
      expect(
        (await admin.post(`/chat/rooms/${room.id}/assign`, { assigneeId: staff.user.id })).body.assignee.id,
      ).to.equal(staff.user.id)
      await change('staff', patch)
      expect(
        await w.runtime.db('inbox_conversations').where({ roomId: room.id }).first('assigneeId'),
      ).to.deep.equal({ assigneeId: null })
      expect(await toldTo(w, 'supervisor')).to.include('CONVERSATIONS_UNASSIGNED')
      await until(
        'they are out',
        async () =>
          (await w.runtime.db('room_members').where({ roomId: room.id, userId: staff.user.id })).length === 0,
      )
    })
  }

  it('somebody who leaves is out of the groups, and stays in what two said to each other', async () => {
    const { body: group } = await admin.post('/chat/groups', { name: 'Đội xe', memberIds: [staff.user.id] })
    const { body: direct } = await staff.post('/chat/conversations/with-user', { userId: admin.user.id })
    await change('staff', { isActive: false })
    expect(
      (await admin.get(`/chat/groups/${group.id}`)).body.members.map(
        ({ userId }: { userId: string }) => userId,
      ),
    ).to.deep.equal([admin.user.id])
    expect(
      await w.runtime.db('room_members').where({ roomId: direct.id ?? direct._id, userId: staff.user.id }),
    ).to.have.length(1)
  })

  it("what they made for the organisation goes on working: keys and webhooks are the organisation's", async () => {
    const { body: second } = await admin.post('/users', {
      email: 'second@demo.test',
      password: 'long-enough',
      fullName: 'Ngô Quyền',
      role: 'ADMIN',
    })
    const maker = await w.anybody.post('/auth/login', { email: 'second@demo.test', password: 'long-enough' })
    const headers = { authorization: `Bearer ${maker.body.accessToken}` }
    const { body: key } = await w.anybody.post('/api-keys', { name: 'Cổng thanh toán' }, headers)
    const { body: webhook } = await w.anybody.post(
      '/webhooks',
      { channel: 'WEBHOOK', url: 'https://hooks.example/in' },
      headers,
    )
    expect((await admin.patch(`/users/${second.id}`, { isActive: false })).status).to.equal(200)
    await w.settle()
    expect((await w.anybody.get('/events/unknown', { 'x-api-key': key.key })).status).to.equal(404)
    expect((await admin.get(`/webhooks/${webhook.id}`)).body).to.include({
      id: webhook.id,
      url: 'https://hooks.example/in',
    })
    expect(await w.runtime.db('webhooks').where({ id: webhook.id }).whereNull('disabledAt')).to.have.length(1)
  })
})
