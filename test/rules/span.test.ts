import { expect } from 'chai'
import { settleRecurrence } from '../../shared/bookings/recurrence.ts'
import {
  mustEndInAYear,
  multirangeOf,
  spansOf,
  usualMinutes,
  wholeOf,
  withBuffer,
} from '../../shared/bookings/span.ts'

const TRIP = {
  bookingType: 'SINGLE_TRIP',
  scheduledDate: '2031-03-10',
  scheduledTime: '09:00',
  endDate: null,
} as const
const HCM = 'Asia/Ho_Chi_Minh'

describe('when a booking takes place', () => {
  const written = (...given: Parameters<typeof spansOf>): string => multirangeOf(spansOf(...given))

  it('is from its time on, for as long as it takes, in the time zone of the organisation', () => {
    expect(written(TRIP, 90, HCM)).to.equal('{[2031-03-10T02:00:00.000Z,2031-03-10T03:30:00.000Z)}')
    expect(written(TRIP, 90, 'UTC')).to.equal('{[2031-03-10T09:00:00.000Z,2031-03-10T10:30:00.000Z)}')
  })

  it('is one span to its last day for a trip, and one on each day for a schedule', () => {
    const days = { ...TRIP, endDate: '2031-03-12' }
    expect(written(days, 60, 'UTC')).to.equal('{[2031-03-10T09:00:00.000Z,2031-03-12T10:00:00.000Z)}')
    const spans = spansOf({ ...days, bookingType: 'BLOCK_SCHEDULE' }, 60, 'UTC')
    expect(spans.map(({ from, to }) => `${from.toISOString()} ${to.toISOString()}`)).to.deep.equal([
      '2031-03-10T09:00:00.000Z 2031-03-10T10:00:00.000Z',
      '2031-03-11T09:00:00.000Z 2031-03-11T10:00:00.000Z',
      '2031-03-12T09:00:00.000Z 2031-03-12T10:00:00.000Z',
    ])
    expect(wholeOf(spans)).to.deep.equal({
      startsAt: new Date('2031-03-10T09:00:00Z'),
      endsAt: new Date('2031-03-12T10:00:00Z'),
    })
  })

  it('stays at its time of day when clocks change, and takes the hour after for one that they leave out', () => {
    const schedule = {
      ...TRIP,
      bookingType: 'BLOCK_SCHEDULE',
      scheduledDate: '2031-03-29',
      endDate: '2031-03-31',
    } as const
    expect(spansOf(schedule, 60, 'Europe/Berlin').map(({ from }) => from.toISOString())).to.deep.equal([
      '2031-03-29T08:00:00.000Z',
      '2031-03-30T07:00:00.000Z',
      '2031-03-31T07:00:00.000Z',
    ])
    const missing = { ...TRIP, scheduledDate: '2031-03-30', scheduledTime: '02:30' }
    expect(written(missing, 30, 'Europe/Berlin')).to.equal(
      '{[2031-03-30T01:00:00.000Z,2031-03-30T01:30:00.000Z)}',
    )
  })

  describe('that repeats itself by a rule', () => {
    const { endDate: _none, ...trip } = TRIP
    const ask = { ...trip, bookingType: 'BLOCK_SCHEDULE', scheduledDate: '2031-03-26' } as const
    const settled = (recurrence: string, more: object = {}) =>
      settleRecurrence({ passengerCount: 1, ...ask, recurrence, ...more })
    const starts = (recurrence: string, timezone = 'UTC', more: object = {}): string[] => {
      const { scheduledDate, endDate = null, recurrence: rule = null } = settled(recurrence, more)
      const when = {
        ...TRIP,
        bookingType: 'BLOCK_SCHEDULE',
        scheduledDate,
        endDate,
        recurrence: rule,
      } as const
      return spansOf(when, 60, timezone).map(({ from }) => from.toISOString().slice(0, 16))
    }

    it('is on its days only, at its time of day when clocks change', () => {
      expect(starts('FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4', 'Europe/Berlin')).to.deep.equal([
        '2031-03-26T08:00',
        '2031-03-31T07:00',
        '2031-04-02T07:00',
        '2031-04-07T07:00',
      ])
      expect(starts('FREQ=MONTHLY;BYDAY=-1WE;UNTIL=20310531')).to.deep.equal([
        '2031-03-26T09:00',
        '2031-04-30T09:00',
        '2031-05-28T09:00',
      ])
      expect(starts('FREQ=DAILY;COUNT=366')).to.have.length(366)
    })

    it('ends on its last day, whichever way its end is said', () => {
      const ended = settled('FREQ=WEEKLY', { endDate: '2031-04-08' })
      expect([ended.endDate, ended.recurrence]).to.deep.equal(['2031-04-02', 'FREQ=WEEKLY;UNTIL=20310408'])
      expect(settled('FREQ=WEEKLY;COUNT=2').endDate).to.equal('2031-04-02')
    })

    for (const [why, recurrence, more] of [
      ['never ends', 'FREQ=WEEKLY', {}],
      ['ends twice', 'FREQ=WEEKLY;COUNT=2;UNTIL=20310408', {}],
      ['ends twice, once by endDate', 'FREQ=WEEKLY;COUNT=2', { endDate: '2031-04-08' }],
      ['does not fall on its first day', 'FREQ=WEEKLY;BYDAY=MO;COUNT=2', {}],
      ['ends before it begins', 'FREQ=WEEKLY;UNTIL=20310101', {}],
      ['goes on for more than a year', 'FREQ=WEEKLY;COUNT=60', {}],
      ['goes on for more than a year, to a day', 'FREQ=WEEKLY;UNTIL=20330101', {}],
      ['goes on for more than a year, to its endDate', 'FREQ=WEEKLY', { endDate: '2033-01-01' }],
      ['has a number for a weekday of the week', 'FREQ=WEEKLY;BYDAY=1WE;COUNT=2', {}],
      ['says the same twice', 'FREQ=WEEKLY;BYDAY=WE;BYDAY=WE;COUNT=2', {}],
      ['ends on no day', 'FREQ=WEEKLY;UNTIL=20311340', {}],
      ['is of a trip', 'FREQ=WEEKLY;COUNT=2', { bookingType: 'SINGLE_TRIP' }],
    ] as const)
      it(`is refused when it ${why}`, () => {
        expect(() => settled(recurrence, more)).to.throw('recurrence: ')
      })
  })

  it('keeps a resource for a while longer, and a driver not', () => {
    expect(multirangeOf(withBuffer(spansOf(TRIP, 60, 'UTC'), 15))).to.equal(
      '{[2031-03-10T09:00:00.000Z,2031-03-10T10:15:00.000Z)}',
    )
  })

  it('takes as long as is usual for its kind where nobody says it', () => {
    expect(usualMinutes('SINGLE_TRIP', { settings: {} })).to.equal(60)
    expect(usualMinutes('BLOCK_SCHEDULE', { settings: {} })).to.equal(540)
    expect(usualMinutes('SINGLE_TRIP', { settings: { durationMinutes: { SINGLE_TRIP: 45 } } })).to.equal(45)
  })

  it('ends within a year', () => {
    expect(() => mustEndInAYear({ scheduledDate: '2031-03-10', endDate: '2032-03-10' })).not.to.throw()
    expect(() => mustEndInAYear({ scheduledDate: '2031-03-10', endDate: '2032-03-11' })).to.throw('366 days')
  })
})
