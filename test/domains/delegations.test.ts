import { expect } from 'chai'
import { decideApproval } from '../../shared/approvals/actions/decide.ts'
import { delegateApprovals, revokeDelegation } from '../../shared/approvals/actions/delegate.ts'
import { listPendingFor } from '../../shared/approvals/lists.ts'
import { getApproval } from '../../shared/approvals/queries.ts'
import type { Approval } from '../../shared/approvals/schema.ts'
import { userChannel } from '../../shared/kit/declare/event.ts'
import { HOUR, plusMs } from '../../shared/kit/time/time.ts'
import { gate, untilItWaits } from '../support/gate.ts'
import type { Name } from '../support/people.ts'
import {
  actorOf,
  ask,
  askAndRoute,
  auditOf,
  delegateTo,
  eventsOn,
  leave,
  setPolicy,
  toldTo,
} from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const PAGE = { limit: 50, offset: 0 }

describe('a delegation', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
  })
  afterEach(() => w.end())

  const refused = (error: { status: number; message: string }) => ({
    status: error.status,
    message: error.message,
  })

  async function decide(
    by: Name,
    approvalId: string,
  ): Promise<Approval | { status: number; message: string }> {
    const actor = await actorOf(w, by)
    return w
      .change((change) => decideApproval(change, actor, approvalId, { decision: 'approve' }))
      .catch(refused)
  }

  async function pendingFor(name: Name): Promise<string[]> {
    return (await listPendingFor(w.runtime.db, await w.idOf(name), w.clock.now(), PAGE)).items.map(
      ({ id }) => id,
    )
  }

  async function attempt(from: Name, to: Name, after?: string, length?: string): Promise<unknown> {
    return delegateTo(w, from, to, after, length).then(() => 'made', refused)
  }

  it("lets both see and hear of the request, and the delegate decide on the manager's behalf", async () => {
    await delegateTo(w, 'manager', 'supervisor')
    const { approval } = await askAndRoute(w)
    expect(await toldTo(w, 'manager')).to.deep.equal(['APPROVAL_REQUIRED'])
    expect(await toldTo(w, 'supervisor')).to.deep.equal(['APPROVAL_REQUIRED'])
    expect([await pendingFor('manager'), await pendingFor('supervisor')]).to.deep.equal([
      [approval.id],
      [approval.id],
    ])

    const decided = await decide('supervisor', approval.id)
    expect(decided).to.include({
      status: 'APPROVED',
      approverId: await w.idOf('manager'),
      decidedById: await w.idOf('supervisor'),
      onBehalfOfId: await w.idOf('manager'),
    })
    const [row] = await auditOf(w, { action: 'approval_decided', entityId: approval.id })
    expect(row).to.include({ actorId: await w.idOf('supervisor'), onBehalfOfId: await w.idOf('manager') })
    await w.settle()
    for (const name of ['manager', 'supervisor', 'employee'] as const) {
      expect(
        (await eventsOn(w, userChannel(await w.idOf(name)))).map(({ ev }) => ev),
        name,
      ).to.include('approval.decided')
    }
  })

  it("leaves the manager their own say, and then says on nobody's behalf", async () => {
    await delegateTo(w, 'manager', 'supervisor')
    const { approval } = await askAndRoute(w)
    expect(await decide('manager', approval.id)).to.include({
      status: 'APPROVED',
      decidedById: await w.idOf('manager'),
      onBehalfOfId: null,
    })
    expect(await decide('supervisor', approval.id)).to.deep.equal({
      status: 409,
      message: 'Approval already approved',
    })
  })

  it('reminds both', async () => {
    await delegateTo(w, 'manager', 'supervisor')
    await askAndRoute(w)
    await w.advance('1 hour')
    expect([await toldTo(w, 'manager'), await toldTo(w, 'supervisor')]).to.deep.equal([
      ['APPROVAL_REQUIRED', 'APPROVAL_REMINDER'],
      ['APPROVAL_REQUIRED', 'APPROVAL_REMINDER'],
    ])
  })

  it('also holds for what was routed before it', async () => {
    const { approval } = await askAndRoute(w)
    expect(await decide('supervisor', approval.id)).to.include({ status: 403 })
    await delegateTo(w, 'manager', 'supervisor')
    expect(await decide('supervisor', approval.id)).to.include({ status: 'APPROVED' })
  })

  it('ends when it is taken back, and not for what was decided', async () => {
    const { id } = await delegateTo(w, 'manager', 'supervisor')
    const { approval: first } = await askAndRoute(w)
    await decide('supervisor', first.id)
    const manager = await actorOf(w, 'manager')
    for (const _ of ['once', 'twice']) await w.change((change) => revokeDelegation(change, manager, id))
    expect(await auditOf(w, { action: 'delegation_revoked' })).to.have.length(1)
    const { approval: second } = await askAndRoute(w)
    expect(await decide('supervisor', second.id)).to.include({ status: 403 })
    expect(await pendingFor('supervisor')).to.deep.equal([])
    expect(
      await getApproval(w.runtime.db, await actorOf(w, 'supervisor'), first.id, w.clock.now()),
    ).to.include({ status: 'APPROVED' })
  })

  it('ends by itself, and begins by itself', async () => {
    const { approval } = await askAndRoute(w)
    await delegateTo(w, 'manager', 'supervisor', '2 hours', '1 hour')
    const mayBe = async (): Promise<boolean> => (await pendingFor('supervisor')).length === 1
    expect(await mayBe()).to.equal(false)
    await w.advance('2 hours')
    expect(await mayBe()).to.equal(true)
    await w.advance('1 hour')
    expect(await mayBe()).to.equal(false)
    expect(await decide('supervisor', approval.id)).to.include({ status: 403 })
    const stranger = await getApproval(
      w.runtime.db,
      await actorOf(w, 'supervisor'),
      approval.id,
      w.clock.now(),
    ).catch(refused)
    expect(stranger).to.include({ status: 404 })
  })

  it('never makes people decide their own request', async () => {
    await delegateTo(w, 'manager', 'employee')
    const { approval } = await askAndRoute(w, 'employee')
    expect(await toldTo(w, 'employee')).to.deep.equal([])
    expect(await pendingFor('employee')).to.deep.equal([])
    expect(await decide('employee', approval.id)).to.include({ status: 403 })
  })

  it("does not cascade: the delegate's own delegate has no say", async () => {
    await delegateTo(w, 'manager', 'supervisor')
    await delegateTo(w, 'supervisor', 'staff')
    const { approval } = await askAndRoute(w)
    expect(await toldTo(w, 'staff')).to.deep.equal([])
    expect(await pendingFor('staff')).to.deep.equal([])
    expect(await decide('staff', approval.id)).to.include({ status: 403 })
  })

  it('gives no say in what others were asked', async () => {
    await delegateTo(w, 'director', 'supervisor')
    const { approval } = await askAndRoute(w)
    expect(await decide('supervisor', approval.id)).to.include({ status: 403 })
    expect(await toldTo(w, 'supervisor')).to.deep.equal([])
  })

  it('of the superior holds for what is escalated to them', async () => {
    await setPolicy(w, { onExpiry: 'escalate' })
    await delegateTo(w, 'director', 'supervisor')
    await ask(w)
    await w.advance('1 day')
    expect(await toldTo(w, 'supervisor')).to.deep.equal(['APPROVAL_REQUIRED'])
    const [raised = ''] = await pendingFor('supervisor')
    expect(await decide('supervisor', raised)).to.include({
      status: 'APPROVED',
      onBehalfOfId: await w.idOf('director'),
    })
  })

  it('in a circle is refused, over three corners too', async () => {
    await delegateTo(w, 'manager', 'supervisor')
    expect(await attempt('supervisor', 'manager')).to.deep.equal({
      status: 409,
      message: 'This would delegate in a circle',
    })
    await delegateTo(w, 'supervisor', 'staff')
    expect(await attempt('staff', 'manager')).to.include({ status: 409 })
    expect(await attempt('staff', 'manager', '11 days')).to.equal('made')
  })

  it('in a circle is refused also when both halves are made at the same moment', async () => {
    const [owner, admin] = [await actorOf(w, 'owner'), await actorOf(w, 'admin')]
    const [made, held] = [gate(), gate()]
    const first = w.change(async (change) => {
      await delegateApprovals(change, owner, {
        delegateId: admin.id,
        from: w.clock.now().toISOString(),
        until: '2032-01-01T00:00:00Z',
      })
      made.open()
      await held.opened
    })
    await made.opened
    const second = attempt('admin', 'owner')
    await untilItWaits(w, second)
    held.open()
    await first
    expect(await second).to.deep.equal({ status: 409, message: 'This would delegate in a circle' })
  })

  it('for a part of the same time is refused; one right after the other is not', async () => {
    await delegateTo(w, 'manager', 'supervisor', '1 day', '2 days')
    expect(await attempt('manager', 'staff', '2 days', '2 days')).to.deep.equal({
      status: 409,
      message: 'You have delegated for a part of this time already',
    })
    expect(await attempt('manager', 'staff', '3 days', '1 day')).to.equal('made')
    expect(await attempt('manager', 'staff', '0 days', '1 day')).to.equal('made')
  })

  it('takes the time of one that was taken back', async () => {
    const { id } = await delegateTo(w, 'manager', 'supervisor')
    const manager = await actorOf(w, 'manager')
    await w.change((change) => revokeDelegation(change, manager, id))
    expect(await attempt('manager', 'staff')).to.equal('made')
  })

  for (const [to, why] of [
    ['manager', 'themselves'],
    ['customer', 'a customer'],
    ['foreigner', 'somebody of another organisation'],
  ] as const) {
    it(`to ${why} is refused`, async () => expect(await attempt('manager', to)).to.include({ status: 422 }))
  }

  it('to somebody who has left is refused', async () => {
    await leave(w, 'supervisor')
    expect(await attempt('manager', 'supervisor')).to.include({ status: 422 })
  })

  it('that is over before it begins, or over already, is refused', async () => {
    const manager = await actorOf(w, 'manager')
    const delegateId = await w.idOf('supervisor')
    const at = (hours: number): string => plusMs(w.clock.now(), hours * HOUR).toISOString()
    for (const [from, until, message] of [
      [at(2), at(1), 'from must be before until'],
      [at(1), at(1), 'from must be before until'],
      [at(-2), at(0), 'until must be in the future'],
    ] as const) {
      expect(
        await w
          .change((change) => delegateApprovals(change, manager, { delegateId, from, until }))
          .catch(refused),
      ).to.deep.equal({ status: 422, message })
    }
  })

  it('is taken back by whoever gave it, and by nobody else', async () => {
    const { id } = await delegateTo(w, 'manager', 'supervisor')
    for (const name of ['supervisor', 'admin', 'foreignAdmin'] as const) {
      const actor = await actorOf(w, name)
      expect(await w.change((change) => revokeDelegation(change, actor, id)).catch(refused)).to.include({
        status: 404,
      })
    }
    expect((await w.runtime.db('delegations').first()).revokedAt).to.equal(null)
  })
})
