import { expect } from 'chai'
import { simulateRequest } from '../../shared/bookings/actions/request.ts'
import { roleChannel } from '../../shared/kit/declare/event.ts'
import { TRIP } from '../support/people.ts'
import {
  actorOf,
  approvalsOf,
  ask,
  auditOf,
  bookingOf,
  eventsOn,
  leave,
  managersLeave,
  setPolicy,
  toldTo,
} from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

describe('a booking that nobody could approve', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
  })
  afterEach(() => w.end())

  const refusalOf = (name: 'employee' | 'staff'): Promise<unknown> =>
    ask(w, name).then(
      () => 'taken',
      (error: unknown) => error,
    )

  it('passes by default: at once, audited with the reason, the admins told', async () => {
    const booking = await ask(w, 'staff')
    await w.settle()
    expect(booking).to.include({ status: 'PENDING', approvalType: 'AUTO_APPROVED' })
    expect(await approvalsOf(w, booking.id)).to.deep.equal([])
    expect(await toldTo(w, 'admin')).to.deep.equal(['NO_APPROVER'])
    const [row] = await auditOf(w, { action: 'approval_decided', entityId: booking.id })
    expect(row).to.deep.include({
      actorId: await w.idOf('staff'),
      metadata: {
        code: booking.bookingCode,
        decision: 'approved',
        decidedBy: 'policy',
        reason: 'no_approver',
      },
    })
  })

  it('is refused under "refuse", and leaves nothing behind', async () => {
    await setPolicy(w, { noApprover: 'refuse' })
    expect(await refusalOf('staff')).to.include({ status: 422, code: 'invalid' })
    expect(await w.runtime.db('bookings')).to.deep.equal([])
    expect(await w.runtime.db('booking_counters')).to.deep.equal([])
    expect(await toldTo(w, 'admin')).to.deep.equal([])
  })

  it('is one whose only managers have left', async () => {
    await leave(w, 'manager', 'director')
    expect((await ask(w)).status).to.equal('PENDING')
    await setPolicy(w, { noApprover: 'refuse' })
    expect(await refusalOf('employee')).to.include({ status: 422 })
  })

  it('is not one while somebody further up is still there', async () => {
    await leave(w, 'manager')
    const booking = await ask(w)
    await w.settle()
    expect((await approvalsOf(w, booking.id)).map(({ approverId }) => approverId)).to.deep.equal([
      await w.idOf('director'),
    ])
  })

  it('is one when managers report to each other in a circle and all have left', async () => {
    await w.runtime
      .db('users')
      .where({ id: await w.idOf('director') })
      .update({ managerId: await w.idOf('manager') })
    await leave(w, 'manager', 'director')
    expect((await ask(w)).approvalType).to.equal('AUTO_APPROVED')
  })

  it('passes when the manager leaves between the request and its routing', async () => {
    const booking = await ask(w, 'employee', managersLeave)
    expect(booking.status).to.equal('PENDING_APPROVAL')
    await w.settle()
    expect((await bookingOf(w, booking.id)).status).to.equal('PENDING')
    expect(await approvalsOf(w, booking.id)).to.have.length(1)
    expect((await approvalsOf(w, booking.id))[0]).to.deep.include({
      approverId: null,
      status: 'APPROVED',
      decidedBy: 'policy',
      expiresAt: null,
    })
    expect(await toldTo(w, 'admin')).to.deep.equal(['NO_APPROVER'])
    expect(await toldTo(w, 'employee')).to.deep.equal(['BOOKING_APPROVED'])
    expect(await auditOf(w, { action: 'approval_decided', entityId: booking.id })).to.have.length(1)
  })

  it('is cancelled when the manager leaves between the request and its routing, under "refuse"', async () => {
    await setPolicy(w, { noApprover: 'refuse' })
    const booking = await ask(w, 'employee', managersLeave)
    await w.settle()
    expect(await bookingOf(w, booking.id)).to.include({
      status: 'CANCELLED',
      cancellationReason: 'OTHER',
      cancelledById: null,
    })
    expect(await toldTo(w, 'employee')).to.deep.equal(['BOOKING_CANCELLED'])
    expect(await toldTo(w, 'admin')).to.deep.equal(['NO_APPROVER'])
  })

  it('on fixed routes goes on without a word when there is nobody to inform', async () => {
    await leave(w, 'manager', 'director')
    const booking = await ask(w, 'sic')
    await w.settle()
    expect(booking).to.include({ status: 'PENDING', approvalType: 'CC_ONLY' })
    expect(await approvalsOf(w, booking.id)).to.deep.equal([])
  })

  for (const [noApprover, status, approvalType, becomes] of [
    ['auto_approve', 'PENDING', 'AUTO_APPROVED', 'được chấp thuận'],
    ['refuse', 'REFUSED', 'MANAGER_APPROVAL', 'không được nhận'],
  ] as const) {
    it(`is foretold by the simulation under "${noApprover}": ${status}`, async () => {
      await setPolicy(w, { noApprover })
      const staff = await actorOf(w, 'staff')
      const foretold = await w.change((change) => simulateRequest(change, staff, { ...TRIP }))
      expect(foretold).to.deep.include({
        status,
        approvalType,
        approverId: null,
        reminders: [],
        expiresAt: null,
        onExpiry: null,
      })
      expect(foretold.reasons).to.include(`Theo quy định của tổ chức, khi đó yêu cầu ${becomes}.`)
    })
  }
})

describe('who hears of a booking', () => {
  it("is told once: somebody of the staff by their role's channel, not by their own as well", async () => {
    const w = await aWorld({ with: [] })
    const staff = await actorOf(w, 'staff')
    const booking = await ask(w, 'staff')
    const created = async (channel: string): Promise<unknown[]> =>
      (await eventsOn(w, channel)).filter(
        ({ ev, data }) => ev === 'booking.created' && data['id'] === booking.id,
      )
    expect(await created(`user:${staff.id}`)).to.have.length(0)
    for (const role of ['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF'])
      expect(await created(roleChannel(staff.orgId, role)), role).to.have.length(1)
    await w.end()
  })
})
