import { expect } from 'chai'
import { PolicyStep } from '../../shared/approvals/policy/schema.ts'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { PROBLEM_CODES } from '../../shared/kit/declare/problem-codes.ts'
import { compileSchema, type TSchema } from '../../shared/kit/declare/schema.ts'
import type { Language } from '../../web/shared/language.ts'
import { addFieldForms, sayFieldIn } from '../../web/shared/texts/field-problems.ts'
import { CONSOLE_FIELD_FORMS } from '../../web/texts/field-forms.ts'
import { REFUSALS_IN_VIETNAMESE, sayRefusalIn } from '../../web/texts/refusals.ts'

/** What pages answer themselves, or never cause. */
const NEVER_SHOWN = ['second_factor_required', 'choose_organisation', 'method_not_allowed', 'range']

describe('refusals of the server, in Vietnamese', () => {
  before(() => addFieldForms(CONSOLE_FIELD_FORMS))

  it('has words for every code that a page shows', () => {
    const shown = Object.keys(PROBLEM_CODES).filter((code) => !NEVER_SHOWN.includes(code))
    expect(shown.filter((code) => !REFUSALS_IN_VIETNAMESE[code])).to.deep.equal([])
    expect(Object.keys(REFUSALS_IN_VIETNAMESE).filter((code) => !(code in PROBLEM_CODES))).to.deep.equal([])
  })

  it('says what is wrong at a field, with its numbers, and leaves what it does not know as it was said', () => {
    expect(sayFieldIn('vi', 'is missing')).to.equal('Hãy điền mục này.')
    expect(sayFieldIn('vi', 'must NOT have more than 200 characters')).to.equal('Tối đa 200 ký tự.')
    expect(sayFieldIn('vi', 'must be >= 1')).to.equal('Ít nhất là 1.')
    expect(sayFieldIn('vi', 'must be an e-mail address')).to.equal('Không phải địa chỉ e-mail.')
    expect(sayFieldIn('vi', 'is on the moon')).to.equal('is on the moon')
    expect(sayFieldIn('en', 'is missing')).to.equal('Please fill this in.')
    expect(sayFieldIn('en', 'is on the moon')).to.equal('is on the moon')
  })

  it('says what is too short, no length of time, or none of a list, so that a person can follow it', () => {
    const tooShort = 'must NOT have fewer than 1 characters'
    expect(sayFieldIn('vi', tooShort)).to.equal('Hãy điền mục này.')
    expect(sayFieldIn('en', tooShort)).to.equal('Please fill this in.')
    const noTime = messageOf(PolicyStep, { approvers: [{ manager: 1 }], ttl: 'soon' })
    expect(sayFieldIn('vi', noTime)).to.equal('Cần một khoảng thời gian, ví dụ 30m, 4h, 2d.')
    expect(sayFieldIn('en', noTime)).to.equal('A length of time, e.g. 30m, 4h, 2d.')
    expect(sayFieldIn('vi', 'must be one of a, b')).to.equal('Chọn một trong: a, b.')
  })

  it('says which rule a request is against, in words of its own where it has them', () => {
    const sayIn = (language: Language, detail: string, code = 'invalid'): string =>
      sayRefusalIn(language, { code, detail })
    expect(sayIn('vi', 'scheduledDate has passed')).to.equal('Ngày này đã qua. Hãy chọn ngày khác.')
    expect(sayIn('en', 'scheduledDate has passed')).to.equal('This day has passed. Choose a later one.')
    expect(sayIn('vi', 'Rejection reason is required')).to.equal('Hãy điền lý do.')
    expect(sayIn('en', 'Rejection reason is required')).to.equal('Please say why.')
    expect(sayIn('vi', 'A hand-over says something: odometerKm, level, note or attachments')).to.match(
      /^Hãy điền số km/,
    )
    expect(sayIn('vi', 'Xe 7 takes 7 people, and 40 travel', 'over_capacity')).to.equal(
      'Xe 7 có 7 chỗ, còn đoàn có 40 người.',
    )
    expect(sayIn('vi', 'something new')).to.equal('Yêu cầu trái với một quy tắc: something new')
    expect(sayIn('en', 'something new')).to.equal('something new')
    expect(sayIn('vi', 'x', 'not_found')).to.equal(REFUSALS_IN_VIETNAMESE['not_found'])
  })
})

/** What the first door says of one wrong value. */
function messageOf(schema: TSchema, value: unknown): string {
  try {
    compileSchema(schema)(value, '/body')
  } catch (error) {
    if (error instanceof AppError) return error.errors?.[0]?.message ?? ''
    throw error
  }
  throw new Error('It was taken')
}
