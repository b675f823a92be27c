// What is foretold is what happens: the simulation and the workers use the same plan.

import { expect } from 'chai'
import { simulateRequest } from '../../shared/bookings/actions/request.ts'
import type { SimulatedRoute } from '../../shared/bookings/schema.ts'
import { HOUR, plusMs } from '../../shared/kit/time/time.ts'
import { TRIP, type Name } from '../support/people.ts'
import {
  actorOf,
  approvalOf,
  approvalsOf,
  ask,
  bookingOf,
  delegateTo,
  leave,
  setPolicy,
  stateOf,
} from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

describe('the simulation of a request', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
  })
  afterEach(() => w.end())

  async function simulate(name: Name = 'employee', at?: Date): Promise<SimulatedRoute> {
    const actor = await actorOf(w, name)
    return w.change((change) =>
      simulateRequest(change, actor, { ...TRIP, ...(at && { at: at.toISOString() }) }),
    )
  }

  async function remindersOf(approvalId: string): Promise<Date[]> {
    const told = await w.runtime
      .db('notifications')
      .where({ type: 'APPROVAL_REMINDER', userId: await w.idOf('manager') })
      .whereRaw(`data->>'approvalId' = ?`, [approvalId])
      .orderBy('createdAt')
    return told.map(({ createdAt }) => createdAt)
  }

  for (const [onExpiry, ends] of [
    ['approve', 'PENDING'],
    ['cancel', 'CANCELLED'],
    ['escalate', 'PENDING_APPROVAL'],
  ] as const) {
    it(`foretells route, delegate, every reminder and the deadline, under "${onExpiry}"`, async () => {
      await setPolicy(w, { onExpiry })
      await delegateTo(w, 'manager', 'supervisor')
      const foretold = await simulate()
      const booking = await ask(w)
      await w.settle()
      const approval = await approvalOf(w, booking.id)
      expect(foretold).to.deep.include({
        approvalType: booking.approvalType,
        status: booking.status,
        approverId: approval.approverId,
        expiresAt: approval.expiresAt,
        onExpiry,
        delegateId: await w.idOf('supervisor'),
      })
      const asked = await w.runtime.db('notifications').where({ type: 'APPROVAL_REQUIRED' })
      expect(asked.map(({ userId }) => userId)).to.have.members([foretold.approverId, foretold.delegateId])

      await w.advance('23 hours')
      await w.advance('59 minutes')
      expect(await remindersOf(approval.id)).to.deep.equal(foretold.reminders)
      expect((await approvalOf(w, booking.id)).status).to.equal('PENDING')
      await w.advance('1 minute')
      expect((await approvalsOf(w, booking.id))[0]).to.deep.include({
        status: 'EXPIRED',
        respondedAt: foretold.expiresAt,
      })
      expect((await bookingOf(w, booking.id)).status).to.equal(ends)
    })
  }

  for (const name of ['sic', 'manager', 'employee'] as const) {
    it(`foretells the type and the beginning of a booking by the ${name}`, async () => {
      const foretold = await simulate(name)
      const booking = await ask(w, name)
      expect([foretold.approvalType, foretold.status]).to.deep.equal([booking.approvalType, booking.status])
      await w.settle()
      const [approval] = await approvalsOf(w, booking.id)
      expect(foretold.approverId).to.equal(approval?.approverId ?? null)
      expect(foretold.expiresAt).to.deep.equal(approval?.expiresAt ?? null)
      expect(foretold.reasons).to.have.length.above(0)
    })
  }

  it('passes over who has left, and says so', async () => {
    await leave(w, 'manager')
    const foretold = await simulate()
    const booking = await ask(w)
    await w.settle()
    expect(foretold.approverId).to.equal((await approvalOf(w, booking.id)).approverId)
    expect(foretold.reasons).to.include('Lê Hoàng Nam không còn hoạt động nên được bỏ qua.')
  })

  it('gives its reasons in the language of whoever asks, and in that of the organisation to whoever chose none', async () => {
    expect((await simulate()).reasons).to.deep.equal([
      'Yêu cầu này cần quản lý duyệt.',
      'Lê Hoàng Nam là quản lý gần nhất đang hoạt động.',
      'Nếu đến hạn chưa ai quyết định, yêu cầu được chấp thuận.',
    ])
    await w.runtime
      .db('users')
      .where({ id: await w.idOf('employee') })
      .update({ locale: 'en' })
    expect((await simulate()).reasons).to.deep.equal([
      "This request needs the manager's approval.",
      'Lê Hoàng Nam is the nearest active manager.',
      'If nobody has decided by the deadline, it is approved.',
    ])
  })

  it('answers for another day: the delegate of then, the deadline of then', async () => {
    await delegateTo(w, 'manager', 'supervisor', '3 days', '1 day')
    const then = plusMs(w.clock.now(), 3 * 24 * HOUR)
    expect((await simulate()).delegateId).to.equal(null)
    expect(await simulate('employee', then)).to.deep.include({
      delegateId: await w.idOf('supervisor'),
      expiresAt: plusMs(then, 24 * HOUR),
    })
  })

  it('changes nothing and asks nobody', async () => {
    const tables = ['bookings', 'approvals', 'notifications', 'audit_log', 'jobs']
    await w.settle()
    const before = await stateOf(w, ...tables)
    for (const name of ['sic', 'manager', 'employee', 'staff'] as const) await simulate(name)
    await w.settle()
    expect(await stateOf(w, ...tables)).to.deep.equal(before)
  })
})
