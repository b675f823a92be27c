// The engine against a walk over every minute, which knows no arithmetic of zones: it reads the clock on the wall.

import { expect } from 'chai'
import {
  addOpenTime,
  closedSince,
  isOpen,
  nextClosing,
  nextOpening,
  openTimeBetween,
  type Calendar,
  type Slot,
} from '../../shared/kit/time/calendar.ts'
import { DAY, MINUTE, plusMs } from '../../shared/kit/time/time.ts'
import { choicesOf, seedOfThisRun, type Choices } from '../support/seed.ts'

/** A zone, and the day on which to stand; most are those of a change of the clocks. */
const PLACES: readonly [zone: string, date: string][] = [
  ['Asia/Ho_Chi_Minh', '2031-03-08'],
  ['Asia/Kathmandu', '2032-02-29'],
  ['Europe/Berlin', '2031-03-30'],
  ['Europe/Berlin', '2031-10-26'],
  ['America/New_York', '2031-03-09'],
  ['America/New_York', '2031-11-02'],
  ['Australia/Lord_Howe', '2031-04-06'],
  ['Australia/Lord_Howe', '2031-10-05'],
  ['Pacific/Apia', '2011-12-30'],
  ['America/Santiago', '2031-04-06'],
  ['America/Santiago', '2031-09-07'],
]
const BEFORE = 10 * DAY
const AFTER = 12 * DAY
const ROUNDS = 20
/** Minutes. */
const QUARTER = 15

interface Walk {
  first: number
  /** What the clock shows in each minute, e.g. "2031-03-30 01:59". */
  walls: string[]
}

function walkAround(zone: string, date: string): Walk {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  const first = Date.parse(date) - BEFORE
  /** Clocks change at a quarter of an hour: where its last minute is as far from its first as it was, all between are read. */
  const quarterFrom = (start: number): string[] => {
    const begins = clock.format(start)
    const minutes = Array.from({ length: QUARTER }, (_, n) => n)
    const counted = minutes.map(
      (n) => begins.slice(0, -2) + String(Number(begins.slice(-2)) + n).padStart(2, '0'),
    )
    const isCounted = counted.at(-1) === clock.format(start + (QUARTER - 1) * MINUTE)
    return isCounted ? counted : minutes.map((n) => clock.format(start + n * MINUTE))
  }
  const quarters = Array.from({ length: (BEFORE + AFTER) / MINUTE / QUARTER }, (_, n) => n)
  return { first, walls: quarters.flatMap((n) => quarterFrom(first + n * QUARTER * MINUTE)) }
}

const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10)

/** Which minutes are open: from the first reading that is not before a slot's beginning to the last that is before its end. */
function openMinutes({ first, walls }: Walk, { weekly, holidays }: Calendar): boolean[] {
  const open = walls.map(() => false)
  const dates = Array.from({ length: (BEFORE + AFTER) / DAY + 2 }, (_, n) =>
    dateAfter(walls[0]?.slice(0, 10) ?? '', n - 1),
  )
  for (const date of dates) {
    const holiday = holidays.find((each) => each.date === date)
    const slots = holiday
      ? (holiday.slots ?? [])
      : (weekly ?? []).filter(({ day }) => day === new Date(date).getUTCDay())
    // No zone is further than a day from any other: what is two days before has not begun, what is three after has ended.
    const around = Math.max(0, (Date.parse(date) - first - 2 * DAY) / MINUTE)
    const near = walls.slice(around, around + (6 * DAY) / MINUTE)
    for (const { from, to } of slots) {
      const [beginning, end] = [`${date} ${from}`, `${to > from ? date : dateAfter(date, 1)} ${to}`]
      const start = near.findIndex((wall) => wall >= beginning)
      const over = Math.max(start, near.findLastIndex((wall) => wall < end) + 1)
      if (start >= 0) open.fill(true, around + start, around + over)
    }
  }
  return open
}

function aCalendar(choices: Choices, timezone: string, date: string): Calendar {
  const time = (): string =>
    `${String(choices.between(0, 23)).padStart(2, '0')}:${String(choices.between(0, 59)).padStart(2, '0')}`
  // Where the clocks change, mostly.
  const smallHours = (): string => `0${choices.between(0, 4)}:${choices.oneOf(['00', '15', '30', '45'])}`
  const slot = (): Slot => ({
    from: choices.chance(0.4) ? smallHours() : time(),
    to: choices.chance(0.4) ? smallHours() : time(),
  })
  const slots = (most: number): Slot[] => Array.from({ length: choices.between(0, most) }, slot)
  return {
    timezone,
    weekly: Array.from({ length: choices.between(0, 12) }, () => ({ day: choices.between(0, 6), ...slot() })),
    holidays: [-1, 0, 1]
      .filter(() => choices.chance(0.2))
      .map((days) => ({ date: dateAfter(date, days), slots: slots(2) })),
  }
}

describe('the calendar and a walk over every minute', () => {
  const seed = seedOfThisRun()

  for (const [zone, date] of PLACES) {
    it(`say the same of ${zone} around ${date} (SEED=${seed})`, () => {
      const choices = choicesOf(seed)
      const walk = walkAround(zone, date)
      for (let round = 0; round < ROUNDS; round++) {
        const calendar = aCalendar(choices, zone, date)
        const open = openMinutes(walk, calendar)
        for (let n = 0; n < 25; n++) mustAgree(calendar, walk, open, choices)
      }
    })
  }
})

/** Somewhere in the middle, so that the walk sees what came before and comes after. */
function mustAgree(
  calendar: Calendar,
  { first, walls }: Walk,
  open: readonly boolean[],
  choices: Choices,
): void {
  const here = (BEFORE - 2 * DAY) / MINUTE + choices.between(0, (4 * DAY) / MINUTE)
  const at = new Date(first + here * MINUTE)
  const end = plusMs(at, 7 * DAY)
  const instantOf = (minute: number): Date | undefined =>
    minute < 0 ? undefined : new Date(first + minute * MINUTE)
  /** Of what lies further away than the walk can know, neither speaks. */
  const near = (found: Date | undefined): Date | undefined => (found && found <= end ? found : undefined)
  const next = (isIt: (minute: number) => boolean): Date | undefined => {
    let minute = here + 1
    while (minute < walls.length && !isIt(minute)) minute++
    return minute < walls.length ? near(instantOf(minute)) : undefined
  }
  const about = `${JSON.stringify(calendar)} at ${at.toISOString()}`

  expect(isOpen(calendar, at), about).to.equal(open[here])
  expect(near(nextOpening(calendar, at)), `opening ${about}`).to.deep.equal(
    next((minute) => open[minute] === true && open[minute - 1] === false),
  )
  expect(near(nextClosing(calendar, at)), `closing ${about}`).to.deep.equal(
    next((minute) => open[minute] === false && open[minute - 1] === true),
  )

  const closed = open.lastIndexOf(true, here - 1) + 1
  if (!open[here] && closed > (2 * DAY) / MINUTE)
    expect(closedSince(calendar, at), `since ${about}`).to.deep.equal(instantOf(closed))
  if (open[here]) expect(closedSince(calendar, at), about).to.equal(undefined)

  const wanted = choices.between(1, 3000)
  let left = wanted
  const spent = open.slice(here).findIndex((isIt) => isIt && --left === 0)
  expect(near(addOpenTime(calendar, at, wanted * MINUTE)), `${wanted} minutes ${about}`).to.deep.equal(
    near(spent < 0 ? undefined : instantOf(here + spent + 1)),
  )

  const until = here + choices.between(0, (5 * DAY) / MINUTE)
  const minutes = open.slice(here, until).filter((isIt) => isIt).length
  expect(
    openTimeBetween(calendar, at, new Date(first + until * MINUTE)),
    `until minute ${until} ${about}`,
  ).to.equal(minutes * MINUTE)
}
