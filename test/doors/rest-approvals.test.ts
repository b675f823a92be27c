import { expect } from 'chai'
import { listPendingFor } from '../../shared/approvals/lists.ts'
import { listRequestsOf } from '../../shared/approvals/queries.ts'
import { erasePerson } from '../../shared/erasure/actions.ts'
import { userChannel } from '../../shared/kit/declare/event.ts'
import { TRIP } from '../support/people.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { approvalOf, askAndRoute, bookingOf, delegateTo, eventsOn } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const idsOf = (list: { id: string }[]): string[] => list.map(({ id }) => id)

describe('approvals', () => {
  let w: World
  let employee: Person
  let manager: Person
  beforeEach(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    employee = await w.as('employee')
    manager = await w.as('manager')
  })
  afterEach(() => w.end())

  /** Two, a minute apart. */
  async function two(): Promise<[string, string]> {
    const { approval: first } = await askAndRoute(w)
    await w.advance('1 minute')
    const { approval: second } = await askAndRoute(w)
    return [first.id, second.id]
  }

  it('wait for the approver, oldest first, with how many there are', async () => {
    const [first, second] = await two()
    const reply = await manager.get('/approvals/pending')
    expect([idsOf(reply.body), reply.headers.get('x-total-count')]).to.deep.equal([[first, second], '2'])
    expect((await manager.get('/approvals/pending?limit=1&offset=1')).body[0].id).to.equal(second)
    await manager.post(`/approvals/${first}/approve`)
    expect(idsOf((await manager.get('/approvals/pending')).body)).to.deep.equal([second])
    for (const name of ['employee', 'admin', 'director', 'foreignAdmin'] as const)
      expect((await (await w.as(name)).get('/approvals/pending')).body, name).to.deep.equal([])
  })

  it('have moved the booking, and told whoever asked, when the answer to the decision leaves', async () => {
    const { booking, approval } = await askAndRoute(w)
    await manager.post(`/approvals/${approval.id}/approve`)
    expect((await employee.get(`/bookings/${booking.id}`)).body.status).to.equal('PENDING')
    expect((await employee.get('/notifications?limit=1')).body[0].type).to.equal('BOOKING_APPROVED')
  })

  it('are listed to whoever asked, newest first', async () => {
    const [first, second] = await two()
    expect(idsOf((await employee.get('/approvals/my-requests')).body)).to.deep.equal([second, first])
    expect((await manager.get('/approvals/my-requests')).body).to.deep.equal([])
  })

  it("are seen by approver, requester and admin, by their own id and the booking's, and by nobody else", async () => {
    const { booking, approval } = await askAndRoute(w)
    for (const path of [`/approvals/${approval.id}`, `/approvals/booking/${booking.id}`]) {
      for (const name of ['employee', 'manager', 'admin'] as const)
        expect((await (await w.as(name)).get(path)).body, name).to.include({
          id: approval.id,
          bookingId: booking.id,
          status: 'PENDING',
        })
      for (const name of ['staff', 'supervisor', 'owner', 'director', 'customer', 'foreignAdmin'] as const)
        mustBeProblem(await (await w.as(name)).get(path), 404, 'not_found')
    }
    expect((await manager.get(`/approvals/${approval.id}`)).body).not.to.have.any.keys(
      'orgId',
      'continuation',
      'nextReminderAt',
    )
  })

  it("say who asks, for what, whom it waits on and until when, in the reader's language, in one statement a list", async () => {
    await w.runtime.db('users').where({ id: manager.user.id }).update({ locale: 'en' })
    await w.runtime.db('users').where({ id: employee.user.id }).update({ department: 'Kinh doanh' })
    await delegateTo(w, 'manager', 'supervisor')
    const { booking, approval } = await askAndRoute(w)
    const common = {
      requester: { id: employee.user.id, fullName: employee.user.fullName, department: 'Kinh doanh' },
      approver: { id: manager.user.id, fullName: manager.user.fullName, role: 'EMPLOYEE' },
      createdAt: approval.createdAt.toISOString(),
      expiresAt: approval.expiresAt?.toISOString(),
      subjectId: booking.id,
      bookingId: booking.id,
    }
    const [asked] = (await manager.get('/approvals/pending')).body
    expect(asked).to.deep.include(common)
    expect(asked.delegate.id).to.equal(await w.idOf('supervisor'))
    expect(asked.subject).to.deep.equal({
      type: 'BOOKING',
      id: booking.id,
      title: `Booking ${booking.bookingCode}`,
      fields: [
        { label: 'Day', value: '10 Mar 2031' },
        { label: 'Time', value: '08:30 – 09:30' },
        { label: 'Kind of trip', value: 'Single trip' },
        { label: 'Passengers', value: '2' },
        { label: 'Purpose', value: TRIP.purpose },
      ],
      url: null,
    })
    const [own] = (await employee.get('/approvals/my-requests')).body
    expect(own).to.deep.include({ ...common, delegate: asked.delegate })
    expect(own.subject.fields.at(-1)).to.deep.equal({ label: 'Mục đích', value: TRIP.purpose })
    expect((await manager.get(`/approvals/${approval.id}`)).body).to.deep.equal(asked)
    const { body: decided } = await manager.post(`/approvals/${approval.id}/approve`)
    expect(decided).to.deep.include({ ...common, subject: asked.subject, delegate: null })
  })

  it('tell each who listens in their own language, as a read would', async () => {
    await w.runtime.db('users').where({ id: manager.user.id }).update({ locale: 'en' })
    const { booking } = await askAndRoute(w)
    const titleFor = async (userId: string): Promise<unknown> =>
      (await eventsOn(w, userChannel(userId))).find(({ ev }) => ev === 'approval.requested')?.data['subject']
    expect(await titleFor(manager.user.id)).to.include({ title: `Booking ${booking.bookingCode}` })
    expect(await titleFor(employee.user.id)).to.include({ title: `Đặt chỗ ${booking.bookingCode}` })
  })

  it('cost one statement to list, however many there are', async () => {
    await two()
    const seen: string[] = []
    const listen = ({ sql }: { sql: string }): void => void seen.push(sql)
    w.runtime.db.on('query', listen)
    await listPendingFor(w.runtime.db, manager.user.id, w.clock.now(), { limit: 10, offset: 0 })
    await listRequestsOf(w.runtime.db, employee.user.id, w.clock.now(), { limit: 10, offset: 0 })
    w.runtime.db.removeListener('query', listen)
    expect(seen.filter((sql) => sql.includes('approvals'))).to.have.length(2)
  })

  it("lose the requester's words when the requester is erased, and the notifications with them", async () => {
    const { booking, approval } = await askAndRoute(w)
    await w.change((change) => erasePerson(change, employee.user.orgId, employee.user.id))
    await w.settle()
    const words = JSON.stringify([
      await w.runtime.db('approvals').where({ id: approval.id }),
      await w.runtime.db('notifications').where({ bookingId: booking.id }),
    ])
    expect(words).not.to.include(TRIP.purpose)
  })

  it('let the approver see the booking they are asked about', async () => {
    const { booking } = await askAndRoute(w)
    expect((await manager.get(`/bookings/${booking.id}`)).body.id).to.equal(booking.id)
    mustBeProblem(await (await w.as('director')).get(`/bookings/${booking.id}`), 404)
  })

  for (const [verb, body, status, becomes] of [
    ['approve', {}, 'APPROVED', 'PENDING'],
    ['reject', { notes: ' Không có ngân sách ' }, 'REJECTED', 'CANCELLED'],
    ['respond', { decision: 'approve', notes: 'Được' }, 'APPROVED', 'PENDING'],
    ['respond', { decision: 'reject', notes: 'Không' }, 'REJECTED', 'CANCELLED'],
  ] as const) {
    it(`are decided by ${verb} ${JSON.stringify(body)}: the booking becomes ${becomes}`, async () => {
      const { booking, approval } = await askAndRoute(w)
      const reply = await manager.post(`/approvals/${approval.id}/${verb}`, body)
      expect(reply.status).to.equal(201)
      expect(reply.body).to.include({
        status,
        decidedBy: 'person',
        decidedById: manager.user.id,
        respondedAt: w.clock.now().toISOString(),
      })
      expect(reply.body.notes).to.equal('notes' in body ? body.notes.trim() : null)
      await w.settle()
      expect((await bookingOf(w, booking.id)).status).to.equal(becomes)
      const detail = `Approval already ${status.toLowerCase()}`
      for (const again of ['approve', 'reject'])
        expect(
          mustBeProblem(
            await manager.post(`/approvals/${approval.id}/${again}`, { notes: 'Nữa' }),
            409,
            'already_decided',
          ),
        ).to.equal(detail)
    })
  }

  it('are rejected only with a reason, which reaches whoever asked', async () => {
    const { booking, approval } = await askAndRoute(w)
    for (const body of [{}, { notes: '' }, { notes: '  \n ' }]) {
      expect(mustBeProblem(await manager.post(`/approvals/${approval.id}/reject`, body), 400)).to.equal(
        'Rejection reason is required',
      )
      expect(
        mustBeProblem(
          await manager.post(`/approvals/${approval.id}/respond`, { ...body, decision: 'reject' }),
          400,
        ),
      ).to.equal('Rejection reason is required')
    }
    expect((await approvalOf(w, booking.id)).status).to.equal('PENDING')
    await manager.post(`/approvals/${approval.id}/reject`, { notes: 'Hết ngân sách quý này' })
    await w.settle()
    const [told] = (await employee.get('/notifications')).body
    expect(told.type).to.equal('BOOKING_REJECTED')
    expect(told.message).to.include('Hết ngân sách quý này')
    expect(await bookingOf(w, booking.id)).to.include({
      cancellationReason: 'MANAGER_REJECTED',
      cancellationNotes: 'Hết ngân sách quý này',
      cancelledById: manager.user.id,
    })
  })

  it('are told that they expired, when somebody decides too late', async () => {
    const { approval } = await askAndRoute(w)
    await w.advance('1 day')
    expect(mustBeProblem(await manager.post(`/approvals/${approval.id}/approve`), 409)).to.equal(
      'Approval already expired',
    )
  })

  it(
    'are decided by nobody else of the organisation, admin and requester included; to another organisation ' +
      'they do not exist',
    async () => {
      const { booking, approval } = await askAndRoute(w)
      for (const name of [
        'admin',
        'employee',
        'staff',
        'supervisor',
        'owner',
        'director',
        'driver',
        'customer',
      ] as const)
        mustBeProblem(await (await w.as(name)).post(`/approvals/${approval.id}/approve`), 403, 'forbidden')
      for (const name of ['foreigner', 'foreignAdmin'] as const)
        mustBeProblem(await (await w.as(name)).post(`/approvals/${approval.id}/approve`), 404, 'not_found')
      expect((await approvalOf(w, booking.id)).status).to.equal('PENDING')
    },
  )

  it('take a decision that is one of two, however it is written', async () => {
    const { approval } = await askAndRoute(w)
    expect(
      problemsIn(await manager.post(`/approvals/${approval.id}/respond`, { decision: 'maybe', by: 'me' })),
    ).to.deep.equal([
      '/body/by is unknown',
      '/body/decision must be one of approve, reject, APPROVED, REJECTED',
    ])
  })

  it('are delegated, listed to both, and taken back', async () => {
    const staff = await w.as('staff')
    const ask = {
      delegateId: staff.user.id,
      from: '2031-03-03T02:00:00Z',
      until: '2031-03-10T02:00:00+07:00',
    }
    const { status, body: delegation } = await manager.post('/approvals/delegations', ask)
    expect(status).to.equal(201)
    expect(delegation).to.include({
      delegatorId: manager.user.id,
      delegateId: staff.user.id,
      fromAt: '2031-03-03T02:00:00.000Z',
      untilAt: '2031-03-09T19:00:00.000Z',
      revokedAt: null,
    })
    for (const person of [manager, staff])
      expect(idsOf((await person.get('/approvals/delegations')).body)).to.deep.equal([delegation.id])
    expect((await employee.get('/approvals/delegations')).body).to.deep.equal([])
    const { approval } = await askAndRoute(w)
    expect(idsOf((await staff.get('/approvals/pending')).body)).to.deep.equal([approval.id])
    expect((await staff.get(`/approvals/${approval.id}`)).status).to.equal(200)
    mustBeProblem(await staff.delete(`/approvals/delegations/${delegation.id}`), 404)
    expect((await manager.delete(`/approvals/delegations/${delegation.id}`)).body.revokedAt).to.equal(
      w.clock.now().toISOString(),
    )
    expect((await staff.get('/approvals/pending')).body).to.deep.equal([])
    mustBeProblem(await staff.get(`/approvals/${approval.id}`), 404)
  })

  it('are foretold with reasons that a person understands', async () => {
    const { status, body } = await employee.post('/approvals/simulate', TRIP)
    expect(status).to.equal(201)
    expect(body).to.deep.include({
      approvalType: 'MANAGER_APPROVAL',
      status: 'PENDING_APPROVAL',
      approverId: manager.user.id,
      expiresAt: '2031-03-04T02:00:00.000Z',
      onExpiry: 'approve',
    })
    expect(body.reminders).to.deep.equal(
      ['03T03', '03T07', '03T11', '03T15', '03T19'].map((at) => `2031-03-${at}:00:00.000Z`),
    )
    expect(body.reasons).to.deep.equal([
      'Yêu cầu này cần quản lý duyệt.',
      'Lê Hoàng Nam là quản lý gần nhất đang hoạt động.',
      'Nếu đến hạn chưa ai quyết định, yêu cầu được chấp thuận.',
    ])
    mustBeProblem(await employee.post('/approvals/simulate', { ...TRIP, endDate: '2031-01-01' }), 422)
  })
})
