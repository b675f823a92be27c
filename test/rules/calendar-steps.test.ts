// What a question to a calendar costs, counted: how often what the organisation wrote is read, and how often the zone is asked.

import { expect } from 'chai'
import {
  addOpenTime,
  closedSince,
  nextClosing,
  nextOpening,
  openTimeBetween,
  type Calendar,
} from '../../shared/kit/time/calendar.ts'
import { DAY, HOUR, plusMs } from '../../shared/kit/time/time.ts'

interface Steps {
  read: number
  zone: number
}

const NOW = new Date('2031-03-10T02:00Z')
const dates = Array.from({ length: 500 }, (_, day) =>
  plusMs(NOW, (day - 100) * DAY)
    .toISOString()
    .slice(0, 10),
)

/** Open for a minute a week, and as many holidays as there may be, each with slots of its own. */
function theWorst(steps: Steps, slots: number): Calendar {
  const counted = <Of extends object>(list: Of): Of =>
    new Proxy(list, { get: (of, key, self) => (steps.read++, Reflect.get(of, key, self)) })
  const short = (n: number) => counted({ from: `0${n % 10}:00`, to: `0${n % 10}:01` })
  return {
    timezone: 'Asia/Ho_Chi_Minh',
    weekly: counted([counted({ day: 1, from: '09:00', to: '09:01' })]),
    holidays: counted(
      dates.map((date) => counted({ date, slots: Array.from({ length: slots }, (_, n) => short(n)) })),
    ),
  }
}

function countZone(steps: Steps): () => void {
  const real = Intl.DateTimeFormat.prototype.formatToParts
  Intl.DateTimeFormat.prototype.formatToParts = function (date) {
    steps.zone++
    return real.call(this, date)
  }
  return () => (Intl.DateTimeFormat.prototype.formatToParts = real)
}

function stepsOf(slots: number, questions: number): Steps {
  const steps = { read: 0, zone: 0 }
  const calendar = theWorst(steps, slots)
  const restore = countZone(steps)
  for (let n = 0; n < questions; n++) {
    addOpenTime(calendar, plusMs(NOW, n * HOUR), 2_000 * HOUR)
    nextOpening(calendar, plusMs(NOW, n * HOUR))
    nextClosing(calendar, plusMs(NOW, n * HOUR))
    closedSince(calendar, plusMs(NOW, n * HOUR))
    openTimeBetween(calendar, plusMs(NOW, n * HOUR), plusMs(NOW, 300 * DAY))
  }
  restore()
  return steps
}

describe('what a question to a calendar costs', () => {
  it('is no more reading for a hundred questions than for a few, however many holidays there are', () => {
    expect(stepsOf(0, 100).read)
      .to.be.below(stepsOf(0, 5).read + 100)
      .and.below(6_000)
    expect(stepsOf(20, 100).read, 'with slots on every holiday').to.be.below(60_000)
  })

  it('asks what the zone says of a day once, and not for each slot', () => {
    stepsOf(20, 1)
    expect(stepsOf(20, 100).zone).to.be.below(20)
  })
})
