import { expect } from 'chai'
import type { Calendar } from '../../shared/kit/time/calendar.ts'
import { HOUR, MINUTE, plusMs } from '../../shared/kit/time/time.ts'
import {
  markAnswered,
  slaClockAfter,
  newSlaClock,
  nextAlarm,
  dueAlerts,
  type SlaClock,
} from '../../shared/support/deadlines.ts'
import type { Ticket } from '../../shared/support/schema.ts'

const ALWAYS: Calendar = { timezone: 'Asia/Ho_Chi_Minh', weekly: null, holidays: [] }
/** Monday to Friday, 9 to 18. */
const OFFICE: Calendar = {
  ...ALWAYS,
  weekly: [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '18:00' })),
}
const settings = {
  ticketDeadlines: {
    medium: { answerMinutes: 60, solutionMinutes: 240 },
    urgent: { answerMinutes: 20, solutionMinutes: 60 },
  },
}
const round = { settings, calendar: ALWAYS }
const office = { settings, calendar: OFFICE }

/** In the zone of the calendars. */
const at = (day: string, time: string): Date => new Date(`2031-03-${day}T${time}:00+07:00`)
const MONDAY = at('03', '09:00')
const OPEN = { status: 'open', priority: 'medium' } as const
type Fields = Pick<Ticket, 'status' | 'priority'>

describe('the deadlines of a ticket', () => {
  const cases: readonly [string, Calendar, Date, Date, Date][] = [
    ['count from its opening', ALWAYS, at('03', '11:00'), at('03', '12:00'), at('03', '15:00')],
    [
      'count open hours: the evening does not count',
      OFFICE,
      at('03', '17:30'),
      at('04', '09:30'),
      at('04', '12:30'),
    ],
    ['over the weekend', OFFICE, at('07', '17:30'), at('10', '09:30'), at('10', '12:30')],
    [
      'from the next opening, when it comes at night',
      OFFICE,
      at('04', '02:00'),
      at('04', '10:00'),
      at('04', '13:00'),
    ],
    [
      'leave holidays out',
      { ...OFFICE, holidays: [{ date: '2031-03-04' }] },
      at('03', '17:30'),
      at('05', '09:30'),
      at('05', '12:30'),
    ],
    [
      'count all hours where it never opens',
      { ...OFFICE, weekly: [] },
      at('03', '11:00'),
      at('03', '12:00'),
      at('03', '15:00'),
    ],
  ]
  for (const [name, calendar, opened, answerDueAt, solutionDueAt] of cases) {
    it(name, () =>
      expect(newSlaClock('medium', { settings, calendar }, opened)).to.deep.include({
        answerDueAt,
        solutionDueAt,
        runningSince: opened,
        spentMs: 0,
      }),
    )
  }

  it('are warned of while a quarter of the time is left', () => {
    expect(newSlaClock('medium', round, MONDAY)).to.deep.include({
      answerWarnAt: plusMs(MONDAY, 45 * MINUTE),
      solutionWarnAt: plusMs(MONDAY, 3 * HOUR),
    })
    expect(newSlaClock('medium', office, at('03', '17:30')).answerWarnAt).to.deep.equal(at('04', '09:15'))
  })

  it('come sooner the more it presses, also where the organisation says nothing', () => {
    const hours = { settings: {}, calendar: ALWAYS }
    const dues = (['urgent', 'high', 'medium', 'low'] as const).map((priority) =>
      newSlaClock(priority, hours, MONDAY),
    )
    for (const due of ['answerDueAt', 'solutionDueAt'] as const)
      expect(dues.map((clock) => clock[due])).to.deep.equal(
        dues.map((clock) => clock[due]).toSorted((a, b) => Number(a) - Number(b)),
      )
    expect(newSlaClock('low', round, MONDAY)).to.deep.equal(newSlaClock('low', hours, MONDAY))
  })
})

describe('the clock of a ticket', () => {
  const after = (
    clock: SlaClock,
    before: Fields,
    now: Fields,
    time: Date,
    hours = round,
    answeredAt: Date | null = null,
  ): SlaClock => slaClockAfter({ ...before, ...clock }, now, answeredAt, hours, time)
  const CLOSED = { ...OPEN, status: 'closed' } as const

  it('stands still while it is closed, and goes on where it stopped', () => {
    const closed = after(
      newSlaClock('medium', round, MONDAY),
      OPEN,
      CLOSED,
      plusMs(MONDAY, HOUR),
      round,
      plusMs(MONDAY, HOUR),
    )
    expect(closed).to.deep.include({
      runningSince: null,
      spentMs: HOUR,
      solutionDueAt: null,
      solutionWarnAt: null,
      answerDueAt: null,
    })
    expect(nextAlarm(closed)).to.equal(null)
    const reopened = after(closed, CLOSED, OPEN, plusMs(MONDAY, 10 * HOUR), round, closed.answeredAt)
    expect(reopened).to.deep.include({ solutionDueAt: plusMs(MONDAY, 13 * HOUR), answerDueAt: null })
  })

  it('counts what it ran in open hours', () => {
    const closed = after(
      newSlaClock('medium', office, at('03', '17:00')),
      OPEN,
      CLOSED,
      at('04', '10:00'),
      office,
    )
    expect(closed.spentMs).to.equal(2 * HOUR)
    expect(after(closed, CLOSED, OPEN, at('07', '17:00'), office).solutionDueAt).to.deep.equal(
      at('10', '10:00'),
    )
  })

  it('closed for good and changed once more, does not count twice', () => {
    const closed = after(newSlaClock('medium', round, MONDAY), OPEN, CLOSED, plusMs(MONDAY, HOUR))
    expect(after(closed, CLOSED, CLOSED, plusMs(MONDAY, 5 * HOUR))).to.deep.equal(closed)
  })

  it('with another priority has other deadlines, counted from its beginning, and warns anew', () => {
    const clock = { ...newSlaClock('medium', round, MONDAY), solutionWarnAt: null }
    expect(after(clock, OPEN, { ...OPEN, priority: 'urgent' }, plusMs(MONDAY, 30 * MINUTE))).to.deep.include({
      answerDueAt: plusMs(MONDAY, 20 * MINUTE),
      answerWarnAt: null,
      solutionDueAt: plusMs(MONDAY, HOUR),
      solutionWarnAt: plusMs(MONDAY, 45 * MINUTE),
    })
  })

  it('does not move when something else changes, not even a warning that was given', () => {
    const clock = { ...newSlaClock('medium', round, MONDAY), answerWarnAt: null }
    expect(after(clock, OPEN, { ...OPEN, status: 'in_progress' }, plusMs(MONDAY, 50 * MINUTE))).to.deep.equal(
      clock,
    )
  })

  it('that missed its deadline has not, once that lies ahead again', () => {
    const missed = { ...newSlaClock('urgent', round, MONDAY), solutionMissedAt: plusMs(MONDAY, HOUR) }
    expect(
      after(missed, { ...OPEN, priority: 'urgent' }, OPEN, plusMs(MONDAY, 2 * HOUR)).solutionMissedAt,
    ).to.equal(null)
    expect(
      after(missed, { ...OPEN, priority: 'urgent' }, OPEN, plusMs(MONDAY, 5 * HOUR)).solutionMissedAt,
    ).to.deep.equal(missed.solutionMissedAt)
  })

  it('once it was answered, has only the solution before it', () => {
    const clock = markAnswered(newSlaClock('medium', round, MONDAY), plusMs(MONDAY, MINUTE))
    expect(nextAlarm(clock)).to.deep.equal(plusMs(MONDAY, 3 * HOUR))
    expect(
      after(
        clock,
        OPEN,
        { ...OPEN, priority: 'urgent' },
        plusMs(MONDAY, 2 * MINUTE),
        round,
        clock.answeredAt,
      ),
    ).to.deep.include({ answerDueAt: null, answerWarnAt: null })
  })
})

describe('what rings', () => {
  const ringsAt = (time: Date, clock = newSlaClock('medium', round, MONDAY)): string[] =>
    dueAlerts(clock, time).rings.map(({ goal, isMissed }) => `${goal} ${isMissed ? 'missed' : 'soon'}`)

  it('each warning and each deadline once, one after the other', () => {
    const heard: [number, string[]][] = []
    let clock = newSlaClock('medium', round, MONDAY)
    for (let next = nextAlarm(clock); next; next = nextAlarm(clock)) {
      heard.push([(next.getTime() - MONDAY.getTime()) / MINUTE, ringsAt(next, clock)])
      clock = dueAlerts(clock, next).clock
    }
    expect(heard).to.deep.equal([
      [45, ['answer soon']],
      [60, ['answer missed']],
      [180, ['solution soon']],
      [240, ['solution missed']],
    ])
    expect(ringsAt(plusMs(MONDAY, 50 * HOUR), clock)).to.deep.equal([])
  })

  it('nothing before its time', () => expect(ringsAt(plusMs(MONDAY, 45 * MINUTE - 1))).to.deep.equal([]))
  it('after an outage what was missed, without a warning', () =>
    expect(ringsAt(plusMs(MONDAY, 200 * MINUTE))).to.deep.equal(['answer missed', 'solution soon']))
})
