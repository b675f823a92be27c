// Policies, people, delegations and calendars that a seed makes.

import type { RequestQuestion } from '../../shared/approvals/plan/rules.ts'
import type { ApproverRule, PolicyRule, PolicyStep } from '../../shared/approvals/policy/schema.ts'
import type { Candidate } from '../../shared/approvals/route/rules.ts'
import type { Delegation } from '../../shared/approvals/schema.ts'
import type { Calendar } from '../../shared/kit/time/calendar.ts'
import { DAY, HOUR, plusMs } from '../../shared/kit/time/time.ts'
import { POSITION_LEVELS } from '../../shared/users/schema.ts'
import type { Choices } from './seed.ts'

const PEOPLE = 8
const SLOTS = [
  { from: '08:00', to: '12:00' },
  { from: '13:30', to: '17:00' },
  { from: '22:00', to: '02:00' },
  { from: '00:00', to: '00:00' },
]

function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n))
}

export function aQuestion(choose: Choices): RequestQuestion {
  const now = new Date(Date.UTC(2031, choose.between(0, 11), choose.between(1, 28), choose.between(0, 23)))
  const people = times(PEOPLE, (n) => aPerson(choose, n)).toSorted(
    (a, b) => rankOf(b) - rankOf(a) || a.id.localeCompare(b.id),
  )
  const [requester, ...others] = people.toSorted(() => choose.between(-1, 1))
  if (!requester) throw new Error('There is nobody.')
  return {
    requester: { ...requester, isActive: true } as Candidate,
    superiors: others.filter(() => choose.chance(0.5)),
    people,
    delegations: times(choose.between(0, 5), (n) => aDelegation(choose, people, now, n)),
    settings: {
      approvalHours: choose.oneOf(['clock', 'open'] as const),
      onExpiry: choose.oneOf(['approve', 'cancel', 'escalate'] as const),
    },
    calendar: aCalendar(choose, now),
    durations: {
      APPROVAL_TTL: 24 * HOUR,
      APPROVAL_FIRST_REMINDER: HOUR,
      APPROVAL_REMINDER_EVERY: 4 * HOUR,
      APPROVAL_MAX_REMINDERS: 5,
    },
    now,
  }
}

const rankOf = ({ positionLevel = 'STAFF' }: Candidate): number => POSITION_LEVELS.indexOf(positionLevel)

function aPerson(choose: Choices, n: number): Candidate {
  return {
    id: `p${n}`,
    fullName: `Person ${n}`,
    isActive: choose.chance(0.85),
    role: choose.oneOf(['OWNER', 'SUPERVISOR', 'STAFF', 'EMPLOYEE', 'CUSTOMER'] as const),
    positionLevel: choose.oneOf(POSITION_LEVELS),
    department: choose.oneOf(['sales', 'finance', null]),
  }
}

function aDelegation(choose: Choices, people: readonly Candidate[], now: Date, n: number): Delegation {
  const able = people.filter(({ isActive, role }) => isActive && role !== 'CUSTOMER')
  const fromAt = plusMs(now, choose.between(-48, 24) * HOUR)
  return {
    id: `d${n}`,
    delegatorId: choose.oneOf(people).id,
    delegateId: choose.oneOf(able.length > 0 ? able : people).id,
    fromAt,
    untilAt: plusMs(fromAt, choose.between(1, 72) * HOUR),
    revokedAt: null,
    createdAt: fromAt,
  }
}

export function aCalendar(choose: Choices, now: Date): Calendar {
  const slotsOn = () => SLOTS.filter(() => choose.chance(0.4))
  return {
    timezone: choose.oneOf(['Asia/Ho_Chi_Minh', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia']),
    weekly: choose.chance(0.1)
      ? null
      : times(7, (day) => day).flatMap((day) => slotsOn().map((slot) => ({ day, ...slot }))),
    holidays: times(choose.between(0, 4), (n) => ({
      date: plusMs(now, (n + choose.between(0, 3)) * DAY)
        .toISOString()
        .slice(0, 10),
      ...(choose.chance(0.5) && { slots: slotsOn() }),
    })),
  }
}

/** @param ids of whom it may name */
export function aRule(choose: Choices, ids = times(PEOPLE + 2, (n) => `p${n}`)): PolicyRule {
  return { name: 'Random', steps: times(choose.between(1, 5), () => aStep(choose, ids)) }
}

export function aStep(choose: Choices, ids: readonly string[]): PolicyStep {
  const some = (): string[] => [...new Set(times(choose.between(1, 4), () => choose.oneOf(ids)))]
  const approver = (): ApproverRule =>
    choose.oneOf<ApproverRule>([
      { manager: choose.between(1, 3) },
      { above: choose.oneOf(POSITION_LEVELS) },
      { role: choose.oneOf(['OWNER', 'SUPERVISOR', 'STAFF'] as const) },
      { userIds: some() },
      { departmentHead: true },
    ])
  return {
    approvers: times(choose.between(1, 3), approver),
    need: choose.oneOf(['all', 'any', 1, 2, 3] as const),
    ttl: choose.oneOf(['15m', '2h', '1d', '3d']),
    hours: choose.oneOf(['clock', 'open'] as const),
    reminders: { first: '20m', every: choose.oneOf(['30m', '5h']), max: choose.between(0, 6) },
  }
}
