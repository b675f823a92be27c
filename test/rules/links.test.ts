import { expect } from 'chai'
import { publicUrl, readSignedId, signedId } from '../../shared/kit/outside/signature.ts'

const ID = '6f0ad0d4-4c39-4dd5-9d0b-2f7a6c1d2b10'
const [OLD, NEW] = ['o'.repeat(32), 'n'.repeat(32)]

describe('an id with our signature', () => {
  const signed = signedId({ JWT_SECRET: [OLD] }, 'decisions', ID)

  it('is read by whoever has the secret, for what it was signed for', () => {
    expect(readSignedId({ JWT_SECRET: [OLD] }, 'decisions', signed)).to.equal(ID)
    expect(readSignedId({ JWT_SECRET: [OLD] }, 'unsubscribe booking', signed)).to.equal(undefined)
    expect(readSignedId({ JWT_SECRET: [NEW] }, 'decisions', signed)).to.equal(undefined)
  })

  it('outlives a rotation for as long as the old secret is listed', () =>
    expect(readSignedId({ JWT_SECRET: [NEW, OLD] }, 'decisions', signed)).to.equal(ID))

  for (const wrong of [
    '',
    ID,
    `${ID}.`,
    `${signed} `,
    `${signed}=`,
    signed.slice(1),
    signed.replace('6f', '7f'),
    signed.toUpperCase(),
    `${ID}.${'A'.repeat(43)}`,
  ]) {
    it(`is none: "${wrong.slice(0, 50)}"`, () =>
      expect(readSignedId({ JWT_SECRET: [OLD] }, 'decisions', wrong)).to.equal(undefined))
  }
})

describe('the public address', () => {
  it('is the one that is set, or this machine', () => {
    expect(publicUrl({ PUBLIC_URL: 'https://bellhop.example//', PORT: 3000 })).to.equal(
      'https://bellhop.example',
    )
    expect(publicUrl({ PUBLIC_URL: undefined, PORT: 3005 })).to.equal('http://localhost:3005')
  })
})
