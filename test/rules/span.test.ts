import { expect } from 'chai'
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
