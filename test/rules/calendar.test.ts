import { expect } from 'chai'
import {
  addOpenTime,
  closedSince,
  closesWithin,
  isOpen,
  nextClosing,
  nextOpening,
  type Calendar,
} from '../../shared/kit/time/calendar.ts'
import { DAY, HOUR, MINUTE, plusMs } from '../../shared/kit/time/time.ts'

type Week = Calendar['weekly']

/** @param days e.g. "Mon Tue" · @param slots e.g. "09:00-12:00 13:00-18:00" */
function on(days: string, slots: string) {
  const names = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
  return days
    .split(' ')
    .flatMap((day) => slotsOf(slots).map((slot) => ({ day: names.indexOf(day), ...slot })))
}

function slotsOf(slots: string) {
  return slots.split(' ').map((slot) => ({ from: slot.slice(0, 5), to: slot.slice(6) }))
}

const EVERY_DAY = 'Sun Mon Tue Wed Thu Fri Sat'
const OFFICE = [...on('Mon Tue Wed Thu Fri', '09:00-18:00'), ...on('Sat', '10:00-16:00')]
const HANOI = 'Asia/Ho_Chi_Minh'
const BERLIN = 'Europe/Berlin'

const calendarOf = (timezone: string, weekly: Week, holidays: Calendar['holidays'] = []): Calendar => ({
  timezone,
  weekly,
  holidays,
})
const inHanoi = (weekly: Week, holidays?: Calendar['holidays']): Calendar =>
  calendarOf(HANOI, weekly, holidays)
const inBerlin = (weekly: Week, holidays?: Calendar['holidays']): Calendar =>
  calendarOf(BERLIN, weekly, holidays)

/** What it says of the time between two instants, found by asking for one opening and closing after the other. */
function periodsOf(calendar: Calendar, from: Date, until: Date): [Date, Date][] {
  const opening = nextOpening(calendar, from)
  const closing = opening && nextClosing(calendar, opening)
  return !opening || opening >= until || !closing
    ? []
    : [[opening, closing], ...periodsOf(calendar, closing, until)]
}

/** Written as people of the zone read it on their clocks, with the offset that tells two equal readings apart. */
const periods = (lines: string): [Date, Date][] =>
  lines.split(', ').map((line) => [new Date(line.split(' ')[0] ?? ''), new Date(line.split(' ')[1] ?? '')])

describe('opening hours', () => {
  const cases: readonly [what: string, calendar: Calendar, from: string, until: string, expected: string][] =
    [
      [
        'a working week in a zone without daylight saving',
        inHanoi(OFFICE),
        '2031-03-06T20:00+07:00',
        '2031-03-10T20:00+07:00',
        '2031-03-07T09:00+07:00 2031-03-07T18:00+07:00, 2031-03-08T10:00+07:00 2031-03-08T16:00+07:00, ' +
          '2031-03-10T09:00+07:00 2031-03-10T18:00+07:00',
      ],
      [
        'a zone of a quarter of an hour',
        calendarOf('Asia/Kathmandu', on('Mon', '09:00-18:00')),
        '2031-03-10T00:00+05:45',
        '2031-03-11T00:00+05:45',
        '2031-03-10T09:00+05:45 2031-03-10T18:00+05:45',
      ],
      [
        'the other side of the date line',
        calendarOf('Pacific/Apia', on('Mon', '09:00-18:00')),
        '2031-03-09T00:00Z',
        '2031-03-11T00:00Z',
        '2031-03-09T20:00Z 2031-03-10T05:00Z',
      ],
      [
        'the day that Samoa left out',
        calendarOf('Pacific/Apia', on('Thu Fri Sat', '09:00-18:00')),
        '2011-12-28T12:00-10:00',
        '2012-01-01T00:00+14:00',
        '2011-12-29T09:00-10:00 2011-12-29T18:00-10:00, 2011-12-31T09:00+14:00 2011-12-31T18:00+14:00',
      ],
      [
        'several slots a day',
        inHanoi(on('Mon', '13:00-18:00 08:00-12:00')),
        '2031-03-10T00:00+07:00',
        '2031-03-11T00:00+07:00',
        '2031-03-10T08:00+07:00 2031-03-10T12:00+07:00, 2031-03-10T13:00+07:00 2031-03-10T18:00+07:00',
      ],
      [
        'slots that touch or overlap as one',
        inHanoi(on('Mon', '10:00-12:00 12:00-14:00 13:00-15:00 13:30-14:30')),
        '2031-03-10T00:00+07:00',
        '2031-03-11T00:00+07:00',
        '2031-03-10T10:00+07:00 2031-03-10T15:00+07:00',
      ],
      [
        'slots that touch at midnight as one',
        inHanoi([...on('Mon', '20:00-00:00'), ...on('Tue', '00:00-02:00')]),
        '2031-03-10T00:00+07:00',
        '2031-03-12T00:00+07:00',
        '2031-03-10T20:00+07:00 2031-03-11T02:00+07:00',
      ],
      [
        'a slot over midnight',
        inHanoi(on('Sat', '22:00-03:00')),
        '2031-03-07T00:00+07:00',
        '2031-03-11T00:00+07:00',
        '2031-03-08T22:00+07:00 2031-03-09T03:00+07:00',
      ],
      [
        'a whole day',
        inHanoi(on('Sat', '00:00-00:00')),
        '2031-03-07T00:00+07:00',
        '2031-03-11T00:00+07:00',
        '2031-03-08T00:00+07:00 2031-03-09T00:00+07:00',
      ],
      [
        'the leap day',
        inHanoi(on('Sun', '09:00-18:00'), [{ date: '2032-03-07' }]),
        '2032-02-23T00:00+07:00',
        '2032-03-08T00:00+07:00',
        '2032-02-29T09:00+07:00 2032-02-29T18:00+07:00',
      ],
      [
        'a night over the leap day',
        inHanoi(on('Sat Sun', '22:00-02:00')),
        '2032-02-28T00:00+07:00',
        '2032-03-02T00:00+07:00',
        '2032-02-28T22:00+07:00 2032-02-29T02:00+07:00, 2032-02-29T22:00+07:00 2032-03-01T02:00+07:00',
      ],

      [
        'no opening on a holiday',
        inHanoi(OFFICE, [{ date: '2031-03-07' }]),
        '2031-03-06T20:00+07:00',
        '2031-03-09T00:00+07:00',
        '2031-03-08T10:00+07:00 2031-03-08T16:00+07:00',
      ],
      [
        "the holiday's own slots in place of the week's",
        inHanoi(OFFICE, [{ date: '2031-03-07', slots: slotsOf('09:00-11:00 23:00-01:00') }]),
        '2031-03-06T20:00+07:00',
        '2031-03-08T09:00+07:00',
        '2031-03-07T09:00+07:00 2031-03-07T11:00+07:00, 2031-03-07T23:00+07:00 2031-03-08T01:00+07:00',
      ],
      [
        'a holiday that opens a day which is closed',
        inHanoi(OFFICE, [{ date: '2031-03-09', slots: slotsOf('10:00-12:00') }]),
        '2031-03-08T20:00+07:00',
        '2031-03-09T20:00+07:00',
        '2031-03-09T10:00+07:00 2031-03-09T12:00+07:00',
      ],
      [
        'the night before a holiday to its end',
        inHanoi(on('Fri Sat', '22:00-03:00'), [{ date: '2031-03-08' }]),
        '2031-03-07T00:00+07:00',
        '2031-03-09T20:00+07:00',
        '2031-03-07T22:00+07:00 2031-03-08T03:00+07:00',
      ],
      [
        'nothing of a night that begins on a holiday',
        inHanoi(on('Fri Sat', '22:00-03:00'), [{ date: '2031-03-07' }]),
        '2031-03-06T00:00+07:00',
        '2031-03-08T20:00+07:00',
        '',
      ],
      [
        'around the clock, but for a holiday',
        inHanoi(null, [{ date: '2031-03-07' }, { date: '2031-03-10' }]),
        '2031-03-07T12:00+07:00',
        '2031-03-12T00:00+07:00',
        '2031-03-08T00:00+07:00 2031-03-10T00:00+07:00',
      ],

      [
        'in spring: the same readings, an hour nearer',
        inBerlin(on('Sat Sun Mon', '09:00-12:00')),
        '2031-03-29T00:00+01:00',
        '2031-03-31T20:00+02:00',
        '2031-03-29T09:00+01:00 2031-03-29T12:00+01:00, 2031-03-30T09:00+02:00 2031-03-30T12:00+02:00, ' +
          '2031-03-31T09:00+02:00 2031-03-31T12:00+02:00',
      ],
      [
        'in spring: a night of seven hours',
        inBerlin(on('Sat', '22:00-06:00')),
        '2031-03-29T00:00+01:00',
        '2031-03-31T00:00+02:00',
        '2031-03-29T22:00+01:00 2031-03-30T06:00+02:00',
      ],
      [
        'in spring: nothing within the hour left out',
        inBerlin(on('Sun', '02:15-02:45')),
        '2031-03-29T00:00+01:00',
        '2031-03-31T00:00+02:00',
        '',
      ],
      [
        'in spring: from the change, what begins in the hour left out',
        inBerlin(on('Sun', '02:30-04:00')),
        '2031-03-29T00:00+01:00',
        '2031-03-31T00:00+02:00',
        '2031-03-30T03:00+02:00 2031-03-30T04:00+02:00',
      ],
      [
        'in spring: until the change, what ends in the hour left out',
        inBerlin(on('Sun', '01:00-02:30')),
        '2031-03-29T00:00+01:00',
        '2031-03-31T00:00+02:00',
        '2031-03-30T01:00+01:00 2031-03-30T03:00+02:00',
      ],
      [
        'in autumn: a night of nine hours',
        inBerlin(on('Sat', '22:00-06:00')),
        '2031-10-25T00:00+02:00',
        '2031-10-27T00:00+01:00',
        '2031-10-25T22:00+02:00 2031-10-26T06:00+01:00',
      ],
      [
        'in autumn: within the hour that comes twice, both and what lies between',
        inBerlin(on('Sun', '02:15-02:45')),
        '2031-10-25T00:00+02:00',
        '2031-10-27T00:00+01:00',
        '2031-10-26T02:15+02:00 2031-10-26T02:45+01:00',
      ],
      [
        'in autumn: the end where that hour begins is its first beginning',
        inBerlin(on('Sun', '01:00-02:00')),
        '2031-10-25T00:00+02:00',
        '2031-10-27T00:00+01:00',
        '2031-10-26T01:00+02:00 2031-10-26T02:00+02:00',
      ],
      [
        'in autumn: the beginning where that hour ends is its second end',
        inBerlin(on('Sun', '03:00-04:00')),
        '2031-10-25T00:00+02:00',
        '2031-10-27T00:00+01:00',
        '2031-10-26T03:00+01:00 2031-10-26T04:00+01:00',
      ],
      [
        'in autumn: slots that touch in that hour as one',
        inBerlin(on('Sun', '01:00-02:30 02:30-04:00')),
        '2031-10-25T00:00+02:00',
        '2031-10-27T00:00+01:00',
        '2031-10-26T01:00+02:00 2031-10-26T04:00+01:00',
      ],
      [
        "New York's spring",
        calendarOf('America/New_York', on('Sun', '01:00-09:00')),
        '2031-03-08T00:00-05:00',
        '2031-03-10T00:00-04:00',
        '2031-03-09T01:00-05:00 2031-03-09T09:00-04:00',
      ],
      [
        "New York's autumn",
        calendarOf('America/New_York', on('Sun', '01:30-09:00')),
        '2031-11-01T00:00-04:00',
        '2031-11-03T00:00-05:00',
        '2031-11-02T01:30-04:00 2031-11-02T09:00-05:00',
      ],
      [
        'a change of half an hour, forward',
        calendarOf('Australia/Lord_Howe', on('Sun', '01:00-02:15 02:15-04:00')),
        '2031-10-04T12:00+10:30',
        '2031-10-06T00:00+11:00',
        '2031-10-05T01:00+10:30 2031-10-05T04:00+11:00',
      ],
      [
        'a change of half an hour, back',
        calendarOf('Australia/Lord_Howe', on('Sun', '01:45-01:50')),
        '2031-04-05T12:00+11:00',
        '2031-04-07T00:00+10:30',
        '2031-04-06T01:45+11:00 2031-04-06T01:50+10:30',
      ],
    ]
  for (const [what, calendar, from, until, expected] of cases) {
    it(`are, for ${what}: ${expected || 'none'}`, () => {
      const found = periodsOf(calendar, new Date(from), new Date(until))
      expect(found).to.deep.equal(expected ? periods(expected) : [])
      for (const [start, end] of found) {
        expect(
          [plusMs(start, -1), start, plusMs(end, -1), end].map((at) => isOpen(calendar, at)),
        ).to.deep.equal([false, true, true, false])
        expect(closedSince(calendar, plusMs(end, MINUTE))).to.deep.equal(end)
        expect(closedSince(calendar, start)).to.equal(undefined)
      }
    })
  }
})

describe('a calendar', () => {
  const NOON = new Date('2031-03-10T12:00+07:00')

  it('without weekly hours is always open', () => {
    const always = inHanoi(null)
    expect(isOpen(always, NOON)).to.equal(true)
    expect([nextOpening(always, NOON), nextClosing(always, NOON), closedSince(always, NOON)]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ])
    expect(closesWithin(always, NOON, 10_000)).to.equal(false)
    expect(addOpenTime(always, NOON, 30 * HOUR)).to.deep.equal(plusMs(NOON, 30 * HOUR))
  })

  it('whose days are whole is always open as well', () => {
    const always = calendarOf('America/New_York', on(EVERY_DAY, '00:00-00:00'))
    expect([nextOpening(always, NOON), nextClosing(always, NOON), closedSince(always, NOON)]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ])
    expect(addOpenTime(always, NOON, 300 * DAY)).to.deep.equal(plusMs(NOON, 300 * DAY))
  })

  it('that never opens says so, and that it has been closed for a year', () => {
    const never = inHanoi([])
    expect(isOpen(never, NOON)).to.equal(false)
    expect([nextOpening(never, NOON), nextClosing(never, NOON), addOpenTime(never, NOON, 1)]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ])
    expect(closedSince(never, NOON)).to.deep.equal(plusMs(NOON, -366 * DAY))
  })

  it('finds the one opening of a year, and none beyond it', () => {
    const once = inHanoi([], [{ date: '2032-03-09', slots: slotsOf('09:00-18:00') }])
    expect(nextOpening(once, NOON)).to.deep.equal(new Date('2032-03-09T09:00+07:00'))
    expect(nextOpening(once, plusMs(NOON, -3 * DAY))).to.equal(undefined)
  })

  it('says while open when it opens again, and while closed when it will close', () => {
    const office = inHanoi(OFFICE)
    expect(nextOpening(office, NOON)).to.deep.equal(new Date('2031-03-11T09:00+07:00'))
    expect(nextClosing(office, plusMs(NOON, 12 * HOUR))).to.deep.equal(new Date('2031-03-11T18:00+07:00'))
  })

  const closings: readonly [at: string, minutes: number, closes: boolean][] = [
    ['17:44', 15, false],
    ['17:45', 15, true],
    ['17:59', 15, true],
    ['18:00', 15, false],
    ['08:50', 600, false],
    ['09:00', 539, false],
    ['09:00', 540, true],
  ]
  for (const [at, minutes, closes] of closings) {
    it(`${closes ? 'closes' : 'does not close'} within ${minutes} minutes of ${at}`, () =>
      expect(closesWithin(inHanoi(OFFICE), new Date(`2031-03-10T${at}+07:00`), minutes)).to.equal(closes))
  }

  const sinces: readonly [what: string, calendar: Calendar, at: string, since: string][] = [
    ['over a weekend', inHanoi(OFFICE), '2031-03-10T08:59+07:00', '2031-03-08T16:00+07:00'],
    [
      'over a week of holidays',
      inHanoi(on('Mon', '09:00-18:00'), [{ date: '2031-03-10' }]),
      '2031-03-16T12:00+07:00',
      '2031-03-03T18:00+07:00',
    ],
    [
      'since a long night, after a short morning within it',
      inHanoi([...on('Sun', '12:00-11:00'), ...on('Mon', '01:00-02:00')]),
      '2031-03-10T12:00+07:00',
      '2031-03-10T11:00+07:00',
    ],
    [
      'since the second of two equal readings',
      inBerlin(on('Sun', '01:00-02:30')),
      '2031-10-26T12:00+01:00',
      '2031-10-26T02:30+01:00',
    ],
  ]
  for (const [what, calendar, at, since] of sinces) {
    it(`has been closed ${what}`, () =>
      expect(closedSince(calendar, new Date(at))).to.deep.equal(new Date(since)))
  }
})

describe('open time added', () => {
  const NIGHTS = on('Fri Sat', '22:00-04:00')
  const cases: readonly [what: string, calendar: Calendar, from: string, hours: number, expected: string][] =
    [
      ['within the same hours', inHanoi(OFFICE), '2031-03-10T10:00+07:00', 3, '2031-03-10T13:00+07:00'],
      [
        'up to closing time, and not to the next opening',
        inHanoi(OFFICE),
        '2031-03-10T10:00+07:00',
        8,
        '2031-03-10T18:00+07:00',
      ],
      [
        'a moment beyond closing time',
        inHanoi(OFFICE),
        '2031-03-10T10:00+07:00',
        8 + 1 / 3600,
        '2031-03-11T09:00:01+07:00',
      ],
      ['from a closed evening', inHanoi(OFFICE), '2031-03-10T20:00+07:00', 1, '2031-03-11T10:00+07:00'],
      [
        'from Friday afternoon over the weekend',
        inHanoi(OFFICE),
        '2031-03-07T16:00+07:00',
        24,
        '2031-03-11T16:00+07:00',
      ],
      [
        'over a lunch break',
        inHanoi(on('Mon', '08:00-12:00 13:00-18:00')),
        '2031-03-10T11:00+07:00',
        2,
        '2031-03-10T14:00+07:00',
      ],
      [
        'counting once what overlaps',
        inHanoi(on('Mon', '08:00-12:00 10:00-11:00 11:00-18:00')),
        '2031-03-10T07:00+07:00',
        9,
        '2031-03-10T17:00+07:00',
      ],
      [
        'over a holiday',
        inHanoi(OFFICE, [{ date: '2031-03-11' }]),
        '2031-03-10T17:00+07:00',
        2,
        '2031-03-12T10:00+07:00',
      ],
      [
        'over the leap day',
        inHanoi(on('Sat Sun Mon', '09:00-18:00')),
        '2032-02-28T17:00+07:00',
        11,
        '2032-03-01T10:00+07:00',
      ],
      [
        'over the nights of two weekends',
        inHanoi(NIGHTS),
        '2031-03-08T03:00+07:00',
        8,
        '2031-03-14T23:00+07:00',
      ],
      [
        'in the night that the clocks are put forward',
        inBerlin(NIGHTS),
        '2031-03-29T22:00+01:00',
        4.5,
        '2031-03-30T03:30+02:00',
      ],
      [
        'beyond that night, which is an hour shorter',
        inBerlin(NIGHTS),
        '2031-03-29T22:00+01:00',
        6,
        '2031-04-04T23:00+02:00',
      ],
      [
        'in the night that the clocks are put back',
        inBerlin(NIGHTS),
        '2031-10-25T22:00+02:00',
        5,
        '2031-10-26T02:00+01:00',
      ],
      [
        'to the end of that night, which is an hour longer',
        inBerlin(NIGHTS),
        '2031-10-25T22:00+02:00',
        7,
        '2031-10-26T04:00+01:00',
      ],
      [
        'over a change of half an hour',
        calendarOf('Australia/Lord_Howe', on('Sun', '00:00-06:00')),
        '2031-10-05T00:00+10:30',
        5.5,
        '2031-10-05T06:00+11:00',
      ],
      ['nothing, while closed', inHanoi(OFFICE), '2031-03-09T12:00+07:00', 0, '2031-03-09T12:00+07:00'],
    ]
  for (const [what, calendar, from, hours, expected] of cases) {
    it(`${what}: ${from} and ${hours.toFixed(1)} hours are ${expected}`, () =>
      expect(addOpenTime(calendar, new Date(from), hours * HOUR)).to.deep.equal(new Date(expected)))
  }

  it('is undefined where a year does not hold so much', () =>
    expect(addOpenTime(inHanoi(on('Mon', '09:00-10:00')), new Date('2031-03-09T00:00Z'), 54 * HOUR)).to.equal(
      undefined,
    ))
})
