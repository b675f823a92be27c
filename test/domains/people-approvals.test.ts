import { expect } from 'chai'
import { expireApproval, remindApprover } from '../../shared/approvals/actions/alarms.ts'
import { decideApproval } from '../../shared/approvals/actions/decide.ts'
import { listPendingFor } from '../../shared/approvals/lists.ts'
import { simulateRequest } from '../../shared/bookings/actions/request.ts'
import { erasePerson } from '../../shared/erasure/actions.ts'
import { changePerson } from '../../shared/people/actions/change.ts'
import type { UserPatch } from '../../shared/users/schema.ts'
import { gate, untilItWaits } from '../support/gate.ts'
import { TRIP, type Name } from '../support/people.ts'
import {
  actorOf,
  approvalOf,
  approvalsOf,
  ask,
  askAndRoute,
  auditOf,
  bookingOf,
  delegateTo,
  leave,
  setPolicy,
  toldTo,
} from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

describe('when people change, what waits for a decision', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
  })
  afterEach(() => w.end())

  async function change(name: Name, patch: UserPatch): Promise<void> {
    const [admin, userId] = [await actorOf(w, 'admin'), await w.idOf(name)]
    await w.change((each) => changePerson(each, admin, userId, patch))
  }
  const pendingFor = async (name: Name): Promise<string[]> =>
    (
      await listPendingFor(w.runtime.db, await w.idOf(name), w.clock.now(), { limit: 10, offset: 0 })
    ).items.map(({ id }) => id)

  for (const [what, patch] of [
    ['leaves', { isActive: false }],
    ['becomes a customer', { role: 'CUSTOMER' }],
    ['becomes a guest', { role: 'GUEST' }],
  ] as const) {
    it(`goes to the next manager in the same change when the one who was asked ${what}, with a whole new term`, async () => {
      const { booking, approval } = await askAndRoute(w)
      await w.advance('6 hours')
      await change('manager', patch)
      const moved = await approvalOf(w, booking.id)
      expect(moved).to.include({
        id: approval.id,
        status: 'PENDING',
        approverId: await w.idOf('director'),
        reminderCount: 0,
        lastReminderAt: null,
      })
      expect(moved.expiresAt?.getTime()).to.equal(w.clock.now().getTime() + 24 * 3_600_000)
      expect(await pendingFor('manager')).to.deep.equal([])
      expect(await auditOf(w, { action: 'approval_rerouted', entityId: approval.id })).to.have.length(1)
      await w.settle()
      expect(await toldTo(w, 'director')).to.deep.equal(['APPROVAL_REQUIRED'])
      const before = await toldTo(w, 'manager')
      await w.advance('2 hours')
      expect(await toldTo(w, 'director')).to.deep.equal(['APPROVAL_REQUIRED', 'APPROVAL_REMINDER'])
      expect(await toldTo(w, 'manager')).to.deep.equal(before)
      expect((await bookingOf(w, booking.id)).status).to.equal('PENDING_APPROVAL')
    })
  }

  it('cannot be decided any more by whoever has become a customer', async () => {
    const { approval } = await askAndRoute(w)
    await change('manager', { role: 'CUSTOMER' })
    const former = await actorOf(w, 'manager')
    const refused = await w
      .change((each) => decideApproval(each, former, approval.id, { decision: 'approve' }))
      .catch((error: unknown) => error)
    expect(refused).to.include({ status: 403 })
  })

  for (const [noApprover, bookingStatus, approvalStatus] of [
    ['auto_approve', 'PENDING', 'APPROVED'],
    ['refuse', 'CANCELLED', 'REJECTED'],
  ] as const) {
    it(`goes by the policy "${noApprover}" at once when nobody is left who could decide`, async () => {
      await setPolicy(w, { noApprover })
      const { booking } = await askAndRoute(w)
      await change('director', { isActive: false })
      await change('manager', { isActive: false })
      expect(await approvalOf(w, booking.id)).to.include({
        status: approvalStatus,
        decidedBy: 'policy',
        nextReminderAt: null,
      })
      await w.settle()
      expect((await bookingOf(w, booking.id)).status).to.equal(bookingStatus)
      expect(await toldTo(w, 'admin')).to.include('NO_APPROVER')
      expect(await toldTo(w, 'employee')).to.deep.equal([
        noApprover === 'refuse' ? 'BOOKING_CANCELLED' : 'BOOKING_APPROVED',
      ])
      await w.advance('2 days')
      expect(await approvalsOf(w, booking.id)).to.have.length(1)
    })
  }

  it("goes to the requester's new manager, and the former one is told", async () => {
    const { booking } = await askAndRoute(w)
    await change('employee', { managerId: await w.idOf('supervisor') })
    await w.settle()
    expect(await approvalOf(w, booking.id)).to.include({
      status: 'PENDING',
      approverId: await w.idOf('supervisor'),
    })
    expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_MOVED', 'APPROVAL_REQUIRED'])
    expect(await toldTo(w, 'supervisor')).to.deep.equal(['APPROVAL_REQUIRED'])
  })

  it('goes by the policy when the requester has no manager any more', async () => {
    const { booking } = await askAndRoute(w)
    await change('employee', { managerId: null })
    await w.settle()
    expect((await bookingOf(w, booking.id)).status).to.equal('PENDING')
    expect(await toldTo(w, 'admin')).to.deep.equal(['NO_APPROVER'])
  })

  it('is withdrawn when the requester leaves, and the booking says why', async () => {
    const { booking, approval } = await askAndRoute(w)
    await change('employee', { isActive: false })
    await w.settle()
    expect(await approvalOf(w, booking.id)).to.include({ id: approval.id, status: 'WITHDRAWN' })
    expect(await bookingOf(w, booking.id)).to.include({
      status: 'CANCELLED',
      cancellationReason: 'OTHER',
      cancellationNotes: 'Người yêu cầu không còn ở tổ chức',
      cancelledById: await w.idOf('admin'),
    })
    expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_REQUIRED', 'APPROVAL_WITHDRAWN'])
  })

  it('is withdrawn when the requester becomes a guest, who books nothing', async () => {
    const { booking, approval } = await askAndRoute(w)
    await change('employee', { role: 'GUEST' })
    expect((await bookingOf(w, booking.id)).status).to.equal('CANCELLED')
    expect((await w.runtime.db('approvals').where({ id: approval.id }).first('status')).status).to.equal(
      'WITHDRAWN',
    )
  })

  it('is withdrawn also when the requester leaves before it was routed: nobody is asked', async () => {
    const admin = await actorOf(w, 'admin')
    const booking = await ask(w, 'employee', (each, { requesterId }) =>
      changePerson(each, admin, requesterId, { isActive: false }),
    )
    await w.settle()
    expect((await bookingOf(w, booking.id)).status).to.equal('CANCELLED')
    expect(await toldTo(w, 'manager')).to.deep.equal([])
  })

  it('leaves what was approved for the staff to judge, when its requester leaves', async () => {
    const { booking } = await askAndRoute(w, 'sic')
    await change('sic', { isActive: false })
    await w.settle()
    expect((await bookingOf(w, booking.id)).status).to.equal('PENDING')
    const [told] = await w.runtime
      .db('notifications')
      .where({ userId: await w.idOf('staff'), type: 'REQUESTER_LEFT' })
    expect(told.message).to.include(booking.bookingCode)
  })

  it('stays with a manager whose delegate leaves, who is told that nobody decides for them any more', async () => {
    const { approval } = await askAndRoute(w)
    await delegateTo(w, 'manager', 'supervisor')
    expect(await pendingFor('supervisor')).to.deep.equal([approval.id])
    await change('supervisor', { isActive: false })
    expect(await pendingFor('supervisor')).to.deep.equal([])
    expect(await toldTo(w, 'manager')).to.include('DELEGATION_ENDED')
    expect(await w.runtime.db('delegations').whereNull('revokedAt')).to.deep.equal([])
  })

  it("does not follow a delegation of a manager who leaves, and the delegate hears that it is somebody else's now", async () => {
    await delegateTo(w, 'manager', 'supervisor')
    await askAndRoute(w)
    await change('manager', { isActive: false })
    await w.settle()
    expect(await pendingFor('supervisor')).to.deep.equal([])
    expect(await toldTo(w, 'supervisor')).to.include('APPROVAL_MOVED')
    expect(await pendingFor('director')).to.have.length(1)
  })

  it('goes on upwards when it had gone up already, and not back to whoever let it expire', async () => {
    await setPolicy(w, { onExpiry: 'escalate' })
    await change('director', { managerId: await w.idOf('owner') })
    const { booking } = await askAndRoute(w)
    await w.advance('25 hours')
    expect((await approvalOf(w, booking.id)).approverId).to.equal(await w.idOf('director'))
    await change('director', { isActive: false })
    expect(await approvalOf(w, booking.id)).to.include({
      status: 'PENDING',
      approverId: await w.idOf('owner'),
    })
  })

  it('goes to the next manager when the one who was asked is erased', async () => {
    const { booking } = await askAndRoute(w)
    const [admin, managerId] = [await actorOf(w, 'admin'), await w.idOf('manager')]
    await w.change((each) => erasePerson(each, admin.orgId, managerId, admin))
    expect(await approvalOf(w, booking.id)).to.include({
      status: 'PENDING',
      approverId: await w.idOf('director'),
    })
  })

  for (const [alarm, ring, at] of [
    ['reminder', remindApprover, 'nextReminderAt'],
    ['deadline', expireApproval, 'expiresAt'],
  ] as const) {
    it(`is asked anew by its ${alarm} where an older release left it with somebody who is gone`, async () => {
      const { booking, approval } = await askAndRoute(w)
      await leave(w, 'manager')
      w.clock.moveTo(approval[at] ?? w.clock.now())
      await w.change((each) => ring(each, approval.id))
      expect(await approvalOf(w, booking.id)).to.include({
        id: approval.id,
        status: 'PENDING',
        approverId: await w.idOf('director'),
      })
      expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_REQUIRED'])
    })
  }

  it('is not asked of a manager who leaves at the very moment of its routing', async () => {
    const [left, held] = [gate(), gate()]
    const [admin, managerId] = [await actorOf(w, 'admin'), await w.idOf('manager')]
    const leaving = w.change(async (each) => {
      await changePerson(each, admin, managerId, { isActive: false })
      left.open()
      await held.opened
    })
    await left.opened
    const booking = await ask(w)
    const routed = w.settle()
    await untilItWaits(w, routed)
    held.open()
    await Promise.all([leaving, routed])
    expect((await approvalOf(w, booking.id)).approverId).to.equal(await w.idOf('director'))
  })

  it('is foretold by the simulation, by the same rules', async () => {
    await change('manager', { role: 'CUSTOMER' })
    const employee = await actorOf(w, 'employee')
    const foretold = await w.change((each) => simulateRequest(each, employee, { ...TRIP }))
    expect(foretold.approverId).to.equal(await w.idOf('director'))
    expect(foretold.reasons.join(' ')).to.include('là khách hàng nên được bỏ qua')
  })
})
