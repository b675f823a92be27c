import { expect } from 'chai'
import { expireApproval } from '../../shared/approvals/actions/alarms.ts'
import { decideApproval } from '../../shared/approvals/actions/decide.ts'
import { unsubscribeUrl } from '../../shared/notifications/actions/unsubscribe.ts'
import { TRIP } from '../support/people.ts'
import { actorOf, approvalOf, askAndRoute, auditOf, bookingOf, toldTo } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const times = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

describe('of many at once', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
  })
  afterEach(() => w.end())

  it('exactly one of a hundred decisions stands, and ninety-nine are told which', async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const { body: booking } = await employee.post('/bookings', TRIP)
    await w.settle()
    const approval = await approvalOf(w, booking.id)
    const answers = await Promise.all(
      times(100).map((n) =>
        manager.post(`/approvals/${approval.id}/${n % 2 ? 'approve' : 'reject'}`, { notes: `Số ${n}` }),
      ),
    )

    const won = answers.filter(({ status }) => status === 201)
    expect(won).to.have.length(1)
    const verdict = won[0]?.body.status.toLowerCase()
    expect(verdict).to.be.oneOf(['approved', 'rejected'])
    const lost = answers.filter(({ status }) => status === 409)
    expect(lost).to.have.length(99)
    expect(new Set(lost.map(({ body }) => body.detail))).to.deep.equal(
      new Set([`Approval already ${verdict}`]),
    )

    await w.settle()
    expect(await approvalOf(w, booking.id)).to.deep.include({
      status: won[0]?.body.status,
      notes: won[0]?.body.notes,
    })
    expect((await bookingOf(w, booking.id)).status).to.equal(verdict === 'approved' ? 'PENDING' : 'CANCELLED')
    expect(await toldTo(w, 'employee')).to.deep.equal([
      verdict === 'approved' ? 'BOOKING_APPROVED' : 'BOOKING_REJECTED',
    ])
    expect(await auditOf(w, { action: 'approval_decided' })).to.have.length(1)
  })

  it('neither of two ADMINs who change other settings at the same moment undoes the other, forty times', async () => {
    const [one, two] = [await w.as('admin'), await w.as('admin')]
    for (const n of times(40)) {
      const answers = await Promise.all([
        one.patch('/organisation', { settings: { messageWindowMinutes: n } }),
        two.patch('/organisation', { settings: { messageRetentionDays: n + 1 } }),
      ])
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200])
      const { body, headers } = await one.get('/organisation')
      expect(body.settings).to.include({ messageWindowMinutes: n, messageRetentionDays: n + 1 })
      expect(headers.get('etag')).to.equal(`"${body.version}"`)
    }
    const seen = (await one.get('/organisation')).headers.get('etag') ?? ''
    const both = await Promise.all(
      [one, two].map((admin, n) => admin.patch('/organisation', { name: `Tên ${n}` }, { 'if-match': seen })),
    )
    expect(both.map(({ status }) => status).toSorted()).to.deep.equal([200, 412])
  })

  it('neither of two links that end mails of two kinds undoes the other', async () => {
    const employee = await w.as('employee')
    const linkOf = (kind: 'chat' | 'booking'): string =>
      new URL(unsubscribeUrl(w.runtime.config, kind, employee.user.id)).search
    for (const _ of times(20)) {
      await w.runtime.db('preferences').delete()
      await Promise.all(
        (['chat', 'booking'] as const).map((kind) =>
          fetch(`${w.url}/unsubscribe${linkOf(kind)}`, { method: 'POST' }),
        ),
      )
      expect(
        (await employee.get('/notifications/preferences')).body.choices.map(
          ({ category }: { category: string }) => category,
        ),
      ).to.have.members(['chat', 'booking'])
    }
  })

  it('one of approval, rejection and expiry wins, whichever comes first', async () => {
    const manager = await actorOf(w, 'manager')
    const asked = []
    for (const _ of times(8)) asked.push(await askAndRoute(w))
    await w.runtime.db('jobs').whereIn('name', ['approvals.expire', 'approvals.remind']).delete()
    w.clock.moveTo(asked.at(-1)?.approval.expiresAt ?? w.clock.now())

    for (const { booking, approval } of asked) {
      const tries = [
        w.change((change) => decideApproval(change, manager, approval.id, { decision: 'approve' })),
        w.change((change) =>
          decideApproval(change, manager, approval.id, { decision: 'reject', notes: 'Không' }),
        ),
        w.change((change) => expireApproval(change, approval.id)),
      ]
      const [approved, rejected] = await Promise.allSettled(tries)
      await w.settle()
      const { status, decidedBy } = await approvalOf(w, booking.id)
      expect(status).to.be.oneOf(['APPROVED', 'REJECTED', 'EXPIRED'])
      expect([approved?.status === 'fulfilled', rejected?.status === 'fulfilled']).to.deep.equal([
        status === 'APPROVED',
        status === 'REJECTED',
      ])
      expect(decidedBy).to.equal(status === 'EXPIRED' ? 'expiry' : 'person')
      for (const each of [approved, rejected]) {
        if (each?.status === 'rejected')
          expect(each.reason).to.include({ status: 409, message: `Approval already ${status.toLowerCase()}` })
      }
      const moves = await auditOf(w, { entity: 'booking', entityId: booking.id })
      expect(moves.map(({ action }) => action)).to.deep.equal([
        'booking_created',
        status === 'REJECTED' ? 'booking_cancelled' : 'booking_approved',
      ])
    }
  })

  it('a hundred bookings of one day have a hundred codes', async () => {
    const staff = await w.as('staff')
    const answers = await Promise.all(times(100).map(() => staff.post('/bookings', TRIP)))
    expect(
      answers.filter(({ status }) => status !== 201).map(({ status, body }) => `${status} ${body.detail}`),
    ).to.deep.equal([])
    const codes = answers.map(({ body }) => body.bookingCode).toSorted()
    expect(codes).to.deep.equal(times(100).map((n) => `DEMO-20310310-${String(n + 1).padStart(4, '0')}`))
  })

  it('bookings of another day or organisation count for themselves', async () => {
    const [employee, foreigner] = [await w.as('employee'), await w.as('foreigner')]
    const codes = [
      await employee.post('/bookings', TRIP),
      await employee.post('/bookings', { ...TRIP, scheduledDate: '2031-03-11' }),
      await foreigner.post('/bookings', TRIP),
      await employee.post('/bookings', TRIP),
    ]
    expect(codes.map(({ body }) => body.bookingCode)).to.deep.equal([
      'DEMO-20310310-0001',
      'DEMO-20310311-0001',
      'OTHER-20310310-0001',
      'DEMO-20310310-0002',
    ])
  })

  it('one of two dispatchers who saw the same version is first, and the other is told', async () => {
    const [manager, staff] = [await w.as('manager'), await w.as('staff')]
    const { body: booking } = await manager.post('/bookings', TRIP)
    const answers = await Promise.all(
      times(10).map((n) =>
        staff.post(`/bookings/${booking.id}/${n % 2 ? 'confirm' : 'redirect'}`, {}, { 'if-match': '"1"' }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).to.deep.equal([
      201,
      ...times(9).map(() => 412),
    ])
    expect((await bookingOf(w, booking.id)).version).to.equal(2)
  })
})
