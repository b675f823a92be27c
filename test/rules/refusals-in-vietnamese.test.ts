import { expect } from 'chai'
import { PROBLEM_CODES } from '../../shared/kit/declare/problem-codes.ts'
import { sayFieldIn } from '../../web/shared/texts/field-problems.ts'
import { REFUSALS_IN_VIETNAMESE } from '../../web/shared/texts/refusals.ts'

/** What pages answer themselves, or never cause. */
const NEVER_SHOWN = ['second_factor_required', 'choose_organisation', 'method_not_allowed', 'range']

describe('refusals of the server, in Vietnamese', () => {
  it('has words for every code that a page shows', () => {
    const shown = Object.keys(PROBLEM_CODES).filter((code) => !NEVER_SHOWN.includes(code))
    expect(shown.filter((code) => !REFUSALS_IN_VIETNAMESE[code])).to.deep.equal([])
    expect(Object.keys(REFUSALS_IN_VIETNAMESE).filter((code) => !(code in PROBLEM_CODES))).to.deep.equal([])
  })

  it('says what is wrong at a field, with its numbers, and leaves what it does not know as it was said', () => {
    expect(sayFieldIn('vi', 'is missing')).to.equal('Cần điền.')
    expect(sayFieldIn('vi', 'must NOT have more than 200 characters')).to.equal('Tối đa 200 ký tự.')
    expect(sayFieldIn('vi', 'must be >= 1')).to.equal('Ít nhất là 1.')
    expect(sayFieldIn('vi', 'must be an e-mail address')).to.equal('Không phải địa chỉ e-mail.')
    expect(sayFieldIn('vi', 'is on the moon')).to.equal('is on the moon')
    expect(sayFieldIn('en', 'is missing')).to.equal('is missing')
  })
})
