// What was asked for changes before it begins.

import { expect } from 'chai'
import type { ApprovalRow } from '../../shared/approvals/table.ts'
import type { Reply } from '../support/client.ts'
import { aFleet, type Fleet } from '../support/fleet.ts'
import { TRIP, tripOnItsDay } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { approvalsOf, carryOut, toldTo } from '../support/story.ts'
import type { Person, World } from '../support/world.ts'

describe('a booking that changes', () => {
  let w: World
  let people: Fleet['people']
  let aCar: Fleet['aCar']
  let assign: Fleet['assign']

  before(async () => {
    ;({ w, people, aCar, assign } = await aFleet('workers'))
  })
  after(() => w.end())

  const ask = async (by: Person, more: object = {}): Promise<Reply['body']> => {
    const { body } = await by.post('/bookings', { ...tripOnItsDay(), ...more })
    await w.settle()
    return body
  }
  const patch = (by: Person, id: string, change: object, version?: number): Promise<Reply> =>
    by.patch(`/bookings/${id}`, change, version === undefined ? {} : { 'if-match': `"${version}"` })
  const decide = async (by: Person, id: string): Promise<Reply> => {
    const [approval] = await approvalsOf(w, id)
    return by.post(`/approvals/${approval?.id}/approve`, {})
  }
  const approvalAbout = async (id: string): Promise<ApprovalRow> => {
    const [approval] = await approvalsOf(w, id)
    if (!approval) throw new Error(`Nobody was asked about ${id}.`)
    return approval
  }
  const statusOf = async (id: string): Promise<string> =>
    (await people.staff.get(`/bookings/${id}`)).body.status

  it('is changed by who asked or the staff, of the version that they saw, and counts as one more', async () => {
    const { id } = await ask(people.employee)
    const changed = await patch(
      people.employee,
      id,
      { notes: 'Hai vali', passengerCount: 3, distanceKm: 12 },
      1,
    )
    expect([changed.status, changed.body.version, changed.headers.get('etag')]).to.deep.equal([200, 2, '"2"'])
    expect(changed.body).to.include({ notes: 'Hai vali', passengerCount: 3, distanceKm: 12 })
    mustBeProblem(await patch(people.employee, id, { notes: '' }, 1), 412, 'changed_meanwhile')
    mustBeProblem(await patch(people.manager, id, { notes: '' }), 403, 'forbidden')
    mustBeProblem(await patch(people.director, id, { notes: '' }), 404, 'not_found')
    mustBeProblem(await patch(people.employee, id, {}), 400, 'malformed')
    expect((await patch(people.staff, id, { notes: null, distanceKm: null })).body).to.include({
      notes: null,
      distanceKm: null,
      passengerCount: 3,
    })
    expect(await toldTo(w, 'employee')).to.include('BOOKING_CHANGED')
  })

  it('is decided on as it is now: what the policy does not look at leaves the decision where it is', async () => {
    const { id } = await ask(people.employee)
    const [before] = await approvalsOf(w, id)
    expect((await patch(people.employee, id, { purpose: 'Đổi mục đích' })).body.status).to.equal(
      'PENDING_APPROVAL',
    )
    const [after] = await approvalsOf(w, id)
    expect([after?.id, after?.expiresAt]).to.deep.equal([before?.id, before?.expiresAt])
    const { body } = await people.manager.get(`/approvals/booking/${id}`)
    expect(body.subject.fields.map(({ value }: { value: string }) => value)).to.include('Đổi mục đích')
    expect([before?.version, body.version]).to.deep.equal([1, 2])
    expect((await decide(people.manager, id)).status).to.equal(201)
    expect((await patch(people.employee, id, { passengerCount: 1 })).body.status).to.equal('PENDING')
  })

  it('is asked about anew when the policy looks at what changed, and given back by who was to serve it', async () => {
    const { id } = await ask(people.employee)
    await decide(people.manager, id)
    await assign(id, await aCar())
    const asked = await patch(people.employee, id, { isBusinessTrip: false })
    expect(asked.body).to.include({ status: 'PENDING_APPROVAL', assignedDriverId: null })
    await decide(people.manager, id)
    expect(await statusOf(id)).to.equal('PENDING')
  })

  it('is not moved by a decision that waited in a queue while it was asked about anew', async () => {
    const { id } = await ask(people.employee)
    await decide(people.manager, id)
    const earlier = await approvalAbout(id)
    await patch(people.employee, id, { isBusinessTrip: false })
    const late = {
      orgId: people.admin.user.orgId,
      subjectId: id,
      outcome: 'approved',
      decidedBy: 'person',
      decidedById: people.manager.user.id,
      notes: null,
    }
    const dated = { ...late, decidedAt: earlier.respondedAt?.toISOString() }
    // The first is one of the release before.
    const carryOutAll = async (...jobs: object[]): Promise<void> => {
      for (const each of jobs) await carryOut(w, 'bookings.applyDecision', each)
    }
    await carryOutAll(late, dated)
    expect(await statusOf(id), 'while the question is open').to.equal('PENDING_APPROVAL')
    const respondedAt = new Date(w.clock.now().getTime() + 60_000)
    await w.runtime.db('approvals').where({ subjectId: id }).update({ status: 'REJECTED', respondedAt })
    await carryOutAll(late, dated, { ...dated, outcome: 'rejected' })
    expect(await statusOf(id), 'once it was decided otherwise').to.equal('PENDING_APPROVAL')
    await carryOutAll({ ...late, outcome: 'rejected', decidedAt: respondedAt.toISOString() })
    expect(await statusOf(id)).to.equal('CANCELLED')
  })

  it('what has begun stays as it is', async () => {
    const { id } = await ask(people.manager)
    await assign(id, await aCar())
    await people.driver.post(`/bookings/${id}/start`, {})
    mustBeProblem(await patch(people.staff, id, { notes: 'Muộn' }), 409, 'impossible_transition')
  })

  it('keeps its car and driver at another time if they are free then, and names what is in the way', async () => {
    const car = await aCar()
    const [first, second] = [await ask(people.manager), await ask(people.manager)]
    for (const { id } of [first, second]) expect((await assign(id, car)).status).to.equal(201)
    const { scheduledDate } = first
    const refused = await patch(people.staff, second.id, { scheduledDate, scheduledTime: '09:00' })
    mustBeProblem(refused, 409, 'conflict')
    expect(refused.body.conflicts.map(({ bookingId }: { bookingId: string }) => bookingId)).to.deep.equal([
      first.id,
      first.id,
    ])
    const moved = await patch(people.staff, second.id, { startsAt: `${scheduledDate}T03:00:00Z` })
    expect(moved.body).to.include({ status: 'ASSIGNED', scheduledDate, scheduledTime: '10:00' })
    expect(await toldTo(w, 'driver')).to.include('BOOKING_CHANGED')
    const [{ held }] = await w.runtime.db('bookings').where({ id: second.id }).select('held')
    expect(held).to.contain('03:00:00')
    mustBeProblem(await patch(people.staff, second.id, { scheduledDate: '2031-01-01' }), 422, 'invalid')
  })

  describe('under a policy of its organisation', () => {
    before(async () => {
      const far = { fact: 'distanceKm', atLeast: 200 }
      const [manager, director] = [[{ manager: 1 }], [{ userIds: [people.director.user.id] }]]
      const rules = [
        { name: 'Far', when: far, steps: [{ approvers: manager }, { approvers: director }] },
        { name: 'Private', when: { fact: 'isBusinessTrip', equals: false }, steps: [{ approvers: manager }] },
        { name: 'Others', steps: [] },
      ]
      const { status } = await people.admin.put(
        '/organisation/approval-policies',
        { rules },
        { 'if-match': '"0"' },
      )
      expect(status).to.equal(200)
    })

    it('needs an approval that it did not need, and loses its car until it has it', async () => {
      const { id } = await ask(people.employee, { distanceKm: 20 })
      expect((await assign(id, await aCar())).status).to.equal(201)
      const changed = await patch(people.employee, id, { distanceKm: 250 })
      expect(changed.body).to.include({
        status: 'PENDING_APPROVAL',
        assignedResourceId: null,
        assignedDriverId: null,
      })
      expect((await toldTo(w, 'driver')).filter((type) => type === 'BOOKING_CHANGED')).to.have.length(3)
      for (const by of [people.manager, people.director]) expect((await decide(by, id)).status).to.equal(201)
      expect(await statusOf(id)).to.equal('PENDING')
    })

    it('begins anew whatever was decided, and an old mail decides nothing', async () => {
      const { id } = await ask(people.employee, { distanceKm: 250 })
      await decide(people.manager, id)
      const before = await w.runtime.db('decision_links').pluck('id')
      await patch(people.employee, id, { distanceKm: 900 })
      const [approval] = await approvalsOf(w, id)
      expect(approval?.route?.steps.map(({ state, decisions }) => [state, decisions.length])).to.deep.equal([
        ['open', 0],
        ['waiting', 0],
      ])
      mustBeProblem(await decide(people.director, id), 403, 'forbidden')
      const after = await w.runtime.db('decision_links').where({ approvalId: approval?.id }).pluck('id')
      expect(after.filter((each) => before.includes(each))).to.deep.equal([])
      for (const by of [people.manager, people.director]) expect((await decide(by, id)).status).to.equal(201)
      expect(await statusOf(id)).to.equal('PENDING')
    })

    it('is decided by nobody who saw the question of before: not in the list, not alone, not among many', async () => {
      const { id } = await ask(people.employee, { distanceKm: 250 })
      const { body: rows } = await people.manager.get('/approvals?status=PENDING')
      const row = rows.find((each: { bookingId: string }) => each.bookingId === id)
      const path = `/approvals/${row.id}`
      expect((await people.manager.get(path)).headers.get('etag')).to.match(/^"1\./)
      const ofVersion = (version: number) => ({ 'if-match': `"${version}"` })
      await patch(people.employee, id, { distanceKm: 900 })
      for (const [deed, body] of [
        ['approve', {}],
        ['reject', { notes: 'Xa' }],
        ['respond', { decision: 'approve' }],
      ] as const) {
        const refused = await people.manager.post(`${path}/${deed}`, body, ofVersion(row.version))
        mustBeProblem(refused, 412, 'changed_meanwhile')
        expect([refused.body.approval.version, refused.body.approval.status]).to.deep.equal([2, 'PENDING'])
      }
      const decisions = [{ id: row.id, decision: 'approve', version: row.version }]
      const { body: many } = await people.manager.post('/approvals/decide', { decisions })
      expect(many.results[0]).to.deep.include({ status: 412, approval: null })
      mustBeProblem(await people.director.post(`${path}/approve`, {}, ofVersion(1)), 403, 'forbidden')
      // Whoever decides the second step sees more than the first had: it counts as another question.
      const first = await people.manager.post(`${path}/approve`, {}, ofVersion(2))
      expect([first.status, first.body.version, first.headers.get('etag')?.slice(0, 3)]).to.deep.equal([
        201,
        3,
        '"3.',
      ])
      mustBeProblem(await people.director.post(`${path}/approve`, {}, ofVersion(2)), 412, 'changed_meanwhile')
      mustBeProblem(await people.manager.post(`${path}/approve`, {}, ofVersion(2)), 409, 'already_decided')
      expect((await people.director.post(`${path}/approve`, {}, ofVersion(3))).body.status).to.equal(
        'APPROVED',
      )
    })

    it('of one that was approved asks again as well, and of one that needs nobody any more takes the question back', async () => {
      const { id } = await ask(people.employee, { isBusinessTrip: false })
      await decide(people.manager, id)
      expect((await patch(people.employee, id, { distanceKm: 300 })).body.status).to.equal('PENDING_APPROVAL')
      expect(
        (await patch(people.employee, id, { distanceKm: 30, isBusinessTrip: true })).body.status,
      ).to.equal('PENDING')
      expect((await approvalsOf(w, id)).map(({ status }) => status)).to.deep.equal(['WITHDRAWN'])
      await w.settle()
      expect(await statusOf(id)).to.equal('PENDING')
    })

    it('stands where the organisation says so', async () => {
      await people.admin.patch('/organisation', { settings: { onChange: 'keep' } })
      const { id } = await ask(people.employee, { isBusinessTrip: false })
      await decide(people.manager, id)
      expect((await patch(people.employee, id, { distanceKm: 300 })).body.status).to.equal('PENDING')
      await people.admin.patch('/organisation', { settings: { onChange: 'ask_again' } })
    })

    it('changed before a worker has seen it, is asked once, as it is now', async () => {
      const { body } = await people.employee.post('/bookings', { ...tripOnItsDay(), distanceKm: 250 })
      await patch(people.employee, body.id, { distanceKm: 260 })
      await w.settle()
      const approvals = await approvalsOf(w, body.id)
      expect(approvals.map(({ status }) => status)).to.deep.equal(['PENDING'])
    })
  })

  it('begins and ends at instants, or on a day, at a time, for so many minutes: one of the two', async () => {
    const times = { startsAt: '2031-09-01T02:00:00Z', endsAt: '2031-09-02T04:30:00Z' }
    const { scheduledDate: _day, scheduledTime: _time, ...trip } = TRIP
    const { body, status } = await people.manager.post('/bookings', { ...trip, ...times })
    expect(status).to.equal(201)
    expect(body).to.include({
      scheduledDate: '2031-09-01',
      scheduledTime: '09:00',
      endDate: '2031-09-02',
      durationMinutes: 150,
      startsAt: '2031-09-01T02:00:00.000Z',
      endsAt: '2031-09-02T04:30:00.000Z',
    })
    mustBeProblem(await people.manager.post('/bookings', { ...TRIP, ...times }), 422, 'invalid')
    mustBeProblem(
      await people.manager.post('/bookings', { ...trip, ...times, durationMinutes: 60 }),
      422,
      'invalid',
    )
    mustBeProblem(
      await people.manager.post('/bookings', { ...trip, ...times, endsAt: times.startsAt }),
      422,
      'invalid',
    )
    const missing = mustBeProblem(
      await people.manager.post('/bookings', { ...trip, startsAt: null }),
      400,
      'malformed',
    )
    expect(missing).to.equal('2 problems in the request')
  })
})
