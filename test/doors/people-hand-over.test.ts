import { expect } from 'chai'
import { TRIP } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { approvalOf, askAndRoute, bookingOf, toldTo } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('what somebody holds', () => {
  let w: World
  let admin: Person
  let staff: Person
  beforeEach(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    ;[admin, staff] = [await w.as('admin'), await w.as('staff')]
  })
  afterEach(() => w.end())

  async function aColleague(role: string): Promise<string> {
    const { body } = await admin.post('/users', {
      email: `${role.toLowerCase()}.new@demo.test`,
      password: 'long-enough',
      fullName: 'Võ Tài',
      role,
    })
    return body.id
  }

  async function aTrip(driverId: string, scheduledTime = '08:30'): Promise<string> {
    const { body } = await (await w.as('sic')).post('/bookings', { ...TRIP, scheduledTime })
    const { body: resource } = await staff.post('/resources', {
      kind: 'VEHICLE',
      name: `51A ${scheduledTime}`,
    })
    const assigned = await staff.post(`/bookings/${body.id}/assign`, { resourceId: resource.id, driverId })
    expect(assigned.status, JSON.stringify(assigned.body)).to.equal(201)
    return body.id
  }

  async function aTicketOf(assigneeId: string): Promise<string> {
    const { body } = await (await w.as('customer')).post('/support', { description: 'Pin không sạc được' })
    await admin.patch(`/support/${body.id}`, { assigneeId })
    return body.id
  }

  async function aConversationOf(assigneeId: string): Promise<string> {
    const { body } = await (await w.as('customer')).post('/chat/rooms/create', {})
    await admin.post(`/chat/rooms/${body.id}/assign`, { assigneeId })
    return body.id
  }

  it('is shown to an admin: approvals, tickets, conversations and trips, each by its name', async () => {
    const { booking, approval } = await askAndRoute(w)
    const { body: ofManager } = await admin.get(`/users/${await w.idOf('manager')}/holdings`)
    expect(ofManager.approvals).to.deep.equal({
      items: [
        {
          id: approval.id,
          label: booking.bookingCode,
          personName: (await w.as('employee')).user.fullName,
          dueAt: approval.expiresAt?.toISOString(),
        },
      ],
      hasMore: false,
    })
    const tripId = await aTrip(await w.idOf('driver'))
    const { body: ofDriver } = await admin.get(`/users/${await w.idOf('driver')}/holdings`)
    expect(ofDriver.bookings.items).to.have.length(1)
    expect(ofDriver.bookings.items[0]).to.include({ id: tripId })
    const [ticketId, roomId] = [await aTicketOf(staff.user.id), await aConversationOf(staff.user.id)]
    const { body: ofStaff } = await admin.get(`/users/${staff.user.id}/holdings`)
    expect(ofStaff.tickets.items.map(({ id }: { id: string }) => id)).to.deep.equal([ticketId])
    expect(ofStaff.conversations.items.map(({ id }: { id: string }) => id)).to.deep.equal([roomId])
  })

  it('goes to a colleague in one request; approvals with a whole new term, and all whom it concerns are told', async () => {
    const { booking, approval } = await askAndRoute(w)
    await w.advance('3 hours')
    const { status, body } = await admin.post(`/users/${await w.idOf('manager')}/hand-over`, {
      to: await w.idOf('supervisor'),
    })
    expect(status, JSON.stringify(body)).to.equal(201)
    expect(body.handedOver).to.deep.equal({ approvals: 1, tickets: 0, conversations: 0, bookings: 0 })
    expect(body.holdings.approvals.items).to.deep.equal([])
    await w.settle()
    const moved = await approvalOf(w, booking.id)
    expect(moved).to.include({ id: approval.id, status: 'PENDING', approverId: await w.idOf('supervisor') })
    expect(moved.expiresAt?.getTime()).to.equal(w.clock.now().getTime() + 24 * 3_600_000)
    expect(await toldTo(w, 'manager')).to.include('APPROVAL_MOVED')
    expect(await toldTo(w, 'supervisor')).to.deep.equal(['APPROVAL_REQUIRED'])
    await w.advance('2 hours')
    expect(await toldTo(w, 'supervisor')).to.deep.equal(['APPROVAL_REQUIRED', 'APPROVAL_REMINDER'])
  })

  it('leaves the own request of whoever takes over with the one who was asked', async () => {
    const { booking } = await askAndRoute(w)
    const { body } = await admin.post(`/users/${await w.idOf('manager')}/hand-over`, {
      to: await w.idOf('employee'),
    })
    expect(body.handedOver.approvals).to.equal(0)
    expect(body.holdings.approvals.items).to.have.length(1)
    expect((await approvalOf(w, booking.id)).approverId).to.equal(await w.idOf('manager'))
  })

  it('of an agent goes to another of the staff, who is told and comes into the rooms, and to nobody else', async () => {
    const [ticketId, roomId] = [await aTicketOf(staff.user.id), await aConversationOf(staff.user.id)]
    const refused = await admin.post(`/users/${staff.user.id}/hand-over`, { to: await w.idOf('employee') })
    expect(refused.body.handedOver).to.include({ tickets: 0, conversations: 0 })
    const to = await w.idOf('supervisor')
    const { body } = await admin.post(`/users/${staff.user.id}/hand-over`, { to })
    expect(body.handedOver).to.include({ tickets: 1, conversations: 1 })
    await w.settle()
    expect((await admin.get(`/support/${ticketId}`)).body.assigneeId).to.equal(to)
    expect(await w.runtime.db('inbox_conversations').where({ roomId }).first('assigneeId')).to.deep.equal({
      assigneeId: to,
    })
    expect(await toldTo(w, 'supervisor')).to.include.members(['INBOX_ASSIGNED', 'SUPPORT_TICKET_UPDATED'])
  })

  it('of a driver goes to a driver who has time for it; the rest stays, and is named', async () => {
    const [driver, next] = [await w.idOf('driver'), await aColleague('DRIVER')]
    const [early, late] = [await aTrip(driver, '08:30'), await aTrip(driver, '16:30')]
    await aTrip(next, '16:00')
    const { body } = await admin.post(`/users/${driver}/hand-over`, { to: next })
    expect(body.handedOver.bookings).to.equal(1)
    expect(body.holdings.bookings.items.map(({ id }: { id: string }) => id)).to.deep.equal([late])
    expect(await bookingOf(w, early)).to.include({ status: 'ASSIGNED', assignedDriverId: next })
    expect(await bookingOf(w, late)).to.include({ status: 'ASSIGNED', assignedDriverId: driver })
    await w.settle()
    expect(
      await w.runtime.db('notifications').where({ userId: next, type: 'BOOKING_ASSIGNED' }),
    ).to.have.length(2)
  })

  it('goes neither to the same person, nor to somebody who left, a customer, or a stranger', async () => {
    const manager = await w.idOf('manager')
    const to = (id: string) => admin.post(`/users/${manager}/hand-over`, { to: id })
    await admin.patch(`/users/${await w.idOf('owner')}`, { isActive: false })
    for (const id of [manager, await w.idOf('owner'), await w.idOf('customer'), await w.idOf('foreignAdmin')])
      mustBeProblem(await to(id), 422)
  })

  it('is written down with who gave what to whom', async () => {
    await askAndRoute(w)
    const [manager, supervisor] = [await w.idOf('manager'), await w.idOf('supervisor')]
    await admin.post(`/users/${manager}/hand-over`, { to: supervisor })
    const [row] = await w.runtime.db('audit_log').where({ action: 'handed_over' })
    expect(row).to.deep.include({ entityId: manager, actorId: admin.user.id })
    expect(row.metadata).to.include({ toId: supervisor, approvals: 1 })
  })
})
