// What is foretold of random policies, people and delegations is what the workers then do.

import { expect } from 'chai'
import { setApprovalPolicy } from '../../shared/approvals/actions/policy.ts'
import type { ApproverRule, PolicyStep } from '../../shared/approvals/policy/schema.ts'
import { decideApproval } from '../../shared/approvals/actions/decide.ts'
import { simulateRequest } from '../../shared/bookings/actions/request.ts'
import { POSITION_LEVELS } from '../../shared/users/schema.ts'
import { TRIP, type Name } from '../support/people.ts'
import { choicesOf, seedOfThisRun, type Choices } from '../support/seed.ts'
import { actorOf, approvalsOf, ask, bookingOf, delegateTo } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const NAMES = ['manager', 'director', 'owner', 'supervisor', 'staff', 'driver', 'employee'] as const
const RUNS = 30

describe('whatever policy is set', function () {
  this.timeout(240_000)
  let w: World
  const ids = new Map<Name, string>()
  const seed = seedOfThisRun()
  before(async () => {
    w = await aWorld({ with: ['workers'] })
    for (const name of NAMES) ids.set(name, await w.idOf(name))
    await delegateTo(w, 'owner', 'staff')
    await delegateTo(w, 'supervisor', 'driver')
  })
  after(() => w.end())

  function aStep(choose: Choices): PolicyStep {
    const approver = (): ApproverRule =>
      choose.oneOf<ApproverRule>([
        { manager: choose.between(1, 3) },
        { above: choose.oneOf(POSITION_LEVELS) },
        { role: choose.oneOf(['OWNER', 'SUPERVISOR', 'STAFF'] as const) },
        { userIds: [ids.get(choose.oneOf(NAMES)) ?? ''] },
        { departmentHead: true },
      ])
    return {
      approvers: Array.from({ length: choose.between(1, 3) }, approver),
      need: 'all',
      ttl: choose.oneOf(['2h', '1d']),
      hours: choose.oneOf(['clock', 'open'] as const),
      reminders: { first: '20m', every: '1h', max: choose.between(0, 4) },
    }
  }

  /** Everybody who is asked approves at once. @returns who was asked step by step, and until when */
  async function carryThrough(bookingId: string): Promise<{ asked: string[]; dueAt: string | null }[]> {
    for (;;) {
      await w.settle()
      const [approval] = await approvalsOf(w, bookingId)
      const step = approval?.route?.steps.find(({ state }) => state === 'open')
      if (!approval || approval.status !== 'PENDING' || !step)
        return (approval?.route?.steps ?? []).map(({ asked, dueAt }) => ({ asked, dueAt }))
      for (const userId of step.asked) {
        const name = NAMES.find((each) => ids.get(each) === userId)
        if (!name) throw new Error(`${userId} is nobody of this story.`)
        const actor = await actorOf(w, name)
        await w.change((change) => decideApproval(change, actor, approval.id, { decision: 'approve' }))
      }
    }
  }

  it('asks those whom the simulation names, step by step, until when it says', async () => {
    const admin = await actorOf(w, 'admin')
    const employee = await actorOf(w, 'employee')
    for (let run = 0; run < RUNS; run++) {
      const choose = choicesOf(seed + run)
      const steps = Array.from({ length: choose.between(1, 4) }, () => aStep(choose))
      await w.change((change) => setApprovalPolicy(change, admin, { rules: [{ name: 'Thử', steps }] }))
      const foretold = await w.change((change) => simulateRequest(change, employee, { ...TRIP }))
      const booking = await ask(w)
      expect([booking.approvalType, booking.status], `SEED=${seed + run}`).to.deep.equal([
        foretold.approvalType,
        foretold.status,
      ])
      const actual = await carryThrough(booking.id)
      const reached = foretold.steps.findIndex(({ state }) => state === 'nobody')
      const planned = reached < 0 ? foretold.steps : foretold.steps.slice(0, reached)
      expect(actual.slice(0, actual.length === 0 ? 0 : planned.length), `SEED=${seed + run}`).to.deep.equal(
        actual.length === 0
          ? []
          : planned.map(({ asked, expiresAt }) => ({
              asked: asked.map(({ id }) => id),
              dueAt: expiresAt?.toISOString() ?? null,
            })),
      )
      expect((await bookingOf(w, booking.id)).status, `SEED=${seed + run}`).to.equal('PENDING')
    }
  })
})
