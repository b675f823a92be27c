// What is foretold of random policies, people, delegations, leavers and calendars is what the workers then do. The rules alone are
// rehearsed thousands of times in test/rules/approval-policies-random.test.ts.

import { expect } from 'chai'
import { setApprovalPolicy } from '../../shared/approvals/actions/policy.ts'
import { decideApproval } from '../../shared/approvals/actions/decide.ts'
import { approversBefore, waitingIn } from '../../shared/approvals/decision/rules.ts'
import type { ApprovalRoute } from '../../shared/approvals/decision/schema.ts'
import { simulateRequest } from '../../shared/bookings/actions/request.ts'
import type { SimulatedRoute } from '../../shared/bookings/schema.ts'
import { changePerson } from '../../shared/people/actions/change.ts'
import { TRIP, type Name } from '../support/people.ts'
import { aCalendar, aRule } from '../support/random-policies.ts'
import { choicesOf, seedOfThisRun, type Choices } from '../support/seed.ts'
import { actorOf, approvalsOf, ask, bookingOf, delegateTo } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const NAMES = ['manager', 'director', 'owner', 'supervisor', 'staff', 'driver', 'employee'] as const
const RUNS = 40

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

  async function setWorld(choose: Choices): Promise<void> {
    const { weekly, holidays, timezone } = aCalendar(choose, w.clock.now())
    await w.runtime
      .db('organisations')
      .where({ slug: 'demo' })
      .update({
        timezone,
        weeklyHours: weekly && JSON.stringify(weekly),
        holidays: JSON.stringify(holidays),
        calendarVersion: choose.between(2, 1e9),
      })
    await w.runtime
      .db('users')
      .whereIn('id', [...ids.values()])
      .update({ isActive: true })
    const admin = await actorOf(w, 'admin')
    const rule = aRule(choose, [...ids.values()])
    await w.change((change) => setApprovalPolicy(change, admin, { rules: [rule] }))
  }

  const openOf = (route: ApprovalRoute | null | undefined) =>
    route?.steps.find(({ state }) => state === 'open')

  /** Whoever is asked approves at once. @param leaves whom it waits for may leave instead */
  async function carryThrough(
    bookingId: string,
    foretold: SimulatedRoute['steps'],
    choose: Choices,
    { leaves, about }: { leaves: boolean; about: string },
  ): Promise<void> {
    for (let last = -1; ;) {
      await w.settle()
      const [approval] = await approvalsOf(w, bookingId)
      const step = openOf(approval?.route)
      if (!approval?.route || approval.status !== 'PENDING' || !step) return
      const at = approval.route.steps.indexOf(step)
      if (!leaves && at !== last) mustBeAsForetold(approval.route, at, foretold[at], about)
      last = at
      const name = NAMES.find((each) => ids.get(each) === choose.oneOf(waitingIn(step)))
      if (name) await decideOrLeave(name, approval.id, leaves && choose.chance(0.4))
    }
  }

  async function decideOrLeave(name: Name, approvalId: string, isLeaving: boolean): Promise<void> {
    const actor = await actorOf(w, name)
    if (!isLeaving)
      return void (await w.change((change) =>
        decideApproval(change, actor, approvalId, { decision: 'approve' }),
      ))
    const admin = await actorOf(w, 'admin')
    await w.change((change) => changePerson(change, admin, actor.id, { isActive: false }))
    await w.settle()
    const { route, status } = await w.runtime.db('approvals').where({ id: approvalId }).first()
    const step = openOf(route)
    if (status === 'PENDING' && step) expect(waitingIn(step)).not.to.include(actor.id)
  }

  /** But for those who have approved before where it could not be known who would. */
  function mustBeAsForetold(
    route: ApprovalRoute,
    at: number,
    foretold: SimulatedRoute['steps'][number] | undefined,
    about: string,
  ): void {
    const approved = approversBefore(route)
    const asked = foretold?.asked.map(({ id }) => id).filter((id) => !approved.has(id))
    const { steps } = route
    expect([steps[at]?.asked, steps[at]?.dueAt], `${about}, step ${at + 1}`).to.deep.equal([
      asked,
      foretold?.expiresAt?.toISOString(),
    ])
  }

  for (const [title, leaves] of [
    ['asks those whom the simulation names, step by step, until when it says', false],
    ['waits for nobody who has left, and comes to an end', true],
  ] as const)
    it(title, async () => {
      const employee = await actorOf(w, 'employee')
      for (let run = 0; run < RUNS; run++) {
        const about = `SEED=${seed + run}`
        const choose = choicesOf(seed + run)
        await setWorld(choose)
        const foretold = await w.change((change) => simulateRequest(change, employee, { ...TRIP }))
        const booking = await ask(w)
        expect([booking.approvalType, booking.status], about).to.deep.equal([
          foretold.approvalType,
          foretold.status,
        ])
        await carryThrough(booking.id, foretold.steps, choose, { leaves, about })
        expect((await bookingOf(w, booking.id)).status, about).to.equal('PENDING')
      }
    })
})
