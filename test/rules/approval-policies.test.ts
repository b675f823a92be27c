import { expect } from 'chai'
import { planRequest, type RequestQuestion } from '../../shared/approvals/plan/rules.ts'
import { isMet, problemsOf, ruleFor } from '../../shared/approvals/policy/rules.ts'
import {
  ConditionGroup,
  DEFAULT_POLICY,
  FactComparison,
  PolicyApprover,
  PolicyCondition,
  PolicyAsk,
  type ApproverRule,
  type Condition,
  type Facts,
  type PolicyRule,
  type PolicyStep,
} from '../../shared/approvals/policy/schema.ts'
import { planStep, type Candidate } from '../../shared/approvals/route/rules.ts'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { compileSchema } from '../../shared/kit/declare/schema.ts'
import { plusMs, HOUR, MINUTE } from '../../shared/kit/time/time.ts'
import type { Role } from '../../shared/organisations/roles.ts'
import { BOOKING_TYPES } from '../../shared/bookings/schema.ts'
import { FACTS } from '../../shared/approvals/policy/schema.ts'
import { POSITION_LEVELS, USER_SEGMENTS, type PositionLevel } from '../../shared/users/schema.ts'
import { choicesOf, seedOfThisRun, type Choices } from '../support/seed.ts'

const NOW = new Date('2031-03-03T09:00:00Z')
const person = (id: string, positionLevel: PositionLevel = 'STAFF', role: Role = 'EMPLOYEE'): Candidate => ({
  id,
  fullName: id,
  isActive: true,
  role,
  positionLevel,
  department: 'sales',
})
const MAI = person('mai')
const NAM = person('nam', 'MGR')
const LAN = person('lan', 'DIRECTOR')
const KY = person('ky', 'STAFF', 'STAFF')

function question(given: Partial<RequestQuestion> = {}): RequestQuestion {
  return {
    requester: MAI,
    superiors: [NAM, LAN],
    people: [LAN, NAM, KY, MAI],
    delegations: [],
    settings: {},
    calendar: { timezone: 'UTC', weekly: null, holidays: [] },
    durations: {
      APPROVAL_TTL: 24 * HOUR,
      APPROVAL_FIRST_REMINDER: HOUR,
      APPROVAL_REMINDER_EVERY: 4 * HOUR,
      APPROVAL_MAX_REMINDERS: 5,
    },
    now: NOW,
    ...given,
  }
}

const step = (approvers: ApproverRule[], more: Partial<PolicyStep> = {}): PolicyStep => ({
  approvers,
  ...more,
})
const rule = (...steps: PolicyStep[]): PolicyRule => ({ name: 'A rule', steps })
const askedIn = (planned: PolicyRule, given: Partial<RequestQuestion> = {}): string[][] =>
  planRequest(planned, question(given)).steps.map(({ asked }) => asked.map(({ id }) => id))

describe('a condition of a policy', () => {
  const facts: Facts = {
    'subject.type': 'BOOKING',
    passengerCount: 5,
    isBusinessTrip: false,
    leadTime: 2 * HOUR,
    'requester.positionLevel': 'SR_MGR',
    'requester.department': null,
  }
  const cases: readonly [boolean, Condition][] = [
    [true, { fact: 'passengerCount', equals: 5 }],
    [false, { fact: 'passengerCount', atLeast: 6 }],
    [true, { fact: 'passengerCount', atLeast: 5, atMost: 5 }],
    [true, { fact: 'passengerCount', in: [4, 5] }],
    [true, { fact: 'requester.positionLevel', atLeast: 'MGR' }],
    [false, { fact: 'requester.positionLevel', atLeast: 'DIRECTOR' }],
    [true, { fact: 'leadTime', atMost: '2h' }],
    [false, { fact: 'leadTime', atMost: '119m' }],
    [true, { fact: 'isBusinessTrip', equals: false }],
    [true, { not: { fact: 'isBusinessTrip', equals: true } }],
    [
      true,
      {
        any: [
          { fact: 'days', atLeast: 3 },
          { fact: 'passengerCount', equals: 5 },
        ],
      },
    ],
    [
      false,
      {
        all: [
          { fact: 'days', atLeast: 3 },
          { fact: 'passengerCount', equals: 5 },
        ],
      },
    ],
    [false, { fact: 'requester.department', equals: 'sales' }],
    [false, { fact: 'distanceKm', atMost: 1000 }],
  ]
  for (const [expected, condition] of cases)
    it(`${expected ? 'holds' : 'does not hold'}: ${JSON.stringify(condition)}`, () =>
      expect(isMet(condition, facts)).to.equal(expected))

  it('knows the kinds of bookings that there are', () =>
    expect(FACTS.bookingType).to.deep.equal(BOOKING_TYPES))
})

describe('the default policy', () => {
  it('is a policy that could be set', () => {
    expect(problemsOf(DEFAULT_POLICY.rules)).to.deep.equal([])
    compileSchema(PolicyAsk)({ rules: structuredClone(DEFAULT_POLICY.rules) }, '/body')
  })

  it('could have conditions three deep, and no deeper', () => {
    const days = { fact: 'days', equals: 1 }
    for (const [shape, deepest] of [
      [FactComparison, days],
      [ConditionGroup, { not: days }],
      [PolicyCondition, { all: [{ any: [days] }] }],
    ] as const) {
      const check = compileSchema(shape)
      expect(() => check(structuredClone(deepest), '/when')).not.to.throw()
      expect(() => check({ not: structuredClone(deepest) }, '/when')).to.throw(AppError)
    }
    expect(() => compileSchema(PolicyApprover)({ manager: 11 }, '/approver')).to.throw(AppError)
  })

  it('tells, asks, or does neither, as it always was', () => {
    for (const positionLevel of POSITION_LEVELS)
      for (const userSegment of [...USER_SEGMENTS, null])
        for (const isBusinessTrip of [true, false]) {
          const { name } = ruleFor(DEFAULT_POLICY.rules, {
            'requester.positionLevel': positionLevel,
            'requester.userSegment': userSegment,
            isBusinessTrip,
          })
          const isManagement = ['MGR', 'SR_MGR', 'DIRECTOR', 'VP', 'C_LEVEL'].includes(positionLevel)
          const isTold = userSegment === 'DAILY' && isBusinessTrip
          expect(name).to.equal(
            isManagement ? 'Management' : isTold ? 'Business on fixed routes' : 'The manager',
          )
        }
  })
})

describe('a policy that is set', () => {
  it('hears of everything that is wrong with it at once', () => {
    const problems = problemsOf([
      { name: 'One', when: { fact: 'passengerCount' }, steps: [step([{ manager: 1, role: 'ADMIN' }])] },
      {
        name: 'Two',
        when: {
          all: [
            { fact: 'bookingType', equals: 'FLIGHT' },
            { fact: 'days', equals: 'x' },
          ],
        },
        steps: [],
      },
      { name: 'Three', steps: [], copyTo: [{}] },
      {
        name: 'Four',
        when: { fact: 'requester.department', atLeast: 'a', not: { fact: 'days', equals: 1 } },
        steps: [],
      },
    ])
    expect(problems.map(({ path, message }) => `${path} ${message}`)).to.deep.equal([
      '/body/rules/0/when must compare: equals, in, atLeast or atMost',
      '/body/rules/0/steps/0/approvers/0 must be exactly one of manager, above, role, userIds, departmentHead',
      '/body/rules/1/when/all/0/equals must be one of SINGLE_TRIP, MULTI_STOP, BLOCK_SCHEDULE',
      '/body/rules/1/when/all/1/equals must be a number',
      '/body/rules/2/when is missing: no rule after it would ever fit',
      '/body/rules/2/copyTo/0 must be exactly one of manager, above, role, userIds, departmentHead',
      '/body/rules/3/when must be left out: the last rule fits always',
      '/body/rules/3/when must have exactly one of fact, all, any, not',
    ])
  })
})

describe('a step of a policy', () => {
  for (const [what, approvers, ids] of [
    ['the nearest manager', [{ manager: 1 }], ['nam']],
    ['the manager above that one', [{ manager: 2 }], ['lan']],
    ['the nearest manager of a level', [{ above: 'DIRECTOR' }], ['lan']],
    ['everybody of a role', [{ role: 'STAFF' }], ['ky']],
    ['people by name, the requester never', [{ userIds: ['ky', 'mai'] }], ['ky']],
    ['who stands highest in the department', [{ departmentHead: true }], ['lan']],
    ['each person once', [{ manager: 1 }, { userIds: ['nam', 'ky'] }], ['nam', 'ky']],
  ] as const satisfies readonly [string, ApproverRule[], string[]][])
    it(`asks ${what}`, () =>
      expect(askedIn(rule(step([...approvers], { need: 'all' })))[0]).to.deep.equal(ids))

  it('passes over who has left', () => {
    const gone = { ...NAM, isActive: false }
    expect(askedIn(rule(step([{ manager: 1 }])), { superiors: [gone, LAN] })).to.deep.equal([['lan']])
  })

  it('is left out when the requester covers it, or whoever has approved before', () => {
    const planned = planRequest(
      rule(
        step([{ manager: 1 }]),
        step([{ userIds: ['nam'] }]),
        step([{ userIds: ['mai', 'ky'] }]),
        step([{ above: 'STAFF' }]),
      ),
      question(),
    )
    expect(planned.steps.map(({ state }) => state)).to.deep.equal(['open', 'skipped', 'skipped', 'skipped'])
  })

  it('needs as many as it says, less those who cover it, and of too few all', () => {
    const needOf = (need: 'all' | 'any' | number, ids: string[]): number =>
      planStep(step([{ userIds: ids }], { need }), { ...question(), earlier: new Set(['lan']) }).need
    expect(needOf('any', ['nam', 'ky'])).to.equal(1)
    expect(needOf('all', ['nam', 'ky'])).to.equal(2)
    expect(needOf(2, ['nam', 'ky', 'lan'])).to.equal(1)
    expect(needOf(5, ['nam', 'ky'])).to.equal(2)
  })

  it('has its own time, hours, reminders and end', () => {
    const [planned] = planRequest(
      rule(
        step([{ manager: 1 }], {
          ttl: '15m',
          reminders: { first: '5m', every: '5m', max: 9 },
          onExpiry: 'next',
        }),
      ),
      question(),
    ).steps
    expect(planned?.expiresAt).to.deep.equal(plusMs(NOW, 15 * MINUTE))
    expect(planned?.reminders).to.deep.equal([5, 10].map((after) => plusMs(NOW, after * MINUTE)))
    expect(planned?.onExpiry).to.equal('next')
  })

  it('that can be asked of nobody leaves it to the organisation', () => {
    const planned = planRequest(rule(step([{ role: 'OWNER' }])), question())
    expect([planned.lacksApprover, planned.steps[0]?.state]).to.deep.equal([true, 'nobody'])
  })
})

describe('whatever the policy', () => {
  const seed = seedOfThisRun()

  it('nobody decides their own request, nobody is asked twice, and it is asked for no more than there are', () => {
    for (let n = 0; n < 2000; n++) {
      const choose = choicesOf(seed + n)
      const given = aQuestion(choose)
      const { steps } = planRequest(
        rule(...Array.from({ length: choose.between(1, 5) }, () => aStep(choose))),
        given,
      )
      for (const planned of steps) {
        const ids = planned.asked.map(({ id }) => id)
        const about = `SEED=${seed + n}`
        expect(new Set(ids).size, about).to.equal(ids.length)
        expect(ids, about).not.to.include(given.requester.id)
        expect(
          planned.asked.every(({ isActive, role }) => isActive && role !== 'CUSTOMER'),
          about,
        ).to.equal(true)
        if (planned.state !== 'open') continue
        expect(planned.need, about).to.be.within(1, ids.length)
        expect(
          planned.reminders.every((at) => planned.expiresAt && at < planned.expiresAt),
          about,
        ).to.equal(true)
      }
    }
  })
})

function aQuestion(choose: Choices): RequestQuestion {
  const people = Array.from({ length: 8 }, (_, n) => ({
    ...person(`p${n}`, choose.oneOf(POSITION_LEVELS), choose.oneOf(['STAFF', 'EMPLOYEE', 'CUSTOMER'])),
    isActive: choose.chance(0.8),
    department: choose.oneOf(['sales', 'finance', null]),
  }))
  return question({
    requester: choose.oneOf(people),
    superiors: people.filter(() => choose.chance(0.4)),
    people,
    settings: { approvalHours: choose.oneOf(['clock', 'open'] as const) },
    calendar: {
      timezone: 'Asia/Ho_Chi_Minh',
      weekly: [{ day: choose.between(0, 6), from: '08:00', to: '12:00' }],
      holidays: [],
    },
  })
}

function aStep(choose: Choices): PolicyStep {
  const approver = (): ApproverRule =>
    choose.oneOf<ApproverRule>([
      { manager: choose.between(1, 3) },
      { above: choose.oneOf(POSITION_LEVELS) },
      { role: choose.oneOf(['STAFF', 'EMPLOYEE'] as const) },
      { userIds: [`p${choose.between(0, 9)}`, `p${choose.between(0, 9)}`] },
      { departmentHead: true },
    ])
  return step(Array.from({ length: choose.between(1, 4) }, approver), {
    need: choose.oneOf(['all', 'any', 2, 3] as const),
    ttl: choose.oneOf(['1h', '90m', '3d']),
    hours: choose.oneOf(['clock', 'open'] as const),
  })
}
