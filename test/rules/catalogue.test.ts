import { expect } from 'chai'
import { CANCELLATION_REASONS } from '../../shared/bookings/schema.ts'
import { formatDay, formatInstant, formatMoney } from '../../shared/kit/text/locale.ts'
import { CATALOGUE, deedsOf, type NotificationType } from '../../shared/notifications/catalogue.ts'
import { CATEGORIES, PRIORITIES } from '../../shared/notifications/schema.ts'
import { wordsFor } from '../../shared/notifications/words.ts'
import { LOCALES, type Locale } from '../../shared/organisations/schema.ts'
import { SAMPLE } from '../support/told.ts'

const TYPES = Object.keys(CATALOGUE).filter((key): key is NotificationType => key in CATALOGUE)

const readerOf = (locale: Locale) => ({ locale, timezone: 'Asia/Ho_Chi_Minh' })

/** The parameters that a text speaks of. */
function namesIn({ title, message }: { title: string; message: string }): string[] {
  const named = [...`${title} ${message}`.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1] ?? '')
  return [...new Set(named)].filter((name) => name in SAMPLE).toSorted()
}

/** What settles each that asks for a deed. All others only tell. */
const SETTLED: Readonly<Record<string, readonly string[]>> = {
  APPROVAL_REQUIRED: ['decision'],
  APPROVAL_REMINDER: ['decision'],
  DELEGATION_ENDED: ['delegation'],
  TRIPS_UNASSIGNED: ['assignment'],
  TRIP_INTERRUPTED: ['assignment'],
  RESOURCE_FREE: ['assignment'],
  REQUESTER_LEFT: ['review'],
  INBOX_ASSIGNED: ['reply'],
  APPROVAL_QUESTION: ['answer'],
  INBOX_ATTENTION: ['reply'],
  CONVERSATIONS_UNASSIGNED: ['reply'],
  SUPPORT_TICKET_CREATED: ['care'],
  SUPPORT_TICKET_MESSAGE: ['care'],
  TICKETS_UNASSIGNED: ['care'],
  SUPPORT_TICKET_DUE_SOON: ['answer', 'solution'],
  SUPPORT_TICKET_OVERDUE: ['answer', 'solution'],
  WEBHOOK_DISABLED: ['webhook'],
}

describe('what people are told', () => {
  for (const type of TYPES) {
    const deeds = SETTLED[type] ?? []
    it(`${type} ${deeds.length > 0 ? `asks for a deed, and is settled by ${deeds.join(' or ')}` : 'asks for nothing'}`, () => {
      expect(Object.entries(CATALOGUE[type]).find(([key]) => key === 'settledBy')?.[1] ?? []).to.deep.equal(
        deeds,
      )
      for (const kind of deeds.filter((each): each is 'care' => each !== ''))
        expect(deedsOf(type, [`${kind}:1`])).to.deep.equal([`${kind}:1`])
      if (deeds.length === 0) expect(deedsOf(type)).to.equal(null)
      else expect(() => deedsOf(type)).to.throw('is settled by')
      expect(() => deedsOf(type, [deeds.includes('webhook') ? 'care:1' : 'webhook:1'])).to.throw(
        'is settled by',
      )
    })
  }

  for (const type of TYPES) {
    for (const locale of LOCALES) {
      it(`${type} in ${locale}: whole sentences, with nothing left to fill in`, () => {
        const text = CATALOGUE[type][locale]
        const { title, message } = wordsFor(type, readerOf(locale), SAMPLE)
        for (const sentence of [title, message]) {
          expect(sentence.trim()).to.equal(sentence)
          expect(sentence).to.have.length.above(4)
          expect(sentence).not.to.match(/[{}]|undefined|null|\[object|\d{4}-\d{2}-\d{2}/)
        }
        for (const name of namesIn(text))
          expect(`${title} ${message}`, `${name} is said or chooses words`).to.satisfy(
            (words: string) =>
              words.includes(writtenIn(locale, name)) || new RegExp(`\\{${name}, select`).test(text.message),
          )
      })
    }

    it(`${type} speaks of the same things in every language`, () => {
      expect(namesIn(CATALOGUE[type].vi)).to.deep.equal(namesIn(CATALOGUE[type].en))
      expect(CATALOGUE[type].vi).not.to.deep.equal(CATALOGUE[type].en)
    })

    it(`${type} has its category and its priority`, () => {
      expect(CATEGORIES).to.include(CATALOGUE[type].category)
      expect(PRIORITIES).to.include(CATALOGUE[type].priority)
    })
  }

  it('fails rather than showing a hole when something to say is missing', () => {
    for (const type of TYPES) {
      for (const locale of LOCALES)
        expect(() => wordsFor(type, readerOf(locale), JSON.parse('{}')), `${type} in ${locale}`).to.throw()
    }
  })

  it('writes names as they are, markup and braces included', () => {
    const { message } = wordsFor('TRIP_STARTED', readerOf('vi'), { ...SAMPLE, code: '<b>{x}</b>' })
    expect(message).to.equal('<b>{x}</b> đã khởi hành.')
  })

  for (const locale of LOCALES) {
    it(`has a reason of its own for each cancellation, in ${locale}`, () => {
      const said = CANCELLATION_REASONS.map(
        (reason) => wordsFor('BOOKING_CANCELLED', readerOf(locale), { ...SAMPLE, reason }).message,
      )
      expect(new Set(said).size).to.equal(CANCELLATION_REASONS.length)
    })

    it(`says in ${locale} what came of an expiry and of a decision`, () => {
      const outcomes = ['approved', 'escalated', 'rejected'].map(
        (outcome) => wordsFor('APPROVAL_EXPIRED', readerOf(locale), { ...SAMPLE, outcome }).message,
      )
      expect(new Set(outcomes).size).to.equal(3)
      const deciders = ['person', 'policy', 'expiry'].map(
        (decidedBy) => wordsFor('BOOKING_APPROVED', readerOf(locale), { ...SAMPLE, decidedBy }).message,
      )
      expect(new Set(deciders).size).to.equal(3)
    })
  }
})

describe('days and times as people write them', () => {
  it('are Vietnamese for Vietnamese readers', () => {
    expect(formatDay('2031-03-10', 'vi')).to.match(/^10 (thg|tháng) 3,? (năm )?2031$/)
    expect(wordsFor('APPROVAL_REQUIRED', readerOf('vi'), { ...SAMPLE, kind: 'BOOKING' }).message).to.match(
      /10 (thg|tháng) 3.*2031.*09:00.*4 (thg|tháng) 3/,
    )
  })

  it('are English, day before month, for English readers', () =>
    expect(formatDay('2031-03-10', 'en')).to.equal('10 Mar 2031'))

  it('show the hour of the organisation, not of the server', () => {
    const at = new Date('2031-03-04T02:00:00Z')
    expect(formatInstant(at, 'en', 'Asia/Ho_Chi_Minh')).to.include('09:00')
    expect(formatInstant(at, 'en', 'Europe/Berlin')).to.include('03:00')
  })

  it('keep the day that was given, wherever the server stands', () => {
    expect(formatDay('2031-01-01', 'en')).to.equal('1 Jan 2031')
    expect(formatDay('2031-12-31', 'en')).to.equal('31 Dec 2031')
  })
})

function writtenIn(locale: Locale, name: string): string {
  const written: Record<string, unknown> = {
    ...SAMPLE,
    amount: formatMoney(SAMPLE.amount, locale),
    date: formatDay(SAMPLE.date, locale),
    details: SAMPLE.details[locale],
    deadline: formatInstant(SAMPLE.deadline, locale, 'Asia/Ho_Chi_Minh'),
  }
  return String(written[name])
}
