// What is foretold of random policies, people, delegations, leavers and calendars is what the same rules then do, step after step.

import { expect } from 'chai'
import {
  approversBefore,
  askOthers,
  closeStep,
  decideStep,
  isComplete,
  newRoute,
  openStepOf,
  partOf,
  waitingIn,
} from '../../shared/approvals/decision/rules.ts'
import type { ApprovalRoute, RouteStep } from '../../shared/approvals/decision/schema.ts'
import { planNext, planRequest, type RequestQuestion } from '../../shared/approvals/plan/rules.ts'
import { planStep, type PlannedStep } from '../../shared/approvals/route/rules.ts'
import { delegateAt } from '../../shared/approvals/terms/rules.ts'
import { HOUR, plusMs } from '../../shared/kit/time/time.ts'
import { aCalendar, aQuestion, aRule } from '../support/random-policies.ts'
import { choicesOf, seedOfThisRun, type Choices } from '../support/seed.ts'

const RUNS = 2000

describe('whatever policy is set, and whoever comes and goes', function () {
  const seed = seedOfThisRun()

  for (const [title, isMoving] of [
    [
      'each step asks whom the simulation named, but for those who have approved meanwhile, until when it said',
      false,
    ],
    [
      'after people left, hours changed and time passed, it goes on as a simulation of that moment says',
      true,
    ],
  ] as const)
    it(title, () => {
      let opened = 0
      for (let run = 0; run < RUNS; run++) {
        const choose = choicesOf(seed + run)
        const history = new Rehearsal(choose, `SEED=${seed + run}`, isMoving)
        history.carryThrough()
        opened += history.opened
      }
      expect(opened, 'steps that were asked').to.be.above(RUNS)
    })
})

/** One request, from asking to its end. */
class Rehearsal {
  opened = 0
  readonly #choose: Choices
  readonly #about: string
  readonly #isMoving: boolean
  readonly #rule
  #question: RequestQuestion
  #route: ApprovalRoute

  constructor(choose: Choices, about: string, isMoving: boolean) {
    this.#choose = choose
    this.#about = about
    this.#isMoving = isMoving
    this.#question = aQuestion(choose)
    this.#rule = aRule(choose)
    this.#route = newRoute(1, this.#rule)
  }

  carryThrough(): void {
    let foretold = [...planRequest(this.#rule, this.#question).steps.entries()]
    for (;;) {
      const approved = approversBefore(this.#route)
      const before = this.#route.steps.findIndex(({ state }) => state === 'waiting')
      const next = planNext(this.#route, this.#question)
      this.#route = next.route
      const at = next.route.steps.findIndex(({ state }) => state === 'open')
      const last =
        next.state === 'nobody' ? next.route.steps.findIndex(({ state }) => state === 'waiting') : at
      if (before >= 0) this.#compare(foretold, next.planned, { before, last, approved })
      if (next.state !== 'open') return
      this.opened++
      if (!this.#decideAll()) return
      if (this.#isMoving) foretold = this.#foretellRest()
    }
  }

  /** Those in between are left out, and the last is as it was foretold. */
  #compare(
    foretold: readonly [place: number, step: PlannedStep][],
    planned: PlannedStep | undefined,
    { before, last, approved }: { before: number; last: number; approved: ReadonlySet<string> },
  ): void {
    const end = last < 0 ? this.#route.steps.length : last
    for (const [n, step] of foretold) {
      if (n < before || n > end) continue
      const asked = step.asked.map(({ id }) => id).filter((id) => !approved.has(id))
      const need = step.need - (step.asked.length - asked.length)
      const state = step.state === 'open' && need <= 0 ? 'skipped' : step.state
      const about = `${this.#about}, step ${n + 1}`
      expect(n === end ? planned?.state : 'skipped', about).to.equal(
        n === end && !planned ? undefined : state,
      )
      if (n !== end || state !== 'open' || !planned) continue
      expect(
        planned.asked.map(({ id }) => id),
        about,
      ).to.deep.equal(asked)
      expect([planned.need, planned.expiresAt, planned.reminders], about).to.deep.equal([
        need,
        step.expiresAt,
        step.reminders,
      ])
      expect(asked, about).not.to.include(this.#question.requester.id)
    }
  }

  /** Somebody who may decides, until it is enough. @returns false: nobody is left who could */
  #decideAll(): boolean {
    for (;;) {
      const step = openStepOf(this.#route)
      if (!step) return true
      expect(step.need - step.decisions.length, this.#about).to.be.within(1, waitingIn(step).length)
      if (this.#isMoving && this.#choose.chance(0.3) && !this.#leave(step)) return false
      const open = openStepOf(this.#route)
      if (open) this.#decide(open)
    }
  }

  #decide(step: RouteStep): void {
    const { delegations, requester, now, people, superiors } = this.#question
    const userId = this.#choose.oneOf(waitingIn(step))
    const own = delegations.filter(({ delegatorId }) => delegatorId === userId)
    const delegateId = this.#choose.chance(0.3) ? delegateAt(own, requester.id, now) : undefined
    const byId = delegateId ?? userId
    const { role } = [...people, ...superiors].find(({ id }) => id === byId) ?? {}
    if (!role) throw new Error(`${byId} is nobody.`)
    const part = partOf({ id: byId, role }, requester.id, step, delegations, now)
    if (part === undefined) {
      // A delegate who has decided once, or a customer: then whoever was asked does it.
      expect(byId, this.#about).to.equal(delegateId)
      return
    }
    this.#route = decideStep(this.#route, { userId: part, byId, decision: 'approved', at: now.toISOString() })
  }

  /** @returns false: nobody is left who could decide */
  #leave(step: RouteStep): boolean {
    const goneId = this.#choose.oneOf(step.asked)
    const without = <T extends { id: string; isActive: boolean }>(people: readonly T[]): T[] =>
      people.map((each) => (each.id === goneId ? { ...each, isActive: false } : each))
    const { people, superiors } = this.#question
    this.#question = { ...this.#question, people: without(people), superiors: without(superiors) }
    const planned = planStep(step.ask, { ...this.#question, earlier: approversBefore(this.#route) })
    if (isComplete(step, planned)) {
      this.#route = closeStep(this.#route, 'approved')
      return true
    }
    const asked = planned.asked.map(({ id }) => id)
    const until = planned.expiresAt ?? this.#question.now
    const others = askOthers(this.#route, asked, planned.need, until, false)
    expect(others === undefined, this.#about).to.equal(planned.state === 'nobody')
    if (!others) return false
    this.#route = others
    expect(waitingIn(openStepOf(others) ?? step), this.#about).not.to.include(goneId)
    return true
  }

  /** Of the steps that are left, in their places. */
  #foretellRest(): [place: number, step: PlannedStep][] {
    const over = this.#route.steps.filter(({ state }) => state !== 'waiting').length
    const rest = { ...this.#rule, steps: this.#rule.steps.slice(over) }
    const planned = planRequest(rest, this.#move()).steps
    return planned.map((step, n) => [n + over, step])
  }

  #move(): RequestQuestion {
    const now = plusMs(this.#question.now, this.#choose.between(0, 30) * HOUR)
    return (this.#question = { ...this.#question, now, calendar: aCalendar(this.#choose, now) })
  }
}
