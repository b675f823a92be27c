import { expect } from 'chai'
import { newTotpSecret, stepOfCode, totpUri } from '../../shared/users/totp.ts'

/** RFC 6238, appendix B: the secret "12345678901234567890", and the last six of its eight digits. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const CODES = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
] as const

describe('a code of an app', () => {
  for (const [second, code] of CODES)
    it(`is ${code} at second ${second}, as the standard says`, () => {
      expect(stepOfCode(SECRET, code, new Date(second * 1000))).to.equal(Math.floor(second / 30))
    })

  it('counts half a minute early and late, for whoever is slow, and no longer', () => {
    const at = (seconds: number) => stepOfCode(SECRET, '005924', new Date((1_234_567_890 + seconds) * 1000))
    expect([at(-30), at(0), at(29), at(30), at(59)]).to.deep.equal(Array(5).fill(41_152_263))
    expect([at(-31), at(60)]).to.deep.equal([undefined, undefined])
  })

  for (const wrong of ['', '12345', '1234567', 'abcdef', '287083'])
    it(`is not "${wrong}"`, () => {
      expect(stepOfCode(SECRET, wrong, new Date(59_000))).to.equal(undefined)
    })

  it('is of a secret of 160 bits, new each time, which an address hands to the app', () => {
    const secret = newTotpSecret()
    expect(secret).to.match(/^[A-Z2-7]{32}$/)
    expect(newTotpSecret()).not.to.equal(secret)
    const uri = new URL(totpUri(secret, 'Khách sạn: Mai', 'mai@demo.test'))
    expect(decodeURIComponent(uri.pathname)).to.match(/Khách sạn {2}Mai:mai@demo\.test$/)
    expect(uri.searchParams.get('secret')).to.equal(secret)
  })
})
