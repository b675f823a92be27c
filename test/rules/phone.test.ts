import { expect } from 'chai'
import { phonePatternOf, possibleNumbers, toE164 } from '../../shared/kit/text/phone.ts'

const VIETNAM = 'Asia/Ho_Chi_Minh'

describe('a telephone number', () => {
  it('is one number, however somebody writes it', () => {
    for (const typed of [
      '+84901234567',
      '0901234567',
      '090 123 45 67',
      '090.123.45.67',
      '0084 90 123 4567',
      '84901234567',
      '+84 (0) 90-123-4567',
      '０９０１２３４５６７',
      '\u200b0901\u00a0234\u202f567',
    ]) {
      expect(toE164(typed, VIETNAM), typed).to.equal('+84901234567')
      expect(possibleNumbers(typed), typed).to.include('+84901234567')
    }
  })

  it('is one of the country that most people of the time zone live in, unless it names another', () => {
    expect(toE164('030 123456', 'Europe/Berlin')).to.equal('+4930123456')
    expect(toE164('02 123 4567', 'Asia/Bangkok')).to.equal('+6621234567')
    expect(toE164('+1 415 555 2671', VIETNAM)).to.equal('+14155552671')
    expect(toE164('0901234567', 'Asia/Saigon')).to.equal('+84901234567')
    expect(toE164('0901234567', 'UTC')).to.equal(undefined)
  })

  it('is none where no telephone could have it', () => {
    for (const typed of ['123456', '+84901', '', '+999 123 456 789', '090 123 45 67 ext 5'])
      expect(toE164(typed, VIETNAM), typed).to.equal(undefined)
    expect(possibleNumbers('employee1234567@demo.test')).to.deep.equal([])
  })

  it('is found by a part of it', () => {
    expect(phonePatternOf('0901 23')).to.equal('%90123%')
    expect(phonePatternOf('+84 (0) 90')).to.equal('%8490%')
    expect(phonePatternOf('An')).to.equal(null)
    expect(phonePatternOf('12')).to.equal(null)
  })
})
