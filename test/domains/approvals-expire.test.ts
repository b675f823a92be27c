import { expect } from 'chai'
import { decideApproval } from '../../shared/approvals/actions/decide.ts'
import { HOUR } from '../../shared/kit/time/time.ts'
import { actorOf, approvalsOf, askAndRoute, bookingOf, leave, setPolicy, toldTo } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const REQUIRED_AND_REMINDED = ['APPROVAL_REQUIRED', ...Array.from({ length: 5 }, () => 'APPROVAL_REMINDER')]

describe('an approval that nobody decides', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
  })
  afterEach(() => w.end())

  /** Tells the outcomes that people read apart, by a word that only one of them has. */
  async function lastMessageTo(name: 'manager' | 'employee'): Promise<string> {
    const row = await w.runtime
      .db('notifications')
      .where({ userId: await w.idOf(name) })
      .orderBy('createdAt', 'desc')
      .first('message')
    return row.message
  }

  it('expires after 24 hours, and not a minute sooner', async () => {
    const { booking } = await askAndRoute(w)
    await w.advance('23 hours')
    await w.advance('59 minutes')
    expect((await bookingOf(w, booking.id)).status).to.equal('PENDING_APPROVAL')
    await w.advance('1 minute')
    expect((await bookingOf(w, booking.id)).status).to.equal('PENDING')
  })

  it('under "approve" lets the booking go on, and tells both', async () => {
    await setPolicy(w, { onExpiry: 'approve' })
    const { booking } = await askAndRoute(w)
    await w.advance('1 day')
    expect(await bookingOf(w, booking.id)).to.include({ status: 'PENDING', cancellationReason: null })
    expect(await toldTo(w, 'manager')).to.deep.equal([...REQUIRED_AND_REMINDED, 'APPROVAL_EXPIRED'])
    expect(await lastMessageTo('manager')).to.include('tự động chấp thuận')
    expect(await toldTo(w, 'employee')).to.deep.equal(['BOOKING_APPROVED'])
    expect(await lastMessageTo('employee')).to.include('tự động duyệt vì đã quá hạn')
  })

  it('under "cancel" ends the booking with that reason, and tells both', async () => {
    await setPolicy(w, { onExpiry: 'cancel' })
    const { booking } = await askAndRoute(w)
    await w.advance('1 day')
    expect(await bookingOf(w, booking.id)).to.deep.include({
      status: 'CANCELLED',
      cancellationReason: 'APPROVAL_EXPIRED',
      cancelledById: null,
      cancelledAt: w.clock.now(),
    })
    expect((await toldTo(w, 'manager')).at(-1)).to.equal('APPROVAL_EXPIRED')
    expect(await lastMessageTo('manager')).to.include('bị hủy')
    expect(await toldTo(w, 'employee')).to.deep.equal(['BOOKING_CANCELLED'])
    expect(await lastMessageTo('employee')).to.include('không ai duyệt đúng hạn')
  })

  it('under "escalate" asks the manager\'s manager for a new 24 hours, and tells both of it', async () => {
    await setPolicy(w, { onExpiry: 'escalate' })
    const { booking, approval } = await askAndRoute(w)
    await w.advance('1 day')
    const [expired, raised] = await approvalsOf(w, booking.id)
    expect(expired).to.include({ id: approval.id, status: 'EXPIRED', decidedBy: 'expiry' })
    expect(raised).to.deep.include({
      status: 'PENDING',
      approverId: await w.idOf('director'),
      escalatedFromId: approval.id,
      reminderCount: 0,
      decidedBy: null,
    })
    expect(raised?.expiresAt?.getTime()).to.equal(w.clock.now().getTime() + 24 * HOUR)
    expect((await bookingOf(w, booking.id)).status).to.equal('PENDING_APPROVAL')
    expect(await toldTo(w, 'director')).to.deep.equal(['APPROVAL_REQUIRED'])
    expect(await lastMessageTo('manager')).to.include('chuyển lên cấp trên')
    expect(await toldTo(w, 'employee')).to.deep.equal(['APPROVAL_EXPIRED'])
    await w.advance('1 hour')
    expect(await toldTo(w, 'director')).to.deep.equal(['APPROVAL_REQUIRED', 'APPROVAL_REMINDER'])
  })

  it("once escalated, is the superior's to decide and no longer the manager's", async () => {
    await setPolicy(w, { onExpiry: 'escalate' })
    const { booking, approval } = await askAndRoute(w)
    await w.advance('1 day')
    const raised = (await approvalsOf(w, booking.id)).at(-1)
    const [manager, director] = [await actorOf(w, 'manager'), await actorOf(w, 'director')]
    const refused = [approval.id, raised?.id ?? ''].map((id) =>
      w
        .change((change) => decideApproval(change, manager, id, { decision: 'approve' }))
        .then(
          () => 0,
          (error: { status: number }) => error.status,
        ),
    )
    expect(await Promise.all(refused)).to.deep.equal([409, 403])
    await w.change((change) => decideApproval(change, director, raised?.id ?? '', { decision: 'approve' }))
    await w.settle()
    expect((await bookingOf(w, booking.id)).status).to.equal('PENDING')
  })

  it('escalates once: when the superior lets it pass too, the booking is cancelled, although there is somebody above them', async () => {
    await setPolicy(w, { onExpiry: 'escalate' })
    await w.runtime
      .db('users')
      .where({ id: await w.idOf('director') })
      .update({ managerId: await w.idOf('owner') })
    const { booking } = await askAndRoute(w)
    await w.advance('2 days')
    expect((await approvalsOf(w, booking.id)).map(({ status }) => status)).to.deep.equal([
      'EXPIRED',
      'EXPIRED',
    ])
    expect(await bookingOf(w, booking.id)).to.include({
      status: 'CANCELLED',
      cancellationReason: 'APPROVAL_EXPIRED',
    })
    expect(await toldTo(w, 'director')).to.deep.equal([...REQUIRED_AND_REMINDED, 'APPROVAL_EXPIRED'])
    expect(await toldTo(w, 'employee')).to.deep.equal(['APPROVAL_EXPIRED', 'BOOKING_CANCELLED'])
    await w.advance('3 days')
    expect(await approvalsOf(w, booking.id)).to.have.length(2)
  })

  it('with nobody above the manager cannot escalate, so the booking is cancelled', async () => {
    await setPolicy(w, { onExpiry: 'escalate' })
    const { booking } = await askAndRoute(w)
    await leave(w, 'director')
    await w.advance('1 day')
    expect(await approvalsOf(w, booking.id)).to.have.length(1)
    expect(await bookingOf(w, booking.id)).to.include({
      status: 'CANCELLED',
      cancellationReason: 'APPROVAL_EXPIRED',
    })
    expect(await lastMessageTo('manager')).to.include('bị hủy')
    expect(await toldTo(w, 'director')).to.deep.equal([])
  })

  it('never escalates to whoever asked', async () => {
    await setPolicy(w, { onExpiry: 'escalate' })
    await w.runtime
      .db('users')
      .where({ id: await w.idOf('manager') })
      .update({ managerId: await w.idOf('employee') })
    const { booking } = await askAndRoute(w)
    await w.advance('1 day')
    expect((await bookingOf(w, booking.id)).status).to.equal('CANCELLED')
  })

  it('follows the policy that holds at its deadline, not the one at its beginning', async () => {
    const { booking } = await askAndRoute(w)
    await w.advance('23 hours')
    await setPolicy(w, { onExpiry: 'cancel' })
    await w.advance('1 hour')
    expect((await bookingOf(w, booking.id)).status).to.equal('CANCELLED')
  })
})

describe('durations of a demonstration', () => {
  it('run in seconds when the settings say so', async () => {
    const w = await aWorld({
      with: ['workers'],
      env: {
        APPROVAL_TTL: '60s',
        APPROVAL_FIRST_REMINDER: '10s',
        APPROVAL_REMINDER_EVERY: '20s',
        APPROVAL_MAX_REMINDERS: '2',
      },
    })
    const { booking } = await askAndRoute(w)
    await w.advance('59 seconds')
    expect(await toldTo(w, 'manager')).to.deep.equal([
      'APPROVAL_REQUIRED',
      'APPROVAL_REMINDER',
      'APPROVAL_REMINDER',
    ])
    await w.advance('1 second')
    expect((await bookingOf(w, booking.id)).status).to.equal('PENDING')
    await w.end()
  })
})
