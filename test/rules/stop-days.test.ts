import { expect } from 'chai'
import { dayAfter, daysBetween } from '../../web/days.ts'
import { daysOf, type StopTime } from '../../web/stop-days.ts'

const typed = (time: string): StopTime => ({ time })
const known = (time: string, days: number, now = time): StopTime => ({ time: now, known: { time, days } })

describe('the day of a stop', () => {
  it('is the next one where its time is before that of the stop before, or of the beginning', () => {
    expect(daysOf([typed('22:00'), typed(''), typed('01:00'), typed('00:30')], '21:00')).to.deep.equal([
      0, 0, 1, 2,
    ])
    expect(daysOf([typed('06:00')], '21:00')).to.deep.equal([1])
  })

  it('stays where it stood when the trip begins later, or a stop before it is moved', () => {
    expect(daysOf([known('09:00', 0), known('09:30', 0)], '10:00')).to.deep.equal([0, 0])
    expect(daysOf([known('09:00', 0, '11:00'), known('09:30', 0)], '08:00')).to.deep.equal([0, 0])
  })

  it('stays days after the first one, also at a time that the first day has', () => {
    expect(daysOf([known('09:00', 0), known('10:00', 2)], '08:00')).to.deep.equal([0, 2])
    expect(daysOf([known('09:00', 0), known('10:00', 2, '11:00')], '08:00')).to.deep.equal([0, 2])
  })

  it('is counted over the end of a month', () => {
    expect(daysBetween('2031-02-27', '2031-03-01')).to.equal(2)
    expect(dayAfter('2031-02-27', 2)).to.equal('2031-03-01')
  })
})
