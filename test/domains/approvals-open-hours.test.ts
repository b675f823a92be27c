// Approvals whose hours are those of the demonstration's office: Monday to Friday 9 to 18, Saturday 10 to 16.

import { expect } from 'chai'
import { simulateRequest } from '../../shared/bookings/actions/request.ts'
import { DAY, plusMs } from '../../shared/kit/time/time.ts'
import { setCalendar } from '../../shared/organisations/actions/calendar.ts'
import { actorOf, approvalsOf, askAndRoute, bookingOf, setPolicy } from '../support/story.ts'
import { TRIP } from '../support/people.ts'
import { aWorld, type World } from '../support/world.ts'

const inHanoi = (...times: string[]): Date[] => times.map((time) => new Date(`2031-03-${time}+07:00`))

describe('an approval whose hours are counted while the office is open', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
    await w.advance('4 days')
    await w.advance('6 hours')
    expect([w.clock.now()]).to.deep.equal(inHanoi('07T15:00'))
    await setPolicy(w, { approvalHours: 'open', onExpiry: 'escalate' })
  })
  afterEach(() => w.end())

  async function remindersOf(approvalId: string): Promise<Date[]> {
    const told = await w.runtime
      .db('notifications')
      .where({ type: 'APPROVAL_REMINDER' })
      .whereRaw(`data->>'approvalId' = ?`, [approvalId])
      .orderBy('createdAt')
    return told.map(({ createdAt }) => createdAt)
  }

  it(
    'and was asked for on Friday afternoon expires on Tuesday afternoon, reminded while there was somebody ' +
      'to see it, as the simulation foretold',
    async () => {
      const employee = await actorOf(w, 'employee')
      const foretold = await w.change((change) => simulateRequest(change, employee, { ...TRIP }))
      const { approval } = await askAndRoute(w)
      expect([foretold.expiresAt, approval.expiresAt]).to.deep.equal(inHanoi('11T15:00', '11T15:00'))
      await w.advance('3 days')
      await w.advance('23 hours')
      await w.advance('59 minutes')
      expect((await approvalsOf(w, approval.subjectId))[0]).to.include({ status: 'PENDING' })
      expect(await remindersOf(approval.id)).to.deep.equal(
        inHanoi('07T16:00', '08T12:00', '08T16:00', '10T13:00', '10T17:00'),
      )
      expect(foretold.reminders).to.deep.equal(await remindersOf(approval.id))
      await w.advance('1 minute')
      expect((await approvalsOf(w, approval.subjectId))[0]).to.deep.include({
        status: 'EXPIRED',
        respondedAt: foretold.expiresAt,
      })
    },
  )

  it('gives the next manager up as many open hours', async () => {
    const { booking } = await askAndRoute(w)
    await w.advance('4 days')
    const [, raised] = await approvalsOf(w, booking.id)
    expect([raised?.nextReminderAt, raised?.expiresAt]).to.deep.equal(inHanoi('11T16:00', '14T12:00'))
    await w.advance('2 days')
    await w.advance('20 hours')
    expect((await bookingOf(w, booking.id)).status).to.equal('PENDING_APPROVAL')
    await w.advance('1 hour')
    expect(await bookingOf(w, booking.id)).to.include({
      status: 'CANCELLED',
      cancellationReason: 'APPROVAL_EXPIRED',
    })
  })

  it('keeps the deadline that was set when the opening hours change meanwhile; the reminders to come follow the new ones', async () => {
    const { approval } = await askAndRoute(w)
    const owner = await actorOf(w, 'owner')
    await w.change((change) => setCalendar(change, owner, { weekly: null, holidays: [] }))
    await w.advance('4 days')
    expect(await remindersOf(approval.id)).to.deep.equal(
      inHanoi('07T16:00', '07T20:00', '08T00:00', '08T04:00', '08T08:00'),
    )
    expect((await approvalsOf(w, approval.subjectId))[0]).to.deep.include({
      status: 'EXPIRED',
      respondedAt: inHanoi('11T15:00')[0],
    })
  })

  it('expires after 24 hours of the clock where the organisation never opens', async () => {
    const owner = await actorOf(w, 'owner')
    await w.change((change) => setCalendar(change, owner, { weekly: [], holidays: [] }))
    const { approval } = await askAndRoute(w)
    expect(approval.expiresAt).to.deep.equal(plusMs(w.clock.now(), DAY))
  })
})
