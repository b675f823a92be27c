import { expect } from 'chai'
import { TRIP } from '../support/people.ts'
import { aWorld, type World } from '../support/world.ts'

describe('a booking finds its manager', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld()
  })
  afterEach(() => w.end())

  it('asks the manager, who hears of it on a socket and decides, and the person who asked hears that', async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const [employeeSocket, managerSocket] = [await employee.socket(), await manager.socket()]

    const asked = await employee.post('/bookings', TRIP)
    expect(asked.status).to.equal(201)
    expect(asked.body).to.include({
      status: 'PENDING_APPROVAL',
      approvalType: 'MANAGER_APPROVAL',
      requesterId: employee.user.id,
      bookingCode: 'DEMO-20310310-0001',
      version: 1,
    })

    const requested = await managerSocket.event('approval.requested')
    const told = await managerSocket.event('notification.created')
    expect(requested['data']).to.include({
      bookingId: asked.body.id,
      approverId: manager.user.id,
      status: 'PENDING',
      reminderCount: 0,
    })
    expect(requested['data'].expiresAt).to.equal('2031-03-04T02:00:00.000Z')
    expect(told['data']).to.include({
      type: 'APPROVAL_REQUIRED',
      userId: manager.user.id,
      bookingId: asked.body.id,
      readAt: null,
    })

    const decided = await manager.post(`/approvals/${requested['data'].id}/approve`, { notes: 'Đi cẩn thận' })
    expect(decided.status).to.equal(201)
    expect(decided.body).to.include({
      status: 'APPROVED',
      decidedBy: 'person',
      decidedById: manager.user.id,
      notes: 'Đi cẩn thận',
    })

    expect((await employeeSocket.event('approval.decided'))['data']).to.include({ status: 'APPROVED' })
    expect((await employeeSocket.event('booking.changed'))['data']).to.include({
      status: 'PENDING',
      version: 2,
    })
    expect((await employeeSocket.event('notification.created'))['data']).to.include({
      type: 'BOOKING_APPROVED',
    })
    expect((await employee.get(`/bookings/${asked.body.id}`)).body).to.include({ status: 'PENDING' })
  })

  it('lets people on fixed routes go, and tells their manager', async () => {
    const [sic, manager] = [await w.as('sic'), await w.as('manager')]
    const asked = await sic.post('/bookings', TRIP)
    expect(asked.body).to.include({ status: 'PENDING', approvalType: 'CC_ONLY' })
    await w.settle()
    const [notification] = (await manager.get('/notifications')).body
    expect(notification).to.include({ type: 'BOOKING_CC_NOTIFICATION', bookingId: asked.body.id })
    expect((await sic.get(`/approvals/booking/${asked.body.id}`)).body).to.include({
      status: 'AUTO_APPROVED',
      expiresAt: null,
      approvalType: 'CC_ONLY',
    })
  })

  it('asks nobody about the bookings of managers', async () => {
    const manager = await w.as('manager')
    const asked = await manager.post('/bookings', TRIP)
    expect(asked.body).to.include({ status: 'PENDING', approvalType: 'AUTO_APPROVED' })
    await w.settle()
    expect((await manager.get(`/approvals/booking/${asked.body.id}`)).status).to.equal(404)
    expect((await (await w.as('director')).get('/notifications')).body).to.deep.equal([])
  })

  it('reminds five times in a day, then lets the booking pass and tells both', async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const asked = await employee.post('/bookings', TRIP)
    await w.advance('59 minutes')
    expect(await typesOf(manager)).to.deep.equal(['APPROVAL_REQUIRED'])
    await w.advance('1 minute')
    expect(await typesOf(manager)).to.deep.equal(['APPROVAL_REMINDER', 'APPROVAL_REQUIRED'])
    await w.advance('22 hours')
    expect((await typesOf(manager)).filter((type) => type === 'APPROVAL_REMINDER')).to.have.length(5)
    await w.advance('59 minutes')
    expect((await employee.get(`/bookings/${asked.body.id}`)).body.status).to.equal('PENDING_APPROVAL')
    await w.advance('1 minute')
    expect((await employee.get(`/bookings/${asked.body.id}`)).body.status).to.equal('PENDING')
    expect((await employee.get(`/approvals/booking/${asked.body.id}`)).body).to.include({
      status: 'EXPIRED',
      decidedBy: 'expiry',
      reminderCount: 5,
    })
    expect((await typesOf(manager))[0]).to.equal('APPROVAL_EXPIRED')
    expect(await typesOf(employee)).to.deep.equal(['BOOKING_APPROVED'])
  })
})

async function typesOf(person: {
  get: (path: string) => Promise<{ body: { type: string }[] }>
}): Promise<string[]> {
  return (await person.get('/notifications')).body.map((each) => each.type)
}
