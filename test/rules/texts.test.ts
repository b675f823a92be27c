import { expect } from 'chai'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { isWebAddress } from '../../shared/kit/declare/formats.ts'
import {
  compileSchema,
  day,
  instantGiven,
  line,
  note,
  nullable,
  opaqueGiven,
  prose,
  shape,
  Type,
  type TSchema,
} from '../../shared/kit/declare/schema.ts'
import { isBlank, mustBeKeepable, oneLineOf } from '../../shared/kit/text/text.ts'

const problemsOf = (work: () => unknown): string[] => {
  try {
    work()
    return []
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return (error.errors ?? []).map(({ path, message }) => `${path} ${message}`)
  }
}
const takes = (schema: TSchema, value: unknown): boolean =>
  problemsOf(() => compileSchema(schema)(value, '')).length === 0

/** Zero width space, word joiner, Hangul filler, variation selector, combining grapheme joiner, soft hyphen, blank Braille, tag, BOM. */
const UNSEEN = [
  '\u200B',
  '\u2060',
  '\u3164',
  '\uFE0F',
  '\u034F',
  '\u00AD',
  '\u2800',
  '\u{E0020}',
  '\uFEFF',
  '\u115F',
  '\uFFA0',
  ' \n\t\u3000\u0007',
]

describe('a text', () => {
  it('is blank when nobody sees anything of it, whatever it holds', () => {
    expect(UNSEEN.filter((text) => !isBlank(text))).to.deep.equal([])
    expect([UNSEEN.join(''), ''].every(isBlank)).to.equal(true)
    expect(['a', '\u200Bé', '👨‍👩‍👧', '。', '्क', '\u0301'].filter(isBlank)).to.deep.equal([])
  })

  for (const [what, schema] of [
    ['a name', line('x')],
    ['a message', prose('x')],
  ] as const) {
    it(`is not taken as ${what} when it is blank`, () =>
      expect(UNSEEN.filter((text) => takes(schema, text))).to.deep.equal([]))
  }

  it('is one line where a name or a title belongs: no line break, no control, no mark that turns the direction', () => {
    const wrong = [
      'a\nb',
      'a\r\nBcc: x@y.z',
      'a\u2028b',
      'a\u0085b',
      'a\tb',
      'a\u0000b',
      'a\u001Bb',
      '\u202Egpj.exe',
      'a\u2066b',
      'a\u200Fb',
      'a\u061Cb',
    ]
    expect(wrong.filter((text) => takes(line('x'), text))).to.deep.equal([])
    expect(
      ['Nguyễn Văn A', 'می‌خواهم', '👩‍🚒 xe', 'e\u0301'].filter((text) => !takes(line('x'), text)),
    ).to.deep.equal([])
    expect(takes(prose('x'), 'hai\ndòng')).to.equal(true)
    expect(oneLineOf('Họp\r\nBcc: \u202Exyz\u2028 hết ')).to.equal('Họp Bcc: xyz hết')
  })
})

describe('what can be kept', () => {
  const faults: readonly [string, unknown, string][] = [
    ['half a character', { a: ['x\ud800'] }, '/body/a/0 holds half a character (a lone surrogate)'],
    [
      'half a character in a key',
      { 'x\udfff': 1 },
      '/body/x\ufffd holds half a character (a lone surrogate)',
    ],
    ['U+0000', { a: { b: '\u0000' } }, '/body/a/b holds a character that cannot be kept (U+0000)'],
    [
      'U+0000 in a key',
      { 'a\u0000/~': 1 },
      '/body/a\ufffd~1~0 holds a character that cannot be kept (U+0000)',
    ],
    ['a number beyond all bounds', [Number.POSITIVE_INFINITY], '/body/0 is a number beyond all bounds'],
  ]
  for (const [what, value, problem] of faults) {
    it(`is not ${what}`, () =>
      expect(problemsOf(() => mustBeKeepable(value, '/body'))).to.deep.equal([problem]))
  }

  it('is 32 levels deep and no deeper, and finding that out takes no recursion', () => {
    const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`)
    expect(problemsOf(() => mustBeKeepable(nested(32), '/body'))).to.deep.equal([])
    expect(problemsOf(() => mustBeKeepable(nested(34), '/body'))).to.have.length(1)
    expect(problemsOf(() => mustBeKeepable(nested(500_000), '/body'))).to.have.length(1)
  })

  it('is everything else', () => {
    expect(
      problemsOf(() =>
        mustBeKeepable(
          { a: 'é 😀', b: [String.raw`\u0000`, '\uffff'], c: null, d: -0, e: true, '': {} },
          '/body',
        ),
      ),
    ).to.deep.equal([])
  })

  it('has a bound where somebody else chose the names', () => {
    expect([
      takes(opaqueGiven('x', 20), { a: 'x'.repeat(10) }),
      takes(opaqueGiven('x', 20), { a: 'ộ'.repeat(5) }),
    ]).to.deep.equal([true, false])
  })
})

describe('null', () => {
  const Ask = shape({
    must: note('x'),
    may: Type.Optional(note('x')),
    byDefault: Type.Optional(Type.Boolean({ default: true })),
    clears: Type.Optional(nullable(note('x'))),
    inner: Type.Optional(shape({ may: Type.Optional(note('x')) })),
  })
  it('stands for absent in optional fields, at every level, and for itself where it means something', () => {
    expect(
      compileSchema(Ask)({ must: '', may: null, byDefault: null, clears: null, inner: { may: null } }, ''),
    ).to.deep.equal({ must: '', byDefault: true, clears: null, inner: {} })
    expect(problemsOf(() => compileSchema(Ask)({ must: null }, ''))).to.deep.equal(['/must must be string'])
  })

  it('changes nothing in a patch of fields that cannot be cleared, and is refused when that is all', () => {
    const Patch = Type.Partial(shape({ name: line('x'), phone: nullable(line('x')) }), {
      additionalProperties: false,
      minProperties: 1,
    })
    expect(compileSchema(Patch)({ name: null, phone: null }, '')).to.deep.equal({ phone: null })
    expect(problemsOf(() => compileSchema(Patch)({ name: null }, ''))).to.deep.equal([
      ' must NOT have fewer than 1 properties',
    ])
  })

  it('is a fault in what we answer', () =>
    expect(
      problemsOf(() => compileSchema(Ask, { isReply: true })({ must: '', may: null }, '')),
    ).to.deep.equal(['/may must be string']))
})

describe('an instant', () => {
  it('is one that exists, in the years 1 to 9999', () => {
    const wrong = [
      '0000-01-01T00:00:00Z',
      '2031-02-29T00:00:00Z',
      '2031-03-10T23:59:60Z',
      '2031-03-10T24:00:00Z',
      '0001-01-01T00:00:00+14:00',
      '9999-12-31T23:59:59-14:00',
      '2031-03-10T08:30:00',
    ]
    expect(wrong.filter((text) => takes(instantGiven('x'), text))).to.deep.equal([])
    expect(
      ['2031-03-10T08:30:00Z', '2032-02-29T08:30:00.123+07:00', '0001-01-01T00:00:00Z'].filter(
        (text) => !takes(instantGiven('x'), text),
      ),
    ).to.deep.equal([])
  })

  it('is, as a day, one of the calendar', () => {
    expect(
      ['0000-01-01', '2031-02-29', '2031-13-01', '2031-3-1', '20310301', '+12031-01-01'].filter((text) =>
        takes(day('x'), text),
      ),
    ).to.deep.equal([])
    expect(['2032-02-29', '0001-01-01', '9999-12-31'].filter((text) => !takes(day('x'), text))).to.deep.equal(
      [],
    )
  })
})

describe('the address of a service', () => {
  const wrong = [
    '',
    'not one',
    'http://127.0.0.1:99999/',
    'http://127.0.0.1:0/',
    'ftp://example.com/',
    'javascript:alert(1)',
    'http://',
    'http://a..b/',
    'http://-a.example/',
    `http://${'a'.repeat(64)}.example/`,
    `http://${'a.'.repeat(130)}example/`,
    'http://exa mple/',
    'http://[::1',
    '//example.com',
  ]
  for (const address of wrong)
    it(`is not "${address.slice(0, 40)}"`, () => expect(isWebAddress(address)).to.equal(false))
  for (const address of [
    'https://example.com',
    'http://127.0.0.1:65535/a?b#c',
    'http://[::1]:80/',
    'https://münchen.example./x',
    'http://my_host:8080',
  ])
    it(`is "${address}"`, () => expect(isWebAddress(address)).to.equal(true))
})
