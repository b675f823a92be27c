import { expect } from 'chai'
import { readDay, requestOf, type Row } from '../../demo/day.ts'
import { spansOf, usualMinutes } from '../../shared/bookings/span.ts'
import { DAY } from '../../shared/kit/time/time.ts'

const HCM = 'Asia/Ho_Chi_Minh'

describe("the demonstration's working day", () => {
  it('never needs its one driver twice at the same time, on whatever day it is played', () => {
    const driven = readDay().filter(({ fate }) => fate === 'completed')
    expect(driven).to.have.length.above(5)
    const collisions = new Set<string>()
    for (let day = Date.parse('2031-01-01T23:59:59Z'), n = 0; n < 366; n++, day += DAY)
      for (const [at, row] of driven.entries())
        for (const other of driven.slice(at + 1))
          if (doOverlap(row, other, new Date(day))) collisions.add(`${row.purpose} / ${other.purpose}`)
    expect([...collisions]).to.deep.equal([])
  })
})

function doOverlap(one: Row, other: Row, today: Date): boolean {
  const theirs = timesOf(other, today)
  return timesOf(one, today).some((a) => theirs.some((b) => a.from < b.to && b.from < a.to))
}

function timesOf(row: Row, today: Date): { from: Date; to: Date }[] {
  const { scheduledDate, endDate } = requestOf(row, today)
  const when = { ...row, scheduledDate, endDate: endDate ?? null }
  return spansOf(when, usualMinutes(row.bookingType, { settings: {} }), HCM)
}
