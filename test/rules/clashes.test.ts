import { expect } from 'chai'
import { findClashes, isLate, type Trip } from '../../web/clashes.ts'

const DAYS = ['2031-03-10', '2031-03-11']
const trip = (id: string, scheduledTime: string, more: Partial<Trip> = {}): Trip => ({
  id,
  status: 'ASSIGNED',
  startsAt: null,
  endsAt: null,
  scheduledDate: '2031-03-10',
  scheduledTime,
  durationMinutes: 60,
  endDate: null,
  recurrence: null,
  assignedResourceId: 'car',
  assignedDriverId: null,
  ...more,
})
const pairsOf = (...trips: Trip[]): string[] =>
  findClashes(trips, DAYS).map(({ of, date, one, other }) => [of, date, one.id, other.id].join(' '))

describe('what does not work out in a plan', () => {
  it('is two trips at once with one vehicle or driver, and not one after the other', () => {
    expect(pairsOf(trip('a', '08:00'), trip('b', '09:00'), trip('c', '09:30'))).to.deep.equal([
      'assignedResourceId 2031-03-10 b c',
    ])
    const driven = { assignedDriverId: 'tai' }
    const other = { ...driven, assignedResourceId: 'bus' }
    expect(pairsOf(trip('a', '08:00', driven), trip('b', '08:30', other))).to.deep.equal([
      'assignedDriverId 2031-03-10 a b',
    ])
  })

  it('is told once of trips over several days, and only for days on which both take place', () => {
    const days = { endDate: '2031-03-11' }
    expect(pairsOf(trip('a', '08:00', days), trip('b', '08:30', days))).to.deep.equal([
      'assignedResourceId 2031-03-10 a b',
    ])
    // 10 March 2031 is a Monday.
    const tuesdays = { ...days, recurrence: 'FREQ=WEEKLY;BYDAY=TU' }
    expect(pairsOf(trip('a', '08:00'), trip('b', '08:30', tuesdays))).to.deep.equal([])
  })

  it('is seen over midnight, also of what began the day before', () => {
    const early = { scheduledDate: '2031-03-11', endDate: null }
    expect(pairsOf(trip('a', '23:30', { durationMinutes: 120 }), trip('b', '01:00', early))).to.deep.equal([
      'assignedResourceId 2031-03-11 a b',
    ])
    expect(pairsOf(trip('a', '23:30', { durationMinutes: 120 }), trip('b', '01:30', early))).to.deep.equal([])
    const yesterday = { scheduledDate: '2031-03-09', durationMinutes: 12 * 60 }
    expect(pairsOf(trip('a', '20:00', yesterday), trip('b', '07:00'))).to.deep.equal([
      'assignedResourceId 2031-03-10 a b',
    ])
    expect(pairsOf(trip('a', '08:00', yesterday), trip('b', '09:00', yesterday))).to.deep.equal([])
  })

  it('is a trip that should have begun, or a vehicle that should be back', () => {
    const now = new Date('2031-03-10T03:00:00Z')
    const [before, after] = ['2031-03-10T02:00:00Z', '2031-03-10T04:00:00Z']
    const at = (status: Trip['status'], startsAt: string, endsAt: string): boolean =>
      isLate(trip('a', '08:00', { status, startsAt, endsAt }), now)
    expect(at('ASSIGNED', before, after)).to.equal(true)
    expect(at('ASSIGNED', after, after)).to.equal(false)
    expect(at('IN_PROGRESS', before, after)).to.equal(false)
    expect(at('IN_PROGRESS', before, before)).to.equal(true)
    expect(at('COMPLETED', before, before)).to.equal(false)
  })
})
