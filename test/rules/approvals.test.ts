import { expect } from 'chai'
import { closesCircle, mayDecide } from '../../shared/approvals/rules.ts'
import {
  approverAmong,
  countBy,
  delegateAt,
  isActiveAt,
  reminderAfter,
  reminderTimes,
  type Durations,
} from '../../shared/approvals/terms/rules.ts'
import { planRoute, type RouteQuestion } from '../../shared/approvals/plan/rules.ts'
import { routeReason, REASON_CODES, type Delegation } from '../../shared/approvals/schema.ts'
import { sayReasons } from '../../shared/approvals/wording.ts'
import type { Calendar } from '../../shared/kit/time/calendar.ts'
import { parseDuration } from '../../shared/kit/process/config-parsers.ts'
import { plusMs } from '../../shared/kit/time/time.ts'
import type { Role } from '../../shared/organisations/roles.ts'

const NINE = new Date('2031-03-03T09:00:00Z')
const after = (length: string): Date => plusMs(NINE, parseDuration(length))
const hours = (dates: readonly Date[]): number[] =>
  dates.map((at) => (at.getTime() - NINE.getTime()) / 3_600_000)

const DAY: Durations = {
  APPROVAL_TTL: parseDuration('24h'),
  APPROVAL_FIRST_REMINDER: parseDuration('1h'),
  APPROVAL_REMINDER_EVERY: parseDuration('4h'),
  APPROVAL_MAX_REMINDERS: 5,
}

const MANAGER = { id: 'manager', fullName: 'Manager', isActive: true, role: 'EMPLOYEE' as Role }
const DIRECTOR = { id: 'director', fullName: 'Director', isActive: true, role: 'EMPLOYEE' as Role }
const gone = <T extends { isActive: boolean }>(person: T): T => ({ ...person, isActive: false })

function delegation(
  delegateId: string,
  from: Date,
  until: Date,
  revokedAt: Date | null = null,
  delegatorId = 'manager',
): Delegation {
  return {
    id: `${delegatorId} to ${delegateId}`,
    delegatorId,
    delegateId,
    fromAt: from,
    untilAt: until,
    revokedAt,
    createdAt: NINE,
  }
}

/** Monday to Friday, 09:00 to 18:00. */
const OFFICE: Calendar = {
  timezone: 'UTC',
  weekly: [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '18:00' })),
  holidays: [],
}

function plan(question: Partial<RouteQuestion> = {}) {
  const { reasons, ...planned } = planRoute({
    requesterId: 'employee',
    approvalType: 'MANAGER_APPROVAL',
    superiors: [MANAGER, DIRECTOR],
    delegations: [],
    settings: {},
    calendar: OFFICE,
    durations: DAY,
    now: NINE,
    ...question,
  })
  return { ...planned, reasons: sayReasons(reasons, 'en') }
}

describe('reminders', () => {
  const cases: readonly [string, Partial<Durations>, string, number[]][] = [
    ['after an hour, then every four, five in all', {}, '24h', [1, 5, 9, 13, 17]],
    ['none at the deadline itself', {}, '5h', [1]],
    ['and one a moment before it', {}, '18000001ms', [1, 5]],
    ['none when the deadline comes first', {}, '1h', []],
    ['none when none is wanted', { APPROVAL_MAX_REMINDERS: 0 }, '24h', []],
    ['fewer when fewer are wanted', { APPROVAL_MAX_REMINDERS: 2 }, '24h', [1, 5]],
    [
      'in seconds, for a demonstration',
      { APPROVAL_FIRST_REMINDER: 3_600, APPROVAL_REMINDER_EVERY: 3_600, APPROVAL_MAX_REMINDERS: 3 },
      '24h',
      [0.001, 0.002, 0.003],
    ],
  ]
  for (const [what, durations, ttl, expected] of cases) {
    it(`come ${what}`, () =>
      expect(hours(reminderTimes(NINE, after(ttl), { ...DAY, ...durations }, plusMs))).to.deep.equal(
        expected,
      ))
  }

  it('follow the one that was sent, so that an outage of ten hours brings one at once and not three', () => {
    const late = reminderAfter({ reminderCount: 1, expiresAt: after('24h') }, after('11h'), DAY, plusMs)
    expect(late).to.deep.equal(after('15h'))
  })

  it('end with the fifth, with the deadline, and without one', () => {
    expect(
      reminderAfter({ reminderCount: 4, expiresAt: after('24h') }, after('13h'), DAY, plusMs),
    ).to.deep.equal(after('17h'))
    expect(reminderAfter({ reminderCount: 5, expiresAt: after('24h') }, after('13h'), DAY, plusMs)).to.equal(
      null,
    )
    expect(reminderAfter({ reminderCount: 1, expiresAt: after('24h') }, after('20h'), DAY, plusMs)).to.equal(
      null,
    )
    expect(reminderAfter({ reminderCount: 1, expiresAt: null }, after('1h'), DAY, plusMs)).to.equal(null)
  })

  it('are, one after the other, the ones that were announced', () => {
    const announced = reminderTimes(NINE, after('24h'), DAY, plusMs)
    for (const [at, sent] of announced.entries()) {
      expect(
        reminderAfter({ reminderCount: at + 1, expiresAt: after('24h') }, sent, DAY, plusMs),
      ).to.deep.equal(announced[at + 1] ?? null)
    }
  })
})

describe('open hours', () => {
  const FRIDAY = new Date('2031-03-07T16:00Z')
  const inOpenHours = (calendar: Calendar, now = FRIDAY) =>
    plan({ settings: { approvalHours: 'open' }, calendar, now })

  it('count while the office is open: from Friday at four, 24 hours end on Wednesday at one', () => {
    const { reminders, expiresAt, reasons } = inOpenHours(OFFICE)
    expect(reminders).to.deep.equal(
      ['07T17:00', '10T12:00', '10T16:00', '11T11:00', '11T15:00'].map(
        (time) => new Date(`2031-03-${time}Z`),
      ),
    )
    expect(expiresAt).to.deep.equal(new Date('2031-03-12T13:00Z'))
    expect(reasons).to.include(
      'Reminders and the deadline are counted in hours in which the organisation is open.',
    )
  })

  it('are, one after the other, the ones that were announced', () => {
    const { reminders, expiresAt } = inOpenHours(OFFICE)
    for (const [at, sent] of reminders.entries()) {
      expect(
        reminderAfter(
          { reminderCount: at + 1, expiresAt },
          sent,
          DAY,
          countBy({ approvalHours: 'open' }, OFFICE),
        ),
      ).to.deep.equal(reminders[at + 1] ?? null)
    }
  })

  it('are all hours where the organisation is always open', () =>
    expect(inOpenHours({ ...OFFICE, weekly: null }).expiresAt).to.deep.equal(
      plusMs(FRIDAY, parseDuration('24h')),
    ))

  it('are all hours where it never opens, so that no request waits for ever', () => {
    const { reminders, expiresAt } = inOpenHours({ ...OFFICE, weekly: [] })
    expect({ reminders, expiresAt }).to.deep.equal({
      reminders: plan({ now: FRIDAY }).reminders,
      expiresAt: plusMs(FRIDAY, parseDuration('24h')),
    })
  })

  it('are counted only when the organisation says so', () =>
    expect(plan({ now: FRIDAY, settings: { approvalHours: 'clock' } })).to.deep.equal(plan({ now: FRIDAY })))
})

describe('who is asked', () => {
  const cases: readonly [string, (typeof MANAGER)[], string | undefined][] = [
    ['the nearest manager', [MANAGER, DIRECTOR], 'manager'],
    ['the next one up when the nearest has left', [gone(MANAGER), DIRECTOR], 'director'],
    ['nobody when all have left', [gone(MANAGER), gone(DIRECTOR)], undefined],
    ['nobody when there is none', [], undefined],
    [
      'the next one up when the nearest became a customer',
      [{ ...MANAGER, role: 'CUSTOMER' }, DIRECTOR],
      'director',
    ],
    [
      'the next one up when the nearest is the requester',
      [{ ...MANAGER, id: 'employee' }, DIRECTOR],
      'director',
    ],
  ]
  for (const [who, superiors, expected] of cases) {
    it(`is ${who}`, () => {
      expect(approverAmong(superiors, 'employee')?.id).to.equal(expected)
      expect(plan({ superiors }).approverId).to.equal(expected ?? null)
    })
  }

  it('is told with the reason, whoever was passed over included', () => {
    expect(plan({ superiors: [{ ...MANAGER, role: 'CUSTOMER' }, DIRECTOR] }).reasons[0]).to.equal(
      'Manager is a customer and is passed over.',
    )
    expect(plan({ superiors: [gone(MANAGER), DIRECTOR] }).reasons.slice(0, 2)).to.deep.equal([
      'Manager is not active and is passed over.',
      'Director is the nearest active manager.',
    ])
  })
})

describe('the plan of a route', () => {
  for (const [onExpiry, becomes] of [
    ['approve', 'is approved'],
    ['cancel', 'is cancelled'],
    ['escalate', 'goes to the next manager'],
  ] as const) {
    it(`names the policy at the deadline: ${onExpiry}`, () => {
      const planned = plan({ settings: { onExpiry } })
      expect(planned).to.deep.include({
        approverId: 'manager',
        delegateId: null,
        onExpiry,
        expiresAt: after('24h'),
      })
      expect(hours(planned.reminders)).to.deep.equal([1, 5, 9, 13, 17])
      expect(planned.reasons.at(-1)).to.equal(`If nobody has decided by the deadline, it ${becomes}.`)
    })
  }

  it('lets the booking pass at the deadline unless the organisation says otherwise', () =>
    expect(plan().onExpiry).to.equal('approve'))

  for (const [noApprover, becomes] of [
    ['auto_approve', 'approved'],
    ['refuse', 'not taken'],
  ] as const) {
    it(`has no deadline and no reminder without an approver, and names the policy: ${noApprover}`, () => {
      const planned = plan({ superiors: [], settings: { noApprover } })
      expect(planned).to.deep.include({
        approverId: null,
        delegateId: null,
        reminders: [],
        expiresAt: null,
        onExpiry: null,
      })
      expect(planned.reasons).to.deep.equal([
        'There is no active manager above the requester.',
        `By the policy of the organisation it is ${becomes} then.`,
      ])
    })
  }

  it('approves without a manager unless the organisation says otherwise', () => {
    expect(plan({ superiors: [] }).reasons.at(-1)).to.equal(
      'By the policy of the organisation it is approved then.',
    )
  })

  it('only informs the manager on fixed routes: no deadline, no reminder, no delegate', () => {
    const planned = plan({ approvalType: 'CC_ONLY', delegations: [delegation('deputy', NINE, after('1h'))] })
    expect(planned).to.deep.include({
      approverId: 'manager',
      delegateId: null,
      reminders: [],
      expiresAt: null,
      onExpiry: null,
    })
  })

  it('names the delegate of that moment', () => {
    expect(plan({ delegations: [delegation('deputy', NINE, after('1h'))] }).delegateId).to.equal('deputy')
    expect(
      plan({ delegations: [delegation('deputy', NINE, after('1h'))], now: after('1h') }).delegateId,
    ).to.equal(null)
  })

  it('says why the requester is not the delegate of their own request', () => {
    const planned = plan({ delegations: [delegation('employee', NINE, after('1h'))] })
    expect(planned.delegateId).to.equal(null)
    expect(planned.reasons).to.include(
      'The manager has delegated to the requester, who never decides their own request.',
    )
  })
})

describe('a delegation', () => {
  const borders: readonly [string, Date, boolean][] = [
    ['a moment before it begins', plusMs(NINE, -1), false],
    ['when it begins', NINE, true],
    ['a moment before it ends', plusMs(after('1h'), -1), true],
    ['when it ends', after('1h'), false],
  ]
  for (const [when, at, holds] of borders) {
    it(`${holds ? 'holds' : 'does not hold'} ${when}`, () =>
      expect(isActiveAt({ fromAt: NINE, untilAt: after('1h'), revokedAt: null }, at)).to.equal(holds))
  }

  it('ends at the moment it is taken back', () => {
    const revoked = { fromAt: NINE, untilAt: after('1h'), revokedAt: after('30m') }
    expect([plusMs(after('30m'), -1), after('30m')].map((at) => isActiveAt(revoked, at))).to.deep.equal([
      true,
      false,
    ])
  })

  it('leaves no moment of two delegates when one follows another', () => {
    const both = [delegation('first', NINE, after('1h')), delegation('second', after('1h'), after('2h'))]
    expect(
      [plusMs(after('1h'), -1), after('1h')].map((at) => delegateAt(both, 'employee', at)),
    ).to.deep.equal(['first', 'second'])
  })

  it('never makes the requester their own judge', () => {
    const own = [delegation('employee', NINE, after('1h'))]
    expect(delegateAt(own, 'employee', NINE)).to.equal(undefined)
    expect(delegateAt(own, 'sic', NINE)).to.equal('employee')
  })

  const circles: readonly [string, [string, string], [string, string][], boolean][] = [
    ['to and fro', ['a', 'b'], [['b', 'a']], true],
    [
      'around three corners',
      ['a', 'b'],
      [
        ['b', 'c'],
        ['c', 'a'],
      ],
      true,
    ],
    ['to oneself', ['a', 'a'], [], true],
    ['a chain, which is none', ['a', 'b'], [['b', 'c']], false],
    [
      'past a circle of others',
      ['a', 'b'],
      [
        ['b', 'c'],
        ['c', 'b'],
      ],
      false,
    ],
  ]
  for (const [what, [from, to], others, isCircle] of circles) {
    it(`${isCircle ? 'would' : 'would not'} close a circle: ${what}`, () => {
      expect(
        closesCircle(
          from,
          to,
          others.map(([delegatorId, delegateId]) => ({ delegatorId, delegateId })),
        ),
      ).to.equal(isCircle)
    })
  }
})

describe('who may decide', () => {
  const approval = { approverId: 'manager', requesterId: 'employee' }
  const away = [
    delegation('deputy', NINE, after('1h')),
    delegation('third', NINE, after('1h'), null, 'deputy'),
  ]
  const cases: readonly [string, string, Delegation[], Date, boolean][] = [
    ['the approver', 'manager', [], NINE, true],
    ['the approver also while they have delegated', 'manager', away, NINE, true],
    ['the delegate while it holds', 'deputy', away, NINE, true],
    ['the delegate once it is over', 'deputy', away, after('1h'), false],
    ['an admin', 'admin', away, NINE, false],
    ['the requester', 'employee', [], NINE, false],
    [
      'the requester whom the approver made their delegate',
      'employee',
      [delegation('employee', NINE, after('1h'))],
      NINE,
      false,
    ],
  ]
  for (const [who, actor, delegations, at, may] of cases) {
    it(`${may ? 'yes' : 'no'}: ${who}`, () =>
      expect(mayDecide({ id: actor, role: 'EMPLOYEE' }, approval, delegations, at)).to.equal(may))
  }

  it('no: the approver who has become a customer or a guest', () => {
    for (const role of ['CUSTOMER', 'GUEST'] as const)
      expect(mayDecide({ id: 'manager', role }, approval, [], NINE)).to.equal(false)
  })

  it('no: the requester, even when they were asked themselves', () => {
    expect(
      mayDecide(
        { id: 'employee', role: 'EMPLOYEE' },
        { approverId: 'employee', requesterId: 'employee' },
        [],
        NINE,
      ),
    ).to.equal(false)
  })

  it('no: the delegate of the delegate, as Bellhop only asks for what the approver delegated', () => {
    expect(
      mayDecide(
        { id: 'third', role: 'EMPLOYEE' },
        approval,
        away.filter((each) => each.delegatorId === approval.approverId),
        NINE,
      ),
    ).to.equal(false)
  })
})

describe('the reasons of a route', () => {
  for (const code of REASON_CODES) {
    it(`are said in every language: ${code}`, () => {
      const said = (['vi', 'en'] as const).flatMap((locale) =>
        sayReasons(
          [
            routeReason(code, {
              name: 'Mai',
              role: 'GUEST',
              level: 'MGR',
              policy: 'escalate',
              by: 'head',
              need: '2',
              count: '3',
            }),
          ],
          locale,
        ),
      )
      for (const sentence of said)
        expect(sentence)
          .to.match(/^\p{Lu}.*\.$/u)
          .and.not.match(/[{}]/)
      expect(said[0]).to.not.equal(said[1])
    })
  }
})
