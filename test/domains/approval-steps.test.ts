// Approvals that several people decide, step after step, by a policy that the organisation sets.

import { expect } from 'chai'
import type { PolicyRule, PolicyStep } from '../../shared/approvals/policy/schema.ts'
import { changePerson } from '../../shared/people/actions/change.ts'
import { TRIP, type Name } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import {
  actorOf,
  approvalOf,
  auditOf,
  bookingOf,
  carryOut,
  delegateTo,
  setPolicy,
  toldTo,
} from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const times = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

describe('an approval by steps', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
  })
  afterEach(() => w.end())

  async function setRules(...rules: PolicyRule[]): Promise<void> {
    const { status, body } = await (await w.as('admin')).put('/organisation/approval-policies', { rules })
    expect([status, body.detail]).to.deep.equal([200, undefined])
  }
  const setSteps = (...steps: PolicyStep[]): Promise<void> => setRules({ name: 'Theo bước', steps })
  async function named(...names: Name[]): Promise<PolicyStep['approvers']> {
    return [{ userIds: await Promise.all(names.map((name) => w.idOf(name))) }]
  }
  async function ask(name: Name = 'employee'): Promise<{ id: string; bookingId: string }> {
    const { body, status } = await (await w.as(name)).post('/bookings', TRIP)
    expect(status, JSON.stringify(body)).to.equal(201)
    await w.settle()
    return { id: (await approvalOf(w, body.id)).id, bookingId: body.id }
  }
  const approve = async (name: Name, id: string) => (await w.as(name)).post(`/approvals/${id}/approve`)
  const shown = async (id: string) => (await (await w.as('admin')).get(`/approvals/${id}`)).body
  const pendingOf = async (name: Name): Promise<string[]> =>
    (await (await w.as(name)).get('/approvals/pending')).body.map((each: { id: string }) => each.id)

  it('asks one step after the other, and is approved when the last has approved', async () => {
    await setSteps({ approvers: [{ manager: 1 }] }, { approvers: await named('owner'), ttl: '2h' })
    const { id, bookingId } = await ask()
    expect([await pendingOf('manager'), await pendingOf('owner')]).to.deep.equal([[id], []])
    mustBeProblem(await approve('owner', id), 403, 'forbidden')
    const first = await approve('manager', id)
    expect([first.status, first.body.status]).to.deep.equal([201, 'PENDING'])
    await w.settle()
    expect([await pendingOf('manager'), await pendingOf('owner')]).to.deep.equal([[], [id]])
    mustBeProblem(await approve('manager', id), 409, 'already_decided')
    const { steps, expiresAt } = await shown(id)
    expect(steps.map(({ state }: { state: string }) => state)).to.deep.equal(['approved', 'open'])
    expect(expiresAt).to.equal(steps[1].dueAt)
    expect((await approve('owner', id)).body.status).to.equal('APPROVED')
    await w.settle()
    expect((await bookingOf(w, bookingId)).status).to.equal('PENDING')
    expect(await toldTo(w, 'employee')).to.deep.equal(['BOOKING_APPROVED'])
    expect(await auditOf(w, { action: 'approval_decided' })).to.have.length(1)
  })

  it('ends with the first rejection', async () => {
    await setSteps(
      { approvers: await named('owner', 'supervisor'), need: 'all' },
      { approvers: [{ manager: 1 }] },
    )
    const { id, bookingId } = await ask()
    await approve('owner', id)
    const reply = await (await w.as('supervisor')).post(`/approvals/${id}/reject`, { notes: 'Không' })
    expect(reply.body.status).to.equal('REJECTED')
    await w.settle()
    expect((await bookingOf(w, bookingId)).status).to.equal('CANCELLED')
    expect(await pendingOf('manager')).to.deep.equal([])
    mustBeProblem(await approve('owner', id), 409, 'already_decided')
  })

  it('of a hundred decisions on a step that needs two of three exactly two count, the rest hear 409', async () => {
    await setSteps({ approvers: await named('owner', 'supervisor', 'director'), need: 2 })
    const { id, bookingId } = await ask()
    const people = await Promise.all((['owner', 'supervisor', 'director'] as const).map((name) => w.as(name)))
    const answers = await Promise.all(
      times(100).map((n) => people[n % 3]?.post(`/approvals/${id}/approve`, { notes: `Số ${n}` })),
    )
    expect(answers.filter((each) => each?.status === 201)).to.have.length(2)
    expect(answers.filter((each) => each?.status === 409)).to.have.length(98)
    await w.settle()
    const { steps, status } = await shown(id)
    const decided = steps[0].deciders.filter(({ decision }: { decision: string }) => decision === 'approved')
    expect([status, decided.length]).to.deep.equal(['APPROVED', 2])
    expect((await bookingOf(w, bookingId)).status).to.equal('PENDING')
    expect(await toldTo(w, 'employee')).to.deep.equal(['BOOKING_APPROVED'])
  })

  it('takes a delegate for one part, who then counts for no other', async () => {
    await setSteps({ approvers: await named('owner', 'director'), need: 'all' })
    await delegateTo(w, 'owner', 'director')
    const { id } = await ask()
    expect((await approve('director', id)).body.status).to.equal('PENDING')
    mustBeProblem(await approve('director', id), 409, 'already_decided')
    expect((await approve('owner', id)).body.status).to.equal('APPROVED')
  })

  it('lets a delegate decide in the place of who is asked, and says so', async () => {
    await setSteps({ approvers: await named('owner') })
    await delegateTo(w, 'owner', 'staff')
    const { id } = await ask()
    expect(await pendingOf('staff')).to.deep.equal([id])
    const { body } = await approve('staff', id)
    expect(body.steps[0].deciders[0]).to.deep.include({
      person: { id: await w.idOf('staff'), fullName: (await w.as('staff')).user.fullName, role: 'STAFF' },
      decision: 'approved',
    })
    expect(body.onBehalfOfId).to.equal(await w.idOf('owner'))
  })

  it('reminds those who have not decided, by the times of its step', async () => {
    await setSteps({
      approvers: await named('owner', 'supervisor'),
      need: 'all',
      reminders: { first: '30m', every: '30m', max: 2 },
    })
    const { id } = await ask()
    await approve('owner', id)
    await w.advance('3 hours')
    const reminders = async (name: Name) =>
      (await toldTo(w, name)).filter((type) => type === 'APPROVAL_REMINDER')
    expect([(await reminders('owner')).length, (await reminders('supervisor')).length]).to.deep.equal([0, 2])
  })

  for (const [onExpiry, status, becomes] of [
    ['approve', 'EXPIRED', 'PENDING'],
    ['cancel', 'EXPIRED', 'CANCELLED'],
    ['next', 'EXPIRED', 'CANCELLED'],
  ] as const)
    it(`whose last step nobody decides in time: ${onExpiry}`, async () => {
      await setSteps({ approvers: await named('owner'), ttl: '1h', onExpiry })
      const { id, bookingId } = await ask()
      await w.advance('1 hour')
      expect((await shown(id)).status).to.equal(status)
      expect((await bookingOf(w, bookingId)).status).to.equal(becomes)
      expect(await toldTo(w, 'owner')).to.include('APPROVAL_EXPIRED')
      await carryOut(w, 'approvals.expire', { approvalId: id })
      expect(await auditOf(w, { action: 'approval_expired' })).to.have.length(1)
    })

  it('goes on with the next step when the time is over, where its rule says so', async () => {
    await setSteps(
      { approvers: await named('owner'), ttl: '15m', onExpiry: 'next' },
      { approvers: [{ manager: 1 }] },
    )
    const { id } = await ask()
    await w.advance('15 minutes')
    expect([await pendingOf('owner'), await pendingOf('manager')]).to.deep.equal([[], [id]])
    expect((await shown(id)).steps.map(({ state }: { state: string }) => state)).to.deep.equal([
      'expired',
      'open',
    ])
  })

  it('asks the manager of who was silent, once', async () => {
    await setSteps({ approvers: [{ manager: 1 }], ttl: '1h', onExpiry: 'escalate' })
    const { id, bookingId } = await ask()
    await w.advance('1 hour')
    expect([await pendingOf('manager'), await pendingOf('director')]).to.deep.equal([[], [id]])
    await w.advance('1 hour')
    expect((await bookingOf(w, bookingId)).status).to.equal('CANCELLED')
  })

  it('asks others when somebody leaves, and keeps what was decided', async () => {
    await setSteps({ approvers: [{ role: 'OWNER' }, { manager: 1 }], need: 'all' })
    const { id } = await ask()
    await approve('owner', id)
    const admin = await actorOf(w, 'admin')
    const managerId = await w.idOf('manager')
    await w.change((change) => changePerson(change, admin, managerId, { isActive: false }))
    await w.settle()
    expect(await pendingOf('director')).to.deep.equal([id])
    expect((await approve('director', id)).body.status).to.equal('APPROVED')
  })

  it('goes on when all who are left of a step have approved, or would have covered it', async () => {
    await setPolicy(w, { noApprover: 'refuse' })
    await setSteps(
      { approvers: await named('owner', 'manager'), need: 'all' },
      { approvers: await named('supervisor') },
      { approvers: await named('owner', 'director'), need: 'all' },
    )
    const leaveNow = async (name: Name): Promise<void> => {
      const [admin, userId] = [await actorOf(w, 'admin'), await w.idOf(name)]
      await w.change((change) => changePerson(change, admin, userId, { isActive: false }))
      await w.settle()
    }
    const { id, bookingId } = await ask()
    await approve('owner', id)
    await leaveNow('manager')
    expect(await pendingOf('supervisor'), 'of two the other has approved').to.deep.equal([id])
    await approve('supervisor', id)
    expect(await pendingOf('director')).to.deep.equal([id])
    await leaveNow('director')
    expect((await bookingOf(w, bookingId)).status, 'the owner has approved before').to.equal('PENDING')
    const { body } = await (await w.as('admin')).get(`/approvals/${id}`)
    expect(body.steps.map(({ state }: { state: string }) => state)).to.deep.equal([
      'approved',
      'approved',
      'skipped',
    ])
  })

  it('that nobody can decide any more goes by the policy for that at once', async () => {
    await setPolicy(w, { noApprover: 'refuse' })
    await setSteps({ approvers: await named('owner') })
    const { bookingId } = await ask()
    const admin = await actorOf(w, 'admin')
    const ownerId = await w.idOf('owner')
    await w.change((change) => changePerson(change, admin, ownerId, { isActive: false }))
    await w.settle()
    expect((await bookingOf(w, bookingId)).status).to.equal('CANCELLED')
    const { status } = await (await w.as('employee')).post('/bookings', TRIP)
    expect(status).to.equal(422)
  })

  it('is not needed where the requester covers it, and is only told where a rule has no steps', async () => {
    await setSteps({ approvers: await named('employee', 'owner') })
    const { body } = await (await w.as('employee')).post('/bookings', TRIP)
    expect([body.status, body.approvalType]).to.deep.equal(['PENDING', 'AUTO_APPROVED'])
    await setRules({ name: 'Chỉ báo', steps: [], copyTo: await named('owner', 'supervisor') })
    await (await w.as('employee')).post('/bookings', TRIP)
    await w.settle()
    for (const name of ['owner', 'supervisor'] as const)
      expect(await toldTo(w, name)).to.deep.equal(['BOOKING_CC_NOTIFICATION'])
  })

  it('ends under the rules under which it began', async () => {
    await setSteps({ approvers: [{ manager: 1 }] }, { approvers: await named('owner') })
    const { id } = await ask()
    await setSteps({ approvers: await named('supervisor') })
    await approve('manager', id)
    await w.settle()
    expect([await pendingOf('owner'), await pendingOf('supervisor')]).to.deep.equal([[id], []])
  })

  it('is withdrawn with its request, and waits for nobody then', async () => {
    await setSteps({ approvers: await named('owner', 'supervisor'), need: 'all' })
    const { id, bookingId } = await ask()
    await (await w.as('employee')).post(`/bookings/${bookingId}/cancel`, { reason: 'USER_REQUEST' })
    await w.settle()
    expect((await shown(id)).status).to.equal('WITHDRAWN')
    for (const name of ['owner', 'supervisor'] as const) {
      expect(await pendingOf(name)).to.deep.equal([])
      expect(await toldTo(w, name)).to.include('APPROVAL_WITHDRAWN')
    }
  })
})
