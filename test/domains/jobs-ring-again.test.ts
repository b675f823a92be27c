// Every job's handler gets the same three tests: once, twice, too late.

import { expect } from 'chai'
import { expireApproval, remindApprover } from '../../shared/approvals/actions/alarms.ts'
import { decideApproval } from '../../shared/approvals/actions/decide.ts'
import { expireKeysJob } from '../../shared/kit/store/idempotency.ts'
import { userChannel } from '../../shared/kit/declare/event.ts'
import { DAY, HOUR, plusMs } from '../../shared/kit/time/time.ts'
import { deleteNotification } from '../../shared/notifications/actions/notify.ts'
import { lockHierarchyForChanges } from '../../shared/users/actions/hold.ts'
import { expireSessionsJob } from '../../shared/users/jobs.ts'
import { enqueueDue } from '../../workers/schedule.ts'
import {
  actorOf,
  alarmsOf,
  approvalOf,
  approvalsOf,
  ask,
  askAndRoute,
  bookingOf,
  cancelAtOnce,
  carryOut,
  eventsOn,
  managersLeave,
  ringAgain,
  setPolicy,
  sleepThrough,
  stateOf,
  toldTo,
} from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

/** All that a booking's story leaves behind. */
const STORY = ['bookings', 'approvals', 'notifications', 'deliveries', 'audit_log', 'jobs']

describe('jobs that ring once, twice, and too late', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
    await w.settle()
  })
  afterEach(() => w.end())

  async function changesNothing(work: () => Promise<unknown>): Promise<void> {
    const before = await stateOf(w, ...STORY)
    await work()
    expect(await stateOf(w, ...STORY)).to.deep.equal(before)
  }

  async function decide(approvalId: string, decision: 'approve' | 'reject' = 'approve'): Promise<void> {
    const manager = await actorOf(w, 'manager')
    await w.change((change) => decideApproval(change, manager, approvalId, { decision, notes: 'so' }))
    await w.settle()
  }

  async function cancel(bookingId: string): Promise<void> {
    const [employee, booking] = [await actorOf(w, 'employee'), await bookingOf(w, bookingId)]
    await w.change((change) => cancelAtOnce(change, booking, employee))
  }

  async function routingOf(booking: Awaited<ReturnType<typeof ask>>) {
    const { orgId } = await actorOf(w, 'employee')
    return {
      orgId,
      subject: {
        type: 'BOOKING',
        id: booking.id,
        label: { code: booking.bookingCode, date: booking.scheduledDate },
      },
      requesterId: booking.requesterId,
      approvalType: 'MANAGER_APPROVAL',
      then: 'bookings.applyDecision',
    }
  }

  describe('approvals.route', () => {
    it('once: asks the manager, sets the alarms and tells them', async () => {
      const { approval } = await askAndRoute(w)
      expect(approval).to.deep.include({
        approverId: await w.idOf('manager'),
        status: 'PENDING',
        reminderCount: 0,
        expiresAt: plusMs(w.clock.now(), DAY),
        nextReminderAt: plusMs(w.clock.now(), HOUR),
      })
      expect(await alarmsOf(w, 'approvals.remind')).to.deep.equal([
        { payload: { approvalId: approval.id }, dueAt: approval.nextReminderAt },
      ])
      expect(await alarmsOf(w, 'approvals.expire')).to.deep.equal([
        { payload: { approvalId: approval.id }, dueAt: approval.expiresAt },
      ])
      expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_REQUIRED'])
    })

    it('twice: nobody is asked again', async () => {
      const { booking } = await askAndRoute(w)
      await changesNothing(async () => expect(await ringAgain(w, 'approvals.route')).to.equal(1))
      await changesNothing(async () => carryOut(w, 'approvals.route', await routingOf(booking)))
    })

    it('twice, when nobody could be asked: the policy decides once', async () => {
      const booking = await ask(w, 'employee', managersLeave)
      await w.settle()
      await changesNothing(async () => carryOut(w, 'approvals.route', await routingOf(booking)))
      expect(await toldTo(w, 'admin')).to.deep.equal(['NO_APPROVER'])
    })

    it('too late: a booking that was cancelled meanwhile asks nobody', async () => {
      const booking = await ask(w, 'employee', cancelAtOnce)
      await w.settle()
      await changesNothing(async () => carryOut(w, 'approvals.route', await routingOf(booking)))
      expect(await toldTo(w, 'manager')).to.deep.equal([])
    })

    it('too late, when the manager has left as well: the admins hear nothing of a booking that is cancelled', async () => {
      const booking = await ask(w, 'employee', async (change, asked, actor) => {
        await cancelAtOnce(change, asked, actor)
        await managersLeave(change)
      })
      await w.settle()
      await carryOut(w, 'approvals.route', await routingOf(booking))
      expect(await toldTo(w, 'admin')).to.deep.equal([])
      expect((await bookingOf(w, booking.id)).status).to.equal('CANCELLED')
    })
  })

  describe('approvals.remind', () => {
    it('once: reminds the manager and sets the next alarm', async () => {
      const { booking } = await askAndRoute(w)
      await w.advance('1 hour')
      const approval = await approvalOf(w, booking.id)
      expect(approval).to.deep.include({
        reminderCount: 1,
        lastReminderAt: w.clock.now(),
        nextReminderAt: plusMs(w.clock.now(), 4 * HOUR),
        status: 'PENDING',
      })
      expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_REQUIRED', 'APPROVAL_REMINDER'])
      expect(await alarmsOf(w, 'approvals.remind')).to.have.length(1)
    })

    it('twice: the next reminder is not due yet', async () => {
      const { approval } = await askAndRoute(w)
      await w.advance('1 hour')
      await changesNothing(async () => expect(await ringAgain(w, 'approvals.remind')).to.equal(1))
      await changesNothing(() => carryOut(w, 'approvals.remind', { approvalId: approval.id }))
    })

    it('too late: who has decided is not reminded', async () => {
      const { approval } = await askAndRoute(w)
      await decide(approval.id)
      await w.advance('2 hours')
      await changesNothing(() => carryOut(w, 'approvals.remind', { approvalId: approval.id }))
      expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_REQUIRED'])
    })

    it('for nothing: an approval that does not exist', () =>
      changesNothing(() =>
        carryOut(w, 'approvals.remind', { approvalId: '00000000-0000-4000-8000-000000000000' }),
      ))

    it('too late: nobody is urged to keep a deadline that is over', async () => {
      const { approval } = await askAndRoute(w)
      await w.runtime.db('jobs').where({ name: 'approvals.expire' }).delete()
      await sleepThrough(w, '1 day')
      await changesNothing(() => carryOut(w, 'approvals.remind', { approvalId: approval.id }))
      expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_REQUIRED'])
    })

    it('after an outage of ten hours: one reminder, and the next counts from it', async () => {
      const { booking } = await askAndRoute(w)
      await sleepThrough(w, '10 hours')
      expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_REQUIRED', 'APPROVAL_REMINDER'])
      expect(await approvalOf(w, booking.id)).to.deep.include({
        reminderCount: 1,
        nextReminderAt: plusMs(w.clock.now(), 4 * HOUR),
      })
    })
  })

  describe('approvals.expire', () => {
    it('once: nobody decided, so the booking goes on as the organisation wants', async () => {
      const { booking } = await askAndRoute(w)
      await w.advance('1 day')
      expect(await approvalOf(w, booking.id)).to.deep.include({
        status: 'EXPIRED',
        decidedBy: 'expiry',
        respondedAt: w.clock.now(),
        nextReminderAt: null,
      })
      expect((await bookingOf(w, booking.id)).status).to.equal('PENDING')
    })

    it('twice: it expires once, and is told once', async () => {
      const { approval } = await askAndRoute(w)
      await w.advance('1 day')
      await changesNothing(async () => expect(await ringAgain(w, 'approvals.expire')).to.equal(1))
      await changesNothing(() => carryOut(w, 'approvals.expire', { approvalId: approval.id }))
      expect((await toldTo(w, 'manager')).filter((type) => type === 'APPROVAL_EXPIRED')).to.have.length(1)
    })

    it('too early: not a moment before its time', async () => {
      const { approval } = await askAndRoute(w)
      await w.advance('23 hours')
      await w.advance('59 minutes')
      await w.advance('59 seconds')
      await changesNothing(() => carryOut(w, 'approvals.expire', { approvalId: approval.id }))
    })

    it('too late: what was decided stays decided', async () => {
      const { approval } = await askAndRoute(w)
      await decide(approval.id, 'reject')
      await w.advance('2 days')
      await changesNothing(() => carryOut(w, 'approvals.expire', { approvalId: approval.id }))
      expect(await toldTo(w, 'employee')).to.deep.equal(['BOOKING_REJECTED'])
    })

    it('too late: of what was decided it waits for nobody who changes people', async () => {
      const { approval } = await askAndRoute(w)
      await decide(approval.id)
      const { orgId } = await actorOf(w, 'manager')
      await w.change(async (change) => {
        await lockHierarchyForChanges(change, orgId)
        for (const ring of [remindApprover, expireApproval])
          await changesNothing(() => w.change((alarm) => ring(alarm, approval.id)))
      })
    })

    it('late, after an outage of a week: it still expires, so that nobody waits for ever', async () => {
      const { booking } = await askAndRoute(w)
      await sleepThrough(w, '7 days')
      expect((await bookingOf(w, booking.id)).status).to.equal('PENDING')
    })

    it('twice under escalation: the superior is asked once', async () => {
      await setPolicy(w, { onExpiry: 'escalate' })
      const { booking, approval } = await askAndRoute(w)
      await w.advance('1 day')
      await changesNothing(() => carryOut(w, 'approvals.expire', { approvalId: approval.id }))
      expect(await approvalsOf(w, booking.id)).to.have.length(2)
    })
  })

  describe('bookings.applyDecision', () => {
    it('once: moves the booking and tells whoever asked', async () => {
      const { booking, approval } = await askAndRoute(w)
      await decide(approval.id)
      expect(await bookingOf(w, booking.id)).to.include({ status: 'PENDING', version: 2 })
      expect(await toldTo(w, 'employee')).to.deep.equal(['BOOKING_APPROVED'])
    })

    it('twice: the booking moves once', async () => {
      const { booking, approval } = await askAndRoute(w)
      await decide(approval.id)
      const decision = {
        orgId: approval.orgId,
        subjectId: booking.id,
        outcome: 'approved',
        decidedBy: 'person',
        decidedById: approval.approverId,
        notes: null,
      }
      await changesNothing(() => carryOut(w, 'bookings.applyDecision', decision))
      await changesNothing(() => carryOut(w, 'bookings.applyDecision', { ...decision, outcome: 'rejected' }))
    })

    it('too late: whoever cancelled meanwhile has been first', async () => {
      const { booking, approval } = await askAndRoute(w)
      await cancel(booking.id)
      await w.settle()
      await changesNothing(() =>
        carryOut(w, 'bookings.applyDecision', {
          orgId: approval.orgId,
          subjectId: booking.id,
          outcome: 'approved',
          decidedBy: 'expiry',
          decidedById: null,
          notes: null,
        }),
      )
      expect((await bookingOf(w, booking.id)).cancellationReason).to.equal('USER_REQUEST')
    })
  })

  describe('notifications.deliver', () => {
    const arrivals = async (): Promise<number> =>
      (await eventsOn(w, userChannel(await w.idOf('manager')))).filter(
        ({ ev }) => ev === 'notification.created',
      ).length

    const inApp = () => w.runtime.db('deliveries').where({ channel: 'IN_APP' }).first()

    it("once: shows on the person's channel what an older release ordered", async () => {
      await askAndRoute(w)
      expect(await arrivals()).to.equal(1)
      const { id } = await inApp()
      await w.runtime.db('deliveries').where({ id }).update({ status: 'PENDING', attempts: 0 })
      await carryOut(w, 'notifications.deliver', { deliveryId: id })
      expect(await arrivals()).to.equal(2)
      expect(await inApp()).to.include({ status: 'SENT', attempts: 1 })
    })

    it('twice: it shows once', async () => {
      await askAndRoute(w)
      const { id } = await inApp()
      await changesNothing(() => carryOut(w, 'notifications.deliver', { deliveryId: id }))
      expect(await arrivals()).to.equal(1)
    })

    it('too late: what was deleted meanwhile does not show', async () => {
      await askAndRoute(w)
      const delivery = await inApp()
      const manager = await actorOf(w, 'manager')
      await w.change((change) => deleteNotification(change, manager, delivery.notificationId))
      await w.runtime.db('deliveries').update({ status: 'PENDING' })
      await carryOut(w, 'notifications.deliver', { deliveryId: delivery.id })
      expect(await arrivals()).to.equal(1)
      expect(await inApp()).to.include({ status: 'SKIPPED', reason: 'deleted' })
    })
  })

  describe('maintenance', () => {
    const past = (length: number) => plusMs(w.clock.now(), -length)

    async function aKey(key: string, createdAt: Date): Promise<void> {
      await w.runtime
        .db('idempotency_keys')
        .insert({ userId: await w.idOf('employee'), key, requestHash: 'x', createdAt })
    }

    async function aSession(hash: string, expiresAt: Date): Promise<void> {
      const { id: userId, orgId } = await actorOf(w, 'employee')
      const [{ id }] = await w.runtime
        .db('sessions')
        .insert({
          id: w.runtime.db.raw('gen_random_uuid()'),
          orgId,
          userId,
          createdAt: past(90 * DAY),
          lastUsedAt: past(90 * DAY),
          expiresAt,
        })
        .returning('id')
      await w.runtime.db('refresh_tokens').insert({ hash, sessionId: id })
    }

    it('forgetKeys, once and twice: forgets keys older than a day, and only those', async () => {
      await aKey('old', past(DAY + 1))
      await aKey('new', past(DAY - 1))
      await carryOut(w, expireKeysJob.name, {})
      expect(await w.runtime.db('idempotency_keys').pluck('key')).to.deep.equal(['new'])
      await carryOut(w, expireKeysJob.name, {})
      expect(await w.runtime.db('idempotency_keys').pluck('key')).to.deep.equal(['new'])
    })

    it('forgetSessions, once and twice: forgets sessions a month after their end, with their tokens', async () => {
      await aSession('old', past(30 * DAY + 1))
      await aSession('new', past(30 * DAY - 1))
      for (const _ of ['once', 'twice']) {
        await carryOut(w, expireSessionsJob.name, {})
        expect(await w.runtime.db('refresh_tokens').pluck('hash')).to.deep.equal(['new'])
        expect(await w.runtime.db('sessions')).to.have.length(1)
      }
    })

    it('late: a week later everything that has grown old is gone', async () => {
      await aKey('new', past(0))
      await aSession('new', past(29 * DAY))
      w.clock.moveTo(plusMs(w.clock.now(), 7 * DAY))
      await carryOut(w, expireKeysJob.name, {})
      await carryOut(w, expireSessionsJob.name, {})
      expect([await w.runtime.db('idempotency_keys'), await w.runtime.db('sessions')]).to.deep.equal([[], []])
    })

    it('has its turn once in its period, however many workers look', async () => {
      const turns = async (): Promise<number> =>
        (await w.runtime.queues.get('maintenance').getCompleted()).filter(
          (job) => job.name === expireKeysJob.name,
        ).length
      await w.runtime.db('recurring_jobs').delete()
      await enqueueDue(w.runtime)
      await w.settle()
      expect(await turns()).to.equal(1)
      w.clock.moveTo(plusMs(w.clock.now(), HOUR))
      await Promise.all([1, 2, 3, 4, 5].map(() => enqueueDue(w.runtime)))
      await w.settle()
      expect(await turns()).to.equal(2)
    })
  })
})
