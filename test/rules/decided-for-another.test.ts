import { expect } from 'chai'
import { askOthers, isComplete, waitingOf } from '../../shared/approvals/decision/rules.ts'
import type { ApprovalRoute, RouteStep } from '../../shared/approvals/decision/schema.ts'

describe('whoever has decided in a step for somebody else', () => {
  const later = new Date('2031-03-10T09:00:00Z')
  const step: RouteStep = {
    ask: JSON.parse('{}'),
    state: 'open',
    need: 2,
    asked: ['an', 'bình'],
    decisions: [{ userId: 'an', byId: 'chi', decision: 'approved', at: later.toISOString() }],
    dueAt: later.toISOString(),
    isEscalated: false,
  }
  const route: ApprovalRoute = { version: 1, rule: 'xa', steps: [step] }
  const planned = (...ids: string[]): Parameters<typeof isComplete>[1] =>
    JSON.parse(JSON.stringify({ state: 'open', need: 1, asked: ids.map((id) => ({ id })) }))

  it('has no part of their own in it when others are asked', () => {
    const others = askOthers(route, ['chi', 'bình'], 3, later, false)
    expect(others && waitingOf(others)).to.deep.equal(['bình'])
    expect(others?.steps[0]?.need, 'no more than can come').to.equal(2)
  })

  it('is not waited for alone', () => {
    expect(isComplete(step, planned('chi'))).to.equal(true)
    expect(isComplete(step, planned('chi', 'bình'))).to.equal(false)
    expect(askOthers(route, ['chi'], 2, later, false)).to.equal(undefined)
  })
})
