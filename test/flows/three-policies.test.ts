// Three organisations set their own policies, as docs/POLICIES.md shows them: foretold by the simulation, and carried out, while
// people leave and a holiday comes in between.

import { expect } from 'chai'
import type { PolicyRule } from '../../shared/approvals/policy/schema.ts'
import { tripOnItsDay, type Name } from '../support/people.ts'
import { approvalOf, bookingOf, toldTo } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

describe('a policy of its own', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
  })
  afterEach(() => w.end())

  async function setRules(...rules: PolicyRule[]): Promise<void> {
    const reply = await (await w.as('admin')).put('/organisation/approval-policies', { rules })
    expect([reply.status, reply.body.detail]).to.deep.equal([200, undefined])
  }
  /** Foretold and asked for. @returns the approval, after its simulation was held against it */
  async function ask(more: object): Promise<{ id: string; bookingId: string }> {
    const trip = { ...tripOnItsDay(), ...more }
    const employee = await w.as('employee')
    const { body: foretold } = await employee.post('/approvals/simulate', trip)
    const { body, status } = await employee.post('/bookings', trip)
    expect([status, body.detail]).to.deep.equal([201, undefined])
    await w.settle()
    expect(body.status).to.equal(foretold.status)
    if (foretold.approvalType !== 'MANAGER_APPROVAL') return { id: '', bookingId: body.id }
    const { id } = await approvalOf(w, body.id)
    const { steps } = await shown(id)
    expect(steps.length).to.equal(foretold.steps.length)
    const asked = steps[0].deciders.map(({ person }: { person: { id: string } }) => person.id)
    expect(asked).to.have.members(foretold.steps[0].asked.map((each: { id: string }) => each.id))
    expect(steps[0].dueAt).to.equal(foretold.steps[0].expiresAt)
    return { id, bookingId: body.id }
  }
  const shown = async (id: string) => (await (await w.as('admin')).get(`/approvals/${id}`)).body
  const approve = async (name: Name, id: string) => {
    const { body } = await (await w.as(name)).post(`/approvals/${id}/approve`)
    await w.settle()
    return body.status
  }
  const change = async (name: Name, patch: object): Promise<void> => {
    const reply = await (await w.as('admin')).patch(`/users/${await w.idOf(name)}`, patch)
    expect([reply.status, reply.body.detail]).to.deep.equal([200, undefined])
    await w.settle()
  }
  const statusOf = async (bookingId: string) => (await bookingOf(w, bookingId)).status

  describe('of a fleet', () => {
    beforeEach(async () => {
      for (const name of ['employee', 'manager', 'staff'] as const)
        await change(name, { department: 'Kinh doanh' })
      await change('supervisor', { department: 'Tài chính' })
      await setRules(
        {
          name: 'Private, far',
          when: {
            all: [
              { fact: 'isBusinessTrip', equals: false },
              { fact: 'distanceKm', atLeast: 200.01 },
            ],
          },
          steps: [
            { approvers: [{ departmentHead: true }], ttl: '1d', onExpiry: 'escalate' },
            { approvers: [{ userIds: [await w.idOf('supervisor')] }], ttl: '1d', onExpiry: 'cancel' },
          ],
        },
        {
          name: 'Private',
          when: { fact: 'isBusinessTrip', equals: false },
          steps: [{ approvers: [{ departmentHead: true }], ttl: '1d', onExpiry: 'escalate' }],
        },
        { name: 'Business', steps: [] },
      )
    })

    it('asks the head of the department about private trips, finance about far ones, and nobody on business', async () => {
      const business = await ask({ isBusinessTrip: true, distanceKm: 500 })
      expect(await statusOf(business.bookingId)).to.equal('PENDING')
      const near = await ask({ isBusinessTrip: false, distanceKm: 200 })
      expect(await approve('manager', near.id)).to.equal('APPROVED')
      const far = await ask({ isBusinessTrip: false, distanceKm: 201 })
      expect(await approve('manager', far.id)).to.equal('PENDING')
      expect(await statusOf(far.bookingId)).to.equal('PENDING_APPROVAL')
      expect(await approve('supervisor', far.id)).to.equal('APPROVED')
      expect(await statusOf(far.bookingId)).to.equal('PENDING')
    })

    it('goes on with the next head when the one who is asked leaves in the middle', async () => {
      await change('staff', { positionLevel: 'MGR' })
      await change('manager', { positionLevel: 'DIRECTOR' })
      const far = await ask({ isBusinessTrip: false, distanceKm: 640 })
      await change('manager', { isActive: false })
      const { steps } = await shown(far.id)
      expect(steps[0].deciders.map(({ person }: { person: { id: string } }) => person.id)).to.deep.equal([
        await w.idOf('staff'),
      ])
      expect(await approve('staff', far.id)).to.equal('PENDING')
      expect(await approve('supervisor', far.id)).to.equal('APPROVED')
    })
  })

  describe('of a hotel', () => {
    beforeEach(async () => {
      const owner = await w.idOf('owner')
      for (const name of ['supervisor', 'staff'] as const) await change(name, { managerId: owner })
      const duty = await Promise.all((['supervisor', 'staff'] as const).map((name) => w.idOf(name)))
      await setRules({
        name: 'Duty managers, else the owner',
        steps: [
          { approvers: [{ userIds: duty }], need: 'any', ttl: '15m', hours: 'open', onExpiry: 'escalate' },
        ],
      })
    })

    it('is content with either of two duty managers', async () => {
      const { id, bookingId } = await ask({})
      expect(await approve('staff', id)).to.equal('APPROVED')
      expect(await statusOf(bookingId)).to.equal('PENDING')
      expect(await toldTo(w, 'owner')).not.to.include('APPROVAL_REQUIRED')
    })

    it('asks the owner after a quarter of an hour in which it is open, a holiday later', async () => {
      const admin = await w.as('admin')
      const { body: calendar, headers } = await admin.get('/organisation/calendar')
      const { weekly } = calendar
      const holidays = [{ date: '2031-03-04', name: 'Lễ' }]
      const set = await admin.put(
        '/organisation/calendar',
        { weekly, holidays },
        {
          'if-match': headers.get('etag') ?? '',
        },
      )
      expect([set.status, set.body.detail]).to.deep.equal([200, undefined])
      await w.advance('530 minutes')
      const { id, bookingId } = await ask({})
      expect((await shown(id)).expiresAt, 'ten minutes today, five on the day after').to.equal(
        '2031-03-05T02:05:00.000Z',
      )
      await w.advance('39 hours')
      expect(await approve('owner', id), 'not asked yet').to.equal(403)
      await w.advance('20 minutes')
      expect(await toldTo(w, 'owner')).to.include('APPROVAL_REQUIRED')
      expect(await approve('owner', id)).to.equal('APPROVED')
      expect(await statusOf(bookingId)).to.equal('PENDING')
    })

    it('asks the other one alone when a duty manager leaves, and by its policy once nobody is left', async () => {
      const { id } = await ask({})
      await change('staff', { isActive: false })
      expect(await approve('supervisor', id)).to.equal('APPROVED')
      const second = await ask({})
      await change('supervisor', { isActive: false })
      expect(await statusOf(second.bookingId)).to.equal('PENDING')
      expect(await toldTo(w, 'admin')).to.include('NO_APPROVER')
    })
  })

  it('of stations asks nobody, and tells the staff', async () => {
    await setRules({ name: 'Stations', steps: [], copyTo: [{ role: 'STAFF' }] })
    const { bookingId } = await ask({})
    expect(await statusOf(bookingId)).to.equal('PENDING')
    expect(await toldTo(w, 'staff')).to.include('BOOKING_CC_NOTIFICATION')
    expect(await toldTo(w, 'manager')).to.deep.equal([])
  })
})
