import { expect } from 'chai'
import { expireApproval } from '../../shared/approvals/actions/alarms.ts'
import { decideApproval } from '../../shared/approvals/actions/decide.ts'
import { cancelBooking } from '../../shared/bookings/actions/move.ts'
import { userChannel } from '../../shared/kit/declare/event.ts'
import { gate, untilItWaits } from '../support/gate.ts'
import type { Name } from '../support/people.ts'
import {
  actorOf,
  approvalOf,
  approvalsOf,
  ask,
  askAndRoute,
  auditOf,
  bookingOf,
  cancelAtOnce,
  eventsOn,
  setPolicy,
  toldTo,
} from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

describe('a booking that is cancelled while it waits for its approval', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
  })
  afterEach(() => w.end())

  async function cancel(bookingId: string, by: Name = 'employee'): Promise<void> {
    const actor = await actorOf(w, by)
    await w.change((change) =>
      cancelBooking(
        change,
        actor,
        { id: bookingId, ifMatch: undefined },
        { reason: 'USER_REQUEST', notes: 'Không đi nữa' },
      ),
    )
    await w.settle()
  }

  it('asks nobody when it was not routed yet', async () => {
    const booking = await ask(w, 'employee', cancelAtOnce)
    await w.settle()
    expect(await approvalOf(w, booking.id)).to.include({
      status: 'WITHDRAWN',
      approverId: null,
      expiresAt: null,
      nextReminderAt: null,
    })
    expect(await toldTo(w, 'manager')).to.deep.equal([])
    await w.advance('2 days')
    expect(await bookingOf(w, booking.id)).to.include({
      status: 'CANCELLED',
      cancellationReason: 'USER_REQUEST',
    })
  })

  it('takes the question back when it was routed: the manager is told, and not reminded any more', async () => {
    const { booking } = await askAndRoute(w)
    await cancel(booking.id)
    expect(await approvalOf(w, booking.id)).to.include({
      status: 'WITHDRAWN',
      nextReminderAt: null,
      decidedBy: null,
    })
    await w.advance('2 days')
    expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_REQUIRED', 'APPROVAL_WITHDRAWN'])
    expect(await bookingOf(w, booking.id)).to.include({
      status: 'CANCELLED',
      cancellationReason: 'USER_REQUEST',
      cancellationNotes: 'Không đi nữa',
      cancelledById: await w.idOf('employee'),
    })
    expect((await eventsOn(w, userChannel(await w.idOf('manager')))).map(({ ev }) => ev)).to.include(
      'approval.decided',
    )
  })

  it('writes the withdrawal down in the audit, with who did it', async () => {
    const { booking, approval } = await askAndRoute(w)
    await cancel(booking.id, 'staff')
    expect(await auditOf(w, { action: 'approval_withdrawn', entityId: approval.id })).to.have.length(1)
    expect((await auditOf(w, { action: 'approval_withdrawn' }))[0]).to.include({
      actorId: await w.idOf('staff'),
      entity: 'approval',
    })
  })

  it('can no longer be decided: the manager hears that it is withdrawn', async () => {
    const { booking, approval } = await askAndRoute(w)
    await cancel(booking.id)
    const manager = await actorOf(w, 'manager')
    const refused = await w
      .change((change) => decideApproval(change, manager, approval.id, { decision: 'approve' }))
      .catch((error: unknown) => error)
    expect(refused).to.include({ status: 409, message: 'Approval already withdrawn' })
  })

  it('tells the requester when somebody of the staff cancelled it, and nobody what they did themselves', async () => {
    const { booking } = await askAndRoute(w)
    await cancel(booking.id, 'staff')
    expect(await toldTo(w, 'employee')).to.deep.equal(['BOOKING_CANCELLED'])
    const { booking: second } = await askAndRoute(w)
    await cancel(second.id)
    expect(await toldTo(w, 'employee')).to.deep.equal(['BOOKING_CANCELLED'])
  })

  it('withdraws the escalated question, when it is already with the superior', async () => {
    await setPolicy(w, { onExpiry: 'escalate' })
    const { booking } = await askAndRoute(w)
    await w.advance('1 day')
    await cancel(booking.id)
    expect((await approvalsOf(w, booking.id)).map(({ status }) => status)).to.deep.equal([
      'EXPIRED',
      'WITHDRAWN',
    ])
    expect((await toldTo(w, 'director')).at(-1)).to.equal('APPROVAL_WITHDRAWN')
  })

  it('withdraws it also when it is being escalated at that very moment', async () => {
    await setPolicy(w, { onExpiry: 'escalate' })
    const { booking, approval } = await askAndRoute(w)
    await w.runtime.db('jobs').delete()
    w.clock.moveTo(approval.expiresAt ?? w.clock.now())
    const [escalated, held] = [gate(), gate()]
    const expiring = w.change(async (change) => {
      await expireApproval(change, approval.id)
      escalated.open()
      await held.opened
    })
    await escalated.opened
    const cancelling = cancel(booking.id)
    await untilItWaits(w, cancelling)
    held.open()
    await Promise.all([expiring, cancelling])
    await w.settle()
    expect((await approvalsOf(w, booking.id)).map(({ status }) => status).toSorted()).to.deep.equal([
      'EXPIRED',
      'WITHDRAWN',
    ])
  })
})
