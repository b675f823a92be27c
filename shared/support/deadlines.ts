// Until when a ticket is to be answered and to be solved: counted in open hours, from its priority, stopped while it is
// closed. Pure.

import { addOpenTime, openTimeBetween, type Calendar } from '../kit/time/calendar.ts'
import { MINUTE, plusMs } from '../kit/time/time.ts'
import type { Priority } from '../notifications/schema.ts'
import type { OrganisationSettings } from '../organisations/schema.ts'
import type { Ticket } from './schema.ts'

export const GOALS = ['answer', 'solution'] as const
export type Goal = (typeof GOALS)[number]

type Targets = Readonly<Record<Priority, { answerMinutes: number; solutionMinutes: number }>>

/** What is usual where people wait for a person. With nine hours a day, a low one is solved within a week and a half. */
const TARGETS: Targets = {
  urgent: { answerMinutes: 30, solutionMinutes: 4 * 60 },
  high: { answerMinutes: 60, solutionMinutes: 9 * 60 },
  medium: { answerMinutes: 4 * 60, solutionMinutes: 27 * 60 },
  low: { answerMinutes: 9 * 60, solutionMinutes: 72 * 60 },
}

/** A warning comes while a quarter of the time is left: early enough to do something, late enough to be true. */
const WARN_AFTER = 0.75

/** The clock of a ticket. Times that are null are not to come. */
export type SlaClock = Pick<
  Ticket,
  'answeredAt' | 'answerDueAt' | 'solutionDueAt' | 'answerMissedAt' | 'solutionMissedAt'
> & {
  /** Null while it stands still. */
  runningSince: Date | null
  /** What it had run before, in open time. */
  spentMs: number
  answerWarnAt: Date | null
  solutionWarnAt: Date | null
}

/** What an organisation counts by. */
export interface Hours {
  settings: OrganisationSettings
  calendar: Calendar
}

const NEVER = { answerDueAt: null, solutionDueAt: null, answerWarnAt: null, solutionWarnAt: null } as const

export function newSlaClock(priority: Priority, hours: Hours, now: Date): SlaClock {
  return started(
    {
      ...NEVER,
      runningSince: now,
      spentMs: 0,
      answeredAt: null,
      answerMissedAt: null,
      solutionMissedAt: null,
    },
    priority,
    hours,
    now,
  )
}

type Timed = SlaClock & Pick<Ticket, 'status' | 'priority'>

/** @param answeredAt when it was answered, if it was */
export function slaClockAfter(
  { status, priority, ...before }: Timed,
  after: Pick<Ticket, 'status' | 'priority'>,
  answeredAt: Date | null,
  hours: Hours,
  now: Date,
): SlaClock {
  const clock = markAnswered(before, answeredAt)
  if (after.status === 'closed') return stopped(clock, hours, now)
  if (status !== 'closed' && priority === after.priority) return clock
  return started({ ...clock, runningSince: clock.runningSince ?? now }, after.priority, hours, now)
}

export function markAnswered(clock: SlaClock, answeredAt: Date | null): SlaClock {
  return answeredAt ? { ...clock, answeredAt, answerDueAt: null, answerWarnAt: null } : clock
}

function stopped(clock: SlaClock, { calendar }: Hours, now: Date): SlaClock {
  const ran = clock.runningSince ? openTimeBetween(calendar, clock.runningSince, now) : 0
  return { ...clock, ...NEVER, runningSince: null, spentMs: clock.spentMs + ran }
}

/** A deadline that moves into the future has not been missed; one that has passed is missed without a warning. */
function started(clock: SlaClock, priority: Priority, { settings, calendar }: Hours, now: Date): SlaClock {
  const { answerMinutes, solutionMinutes } = { ...TARGETS, ...settings.ticketDeadlines }[priority]
  const since = clock.runningSince ?? now
  // Where it is not open for so long within a year, all hours count: a ticket never waits for ever.
  const after = (length: number): Date =>
    addOpenTime(calendar, since, length - clock.spentMs) ?? plusMs(since, length - clock.spentMs)
  const plan = (minutes: number, missedAt: Date | null) => {
    const dueAt = after(minutes * MINUTE)
    return dueAt <= now
      ? { dueAt, warnAt: null, missedAt }
      : { dueAt, warnAt: after(minutes * MINUTE * WARN_AFTER), missedAt: null }
  }
  const [answer, solution] = [
    plan(answerMinutes, clock.answerMissedAt),
    plan(solutionMinutes, clock.solutionMissedAt),
  ]
  return markAnswered(
    {
      ...clock,
      runningSince: since,
      answerDueAt: answer.dueAt,
      answerWarnAt: answer.warnAt,
      answerMissedAt: clock.answeredAt ? clock.answerMissedAt : answer.missedAt,
      solutionDueAt: solution.dueAt,
      solutionWarnAt: solution.warnAt,
      solutionMissedAt: solution.missedAt,
    },
    clock.answeredAt,
  )
}

/** What rings next; null: nothing. */
export function nextAlarm(clock: SlaClock): Date | null {
  const times = GOALS.flatMap((goal) => [
    clock[`${goal}WarnAt`],
    clock[`${goal}MissedAt`] ? null : clock[`${goal}DueAt`],
  ])
  return times.filter((at) => at !== null).toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null
}

export interface DeadlineAlert {
  goal: Goal
  isMissed: boolean
  dueAt: Date
}

/** What is to be told now, each once: `clock` is what it is then. After an outage one hears that it is missed, and no warning. */
export function dueAlerts(clock: SlaClock, now: Date): { rings: DeadlineAlert[]; clock: SlaClock } {
  const rings = GOALS.flatMap((goal): DeadlineAlert[] => {
    const [dueAt, warnAt, missedAt] = [
      clock[`${goal}DueAt`],
      clock[`${goal}WarnAt`],
      clock[`${goal}MissedAt`],
    ]
    if (!dueAt) return []
    if (dueAt <= now) return missedAt ? [] : [{ goal, isMissed: true, dueAt }]
    return warnAt && warnAt <= now ? [{ goal, isMissed: false, dueAt }] : []
  })
  const changes = rings.map(({ goal, isMissed }) => ({
    [`${goal}WarnAt`]: null,
    ...(isMissed && { [`${goal}MissedAt`]: now }),
  }))
  return { rings, clock: Object.assign({ ...clock }, ...changes) }
}
