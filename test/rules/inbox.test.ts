import { expect } from 'chai'
import {
  decideReply,
  fillIn,
  fitsConditions,
  mustBeFillable,
  responseFor,
  stepFor,
  type Circumstances,
  type Marks,
  type MomentOfDay,
  type Situation,
  outcomesOf,
} from '../../shared/inbox/rules.ts'
import type { AutoResponse, Conditions } from '../../shared/inbox/schema.ts'

const CALM = { queueSize: 0, longestWaitSeconds: 0 }
const at = (dayOfWeek: number, time: string, more: Partial<MomentOfDay> = {}): MomentOfDay => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return { dayOfWeek, minutes: hours * 60 + minutes, isHoliday: false, closesSoon: false, ...more }
}

describe('the desk', () => {
  const OPEN: Situation = {
    isOpen: true,
    isStaffOnline: true,
    hasPersonWritten: false,
    isOfflineTold: false,
    isAcknowledged: false,
    hasAnswer: false,
    hasOffer: false,
    isChosen: false,
    answersFaqAfterHours: false,
  }
  const cases: readonly [string, Partial<Situation>, string][] = [
    ['acknowledges what no FAQ answers', {}, 'acknowledge'],
    ['acknowledges once', { isAcknowledged: true }, 'silence'],
    ['answers from the FAQ', { hasAnswer: true }, 'faq'],
    [
      'answers from the FAQ also when it acknowledged before',
      { hasAnswer: true, isAcknowledged: true },
      'faq',
    ],
    ['says that it is closed', { isOpen: false }, 'offline'],
    ['says so even where an FAQ would answer', { isOpen: false, hasAnswer: true }, 'offline'],
    ['says so once', { isOpen: false, isOfflineTold: true }, 'silence'],
    ['says that nobody is there', { isStaffOnline: false }, 'offline'],
    [
      'says so whoever of the staff sits there after hours',
      { isOpen: false, isStaffOnline: true },
      'offline',
    ],
    [
      'answers after hours where the organisation wants it',
      { isOpen: false, hasAnswer: true, answersFaqAfterHours: true },
      'faq',
    ],
    [
      'answers what it offered itself, also after hours',
      { isOpen: false, hasAnswer: true, isChosen: true },
      'faq',
    ],
    ['offers what may be meant where nothing is sure', { hasOffer: true }, 'offer'],
    ['answers and does not offer where it is sure', { hasAnswer: true, hasOffer: true }, 'faq'],
    ['offers nothing after hours', { isOpen: false, hasOffer: true }, 'offline'],
    [
      'offers after hours where the FAQ answers then',
      { isOpen: false, hasOffer: true, answersFaqAfterHours: true },
      'offer',
    ],
    ['offers nothing while a person writes', { hasPersonWritten: true, hasOffer: true }, 'silence'],
    ['offers nothing to whom a person was called for', { isAcknowledged: true, hasOffer: true }, 'silence'],
    [
      'is silent while a person writes',
      { hasPersonWritten: true, hasAnswer: true, isChosen: true },
      'silence',
    ],
    ['is silent while a person writes after hours', { hasPersonWritten: true, isOpen: false }, 'silence'],
  ]
  for (const [says, situation, step] of cases)
    it(says, () => expect(stepFor({ ...OPEN, ...situation })).to.equal(step))
})

describe('what the desk decides about a message', () => {
  const minute = (at: number): Date => new Date(Date.UTC(2031, 2, 3, 9, at))
  const now = minute(10)
  const NEW: Marks = {
    waitingSince: null,
    lastStaffAt: null,
    offlineToldAt: null,
    acknowledgedAt: null,
    attentionAt: null,
  }
  const OPEN: Circumstances = {
    writtenAt: minute(9),
    isOpen: true,
    closedSince: undefined,
    isStaffOnline: true,
    hasAnswer: false,
    hasOffer: false,
    answersFaqAfterHours: false,
  }
  const cases: readonly [string, Partial<Marks>, Partial<Circumstances>, ReturnType<typeof decideReply>][] = [
    [
      'first words: said that it came, a person called, waiting from when it was written',
      {},
      {},
      {
        step: 'acknowledge',
        callsStaff: true,
        patch: { waitingSince: minute(9), acknowledgedAt: now, attentionAt: now },
      },
    ],
    [
      'further words: nobody is called twice, the wait began with the first',
      { waitingSince: minute(2), acknowledgedAt: minute(3), attentionAt: minute(3) },
      {},
      { step: 'silence', callsStaff: false, patch: { waitingSince: minute(2) } },
    ],
    [
      'a new wait after an answer: called again',
      { lastStaffAt: minute(1), acknowledgedAt: minute(0), attentionAt: minute(0) },
      { writtenAt: minute(9) },
      {
        step: 'acknowledge',
        callsStaff: true,
        patch: { waitingSince: minute(9), acknowledgedAt: now, attentionAt: now },
      },
    ],
    [
      'a person wrote four minutes ago: silence, and nobody is called',
      { lastStaffAt: minute(6) },
      {},
      { step: 'silence', callsStaff: false, patch: { waitingSince: minute(9) } },
    ],
    [
      'a person wrote after it: nobody waits',
      { lastStaffAt: minute(9) },
      {},
      { step: 'silence', callsStaff: false, patch: { waitingSince: null } },
    ],
    [
      'an answer: nobody is called, nobody waits',
      {},
      { hasAnswer: true },
      { step: 'faq', callsStaff: false, patch: { waitingSince: null } },
    ],
    [
      'an answer to a second question: the first still waits',
      { waitingSince: minute(2), acknowledgedAt: minute(2), attentionAt: minute(2) },
      { hasAnswer: true },
      { step: 'faq', callsStaff: false, patch: { waitingSince: minute(2) } },
    ],
    [
      'what was meant is chosen: the wait that began with the offer is over',
      { waitingSince: minute(8) },
      { hasAnswer: true, chosen: { beganWaiting: true, wantsPerson: false } },
      { step: 'faq', callsStaff: false, patch: { waitingSince: null } },
    ],
    [
      'an offer: seen to wait until it is chosen from',
      {},
      { hasOffer: true },
      { step: 'offer', callsStaff: false, patch: { waitingSince: minute(9) } },
    ],
    [
      'a person is wished for: called, whatever hour it is',
      {},
      { isOpen: false, closedSince: minute(0), chosen: { beganWaiting: false, wantsPerson: true } },
      {
        step: 'offline',
        callsStaff: true,
        patch: { waitingSince: minute(9), offlineToldAt: now, attentionAt: now },
      },
    ],
    [
      'closed: said once in this closed period',
      { offlineToldAt: minute(1), waitingSince: minute(1) },
      { isOpen: false, closedSince: minute(0) },
      { step: 'silence', callsStaff: false, patch: { waitingSince: minute(1) } },
    ],
    [
      'closed again: said again',
      { offlineToldAt: minute(1), waitingSince: minute(1) },
      { isOpen: false, closedSince: minute(5) },
      { step: 'offline', callsStaff: false, patch: { waitingSince: minute(1), offlineToldAt: now } },
    ],
    [
      'open and nobody there: said, and a person called',
      {},
      { isStaffOnline: false },
      {
        step: 'offline',
        callsStaff: true,
        patch: { waitingSince: minute(9), offlineToldAt: now, attentionAt: now },
      },
    ],
  ]
  for (const [says, marks, circumstances, decision] of cases)
    it(says, () =>
      expect(decideReply({ ...NEW, ...marks }, { ...OPEN, ...circumstances }, now)).to.deep.equal(decision),
    )
})

describe('the conditions of an automatic reply', () => {
  const weekendNights: Conditions = { dayOfWeek: [0, 6], timeRange: { start: '18:00', end: '09:00' } }
  const cases: readonly [string, Conditions, MomentOfDay, boolean][] = [
    ['none: always', {}, at(3, '12:00'), true],
    ['a day', { dayOfWeek: [3] }, at(3, '00:00'), true],
    ['another day', { dayOfWeek: [3] }, at(4, '00:00'), false],
    ['the first minute of a range', { timeRange: { start: '08:00', end: '12:00' } }, at(1, '08:00'), true],
    ['its end is not in it', { timeRange: { start: '08:00', end: '12:00' } }, at(1, '12:00'), false],
    ['before midnight', weekendNights, at(6, '18:00'), true],
    ['after midnight it is still the night of the day before', weekendNights, at(0, '02:00'), true],
    ['the night from Sunday to Monday is Sunday’s', weekendNights, at(1, '08:59'), true],
    ['which ends in the morning', weekendNights, at(1, '09:00'), false],
    ['the night from Friday to Saturday is Friday’s', weekendNights, at(6, '02:00'), false],
    ['by day it is no night', weekendNights, at(0, '12:00'), false],
    [
      'from midnight to midnight is the whole day',
      { dayOfWeek: [2], timeRange: { start: '00:00', end: '00:00' } },
      at(2, '23:59'),
      true,
    ],
  ]
  for (const [name, conditions, moment, expected] of cases)
    it(name, () => expect(fitsConditions(conditions, moment, CALM)).to.equal(expected))

  it('count who waits and for how long', () => {
    const busy: Conditions = { queueSize: 3, maxWaitTime: 60 }
    expect(fitsConditions(busy, at(1, '10:00'), { queueSize: 3, longestWaitSeconds: 61 })).to.equal(true)
    expect(fitsConditions(busy, at(1, '10:00'), { queueSize: 2, longestWaitSeconds: 61 })).to.equal(false)
    expect(fitsConditions(busy, at(1, '10:00'), { queueSize: 3, longestWaitSeconds: 60 })).to.equal(false)
  })
})

describe('of several automatic replies', () => {
  const reply = (name: string, more: Partial<AutoResponse> = {}): AutoResponse => ({
    id: name,
    name,
    responseType: 'offline',
    message: name,
    trigger: { event: 'after-hours' },
    quickReplies: [],
    isActive: true,
    usageCount: 0,
    version: 1,
    createdAt: new Date(0),
    updatedAt: new Date(0),
    ...more,
  })
  const plain = reply('plain')
  const sunday = reply('sunday', { trigger: { event: 'after-hours', conditions: { dayOfWeek: [0] } } })
  const holiday = reply('holiday', { responseType: 'holiday' })
  const resting = reply('resting', {
    isActive: false,
    trigger: { event: 'after-hours', conditions: { dayOfWeek: [0], queueSize: 0 } },
  })
  const chosenAt = (moment: MomentOfDay): string | undefined =>
    responseFor([plain, sunday, holiday, resting], 'after-hours', moment, CALM)?.name

  it('the one for this day goes before the one for all', () => {
    expect(chosenAt(at(0, '12:00'))).to.equal('sunday')
    expect(chosenAt(at(1, '12:00'))).to.equal('plain')
  })

  it('the one for holidays is for holidays, and goes before the others', () => {
    expect(chosenAt(at(0, '12:00', { isHoliday: true }))).to.equal('holiday')
  })

  it('none is sent at what it was not made for', () => {
    expect(responseFor([plain, sunday], 'user-joined', at(0, '12:00'), CALM)).to.equal(undefined)
    expect(
      responseFor([reply('soon', { responseType: 'closing-soon' })], 'after-hours', at(0, '12:00'), CALM),
    ).to.equal(undefined)
    expect(
      responseFor(
        [reply('soon', { responseType: 'closing-soon' })],
        'after-hours',
        at(0, '12:00', { closesSoon: true }),
        CALM,
      )?.name,
    ).to.equal('soon')
  })
})

describe('placeholders', () => {
  const values = { name: 'Linh', organisation: 'Sông {name}', nextOpening: '09:00', waitingTime: '5 phút' }

  it('are filled in, once, and braces that are none stay', () => {
    expect(fillIn('{name}, {organisation} mở lúc {nextOpening}; { name } {0}', values)).to.equal(
      'Linh, Sông {name} mở lúc 09:00; { name } {0}',
    )
  })

  it('that there are not are refused, all of them', () => {
    expect(() => mustBeFillable('{name} {customer} {when}')).to.throw('{customer}, {when}')
    expect(() => mustBeFillable('{name}: {waitingTime} { } {nextOpening}')).not.to.throw()
  })
})

describe('what becomes of the FAQs that fit a text', () => {
  const of = (...scores: number[]): { score: number; isSure: boolean }[] =>
    scores.map((score) => ({ score, isSure: score >= 70 }))

  it('is one answer where one is sure, and then no offer', () => {
    expect(outcomesOf(of(90, 80, 60))).to.deep.equal(['answered', 'left', 'left'])
  })
  it('is an offer of the best two where none is sure, when the best reaches 20 or what the organisation says', () => {
    expect(outcomesOf(of(69, 20, 19))).to.deep.equal(['offered', 'offered', 'left'])
    expect(outcomesOf(of(69, 50, 45))).to.deep.equal(['offered', 'offered', 'left'])
    expect(outcomesOf(of(40, 3, 2))).to.deep.equal(['offered', 'offered', 'left'])
    expect(outcomesOf(of(40, 30), 35)).to.deep.equal(['offered', 'offered'])
    expect(outcomesOf(of(40, 30), 45)).to.deep.equal(['left', 'left'])
    expect(outcomesOf(of(19, 18))).to.deep.equal(['left', 'left'])
    expect(outcomesOf(of(69), 100)).to.deep.equal(['left'])
    expect(outcomesOf([])).to.deep.equal([])
  })
})
