import { expect } from 'chai'
import { PHONE_AS_TYPED } from '../../shared/kit/text/phone.ts'
import { BookingRequest } from '../../shared/bookings/schema.ts'
import { AppError, type Problem } from '../../shared/kit/declare/errors.ts'
import {
  compileSchema,
  id,
  instantGiven,
  nullable,
  shape,
  Type,
  type TSchema,
} from '../../shared/kit/declare/schema.ts'
import { GuestRequest, NewUser, UserPatch } from '../../shared/users/schema.ts'
import { TRIP } from '../support/people.ts'
import { OrganisationPatch } from '../../shared/organisations/schema.ts'

function problemsOf(schema: TSchema, value: unknown): readonly Problem[] {
  try {
    compileSchema(schema)(value, '/body')
    return []
  } catch (error) {
    if (error instanceof AppError) return error.errors ?? []
    throw error
  }
}

const said = (schema: TSchema, value: unknown): string[] =>
  problemsOf(schema, value)
    .map(({ path, message }) => `${path} ${message}`)
    .toSorted()

const PERSON = { email: 'somebody@demo.test', password: 'long-enough', fullName: 'Ai Đó', role: 'STAFF' }

describe('what comes in', () => {
  it('is told all that is wrong with it at once: missing, unknown, unfit', () => {
    expect(
      said(BookingRequest, {
        bookingType: 'CRUISE',
        scheduledDate: '2031-02-30',
        scheduledTime: '24:00',
        passengerCount: 0,
        purpose: 5,
        speed: 9,
      }),
    ).to.deep.equal([
      '/body/bookingType must be one of SINGLE_TRIP, MULTI_STOP, BLOCK_SCHEDULE',
      '/body/passengerCount must be >= 1',
      '/body/purpose must be string',
      '/body/scheduledDate must be a day, written YYYY-MM-DD',
      '/body/scheduledTime must be a time of day, written HH:mm',
      '/body/speed is unknown',
    ])
    expect(said(BookingRequest, {})).to.deep.equal(
      ['passengerCount', 'scheduledDate', 'scheduledTime'].map((name) => `/body/${name} is missing`),
    )
  })

  it('knows an id however its letters are written, alone, in lists and inside of other things', () => {
    const [low, high] = ['c0ffee00-0000-4000-8000-00000000abcd', 'C0FFEE00-0000-4000-8000-00000000ABCD']
    const Named = shape({
      one: id('x'),
      many: Type.Array(id('x')),
      inside: shape({ none: nullable(id('x')), some: nullable(id('x')) }),
    })
    expect(
      compileSchema(Named)({ one: high, many: [high, low], inside: { none: null, some: high } }, '/body'),
    ).to.deep.equal({ one: low, many: [low, low], inside: { none: null, some: low } })
    expect(said(Named, { one: 'NINE', many: [], inside: { none: null, some: high } })).to.deep.equal([
      '/body/one must be a UUID',
    ])
  })

  it('gets a business trip unless it says otherwise', () => {
    expect(compileSchema(BookingRequest)({ ...TRIP }, '/body').isBusinessTrip).to.equal(true)
    expect(
      compileSchema(BookingRequest)({ ...TRIP, isBusinessTrip: false }, '/body').isBusinessTrip,
    ).to.equal(false)
  })

  const wrong: readonly [string, TSchema, unknown, string][] = [
    ['a list where an object belongs', BookingRequest, [], '/body must be object'],
    ['nothing at all', BookingRequest, null, '/body must be object'],
    [
      'a number as text',
      BookingRequest,
      { ...TRIP, passengerCount: '2' },
      '/body/passengerCount must be integer',
    ],
    [
      'half a person',
      BookingRequest,
      { ...TRIP, passengerCount: 1.5 },
      '/body/passengerCount must be integer',
    ],
    [
      'a day without zeros',
      BookingRequest,
      { ...TRIP, scheduledDate: '2031-3-1' },
      '/body/scheduledDate must be a day, written YYYY-MM-DD',
    ],
    [
      'a time with seconds',
      BookingRequest,
      { ...TRIP, scheduledTime: '08:30:00' },
      '/body/scheduledTime must be a time of day, written HH:mm',
    ],
    ['a name of blanks', GuestRequest, { org: 'demo', name: '   ' }, '/body/name must not be blank'],
    [
      'a short password',
      NewUser,
      { ...PERSON, password: 'short' },
      '/body/password must NOT have fewer than 8 characters',
    ],
    ['no address', NewUser, { ...PERSON, email: 'nobody' }, '/body/email must be an e-mail address'],
    [
      'a phone number with words',
      NewUser,
      { ...PERSON, phone: 'call me' },
      `/body/phone must match pattern "${PHONE_AS_TYPED}"`,
    ],
    ['a change of nothing', UserPatch, {}, '/body must NOT have fewer than 1 properties'],
    [
      'a time zone that is none',
      OrganisationPatch,
      { timezone: 'Asia/Atlantis' },
      '/body/timezone must be an IANA time zone such as Asia/Ho_Chi_Minh',
    ],
    [
      'an instant without its offset',
      shape({ at: instantGiven('When.') }),
      { at: '2031-03-03T09:00:00' },
      '/body/at must be an instant, written like 2031-03-10T08:30:00Z',
    ],
    ['the organisation of somebody else', NewUser, { ...PERSON, orgId: 'x' }, '/body/orgId is unknown'],
  ]
  for (const [what, schema, value, problem] of wrong) {
    it(`is refused: ${what}`, () => expect(said(schema, value)).to.deep.equal([problem]))
  }

  it('is taken when it is right', () => {
    for (const phone of ['+84901234567', '0901 234 567', '(+84) 90-123.45.67', '０９０１２３４５６７'])
      expect(said(NewUser, { ...PERSON, phone })).to.deep.equal([])
    expect(
      said(OrganisationPatch, { timezone: 'Asia/Ho_Chi_Minh', settings: { onExpiry: 'escalate' } }),
    ).to.deep.equal([])
  })

  it('may be text in a query, where everything is', () => {
    const query = shape({ limit: Type.Integer({ default: 50 }), unread: Type.Optional(Type.Boolean()) })
    expect(compileSchema(query, { coerce: true })({ limit: '5', unread: 'true' }, '/query')).to.deep.equal({
      limit: 5,
      unread: true,
    })
    expect(compileSchema(query, { coerce: true })({}, '/query')).to.deep.equal({ limit: 50 })
    expect(() => compileSchema(query, { coerce: true })({ limit: 'five' }, '/query')).to.throw(
      '/query/limit must be integer',
    )
  })
})
