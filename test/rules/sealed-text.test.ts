import { expect } from 'chai'
import { currentMark, openSealed, sealText } from '../../shared/kit/outside/sealed-text.ts'

const OLD = { JWT_SECRET: ['the older secret, long enough'] }
const BOTH = { JWT_SECRET: ['the newer secret, long enough', ...OLD.JWT_SECRET] }
const NEW = { JWT_SECRET: ['the newer secret, long enough'] }

describe('a sealed text', () => {
  it('opens with the secret that sealed it, shows nothing of what it says, and is another each time', () => {
    const sealed = sealText(OLD, 'totp of Mai', 'JBSWY3DPEHPK3PXP ế')
    expect(openSealed(OLD, 'totp of Mai', sealed)).to.equal('JBSWY3DPEHPK3PXP ế')
    expect(sealed).not.to.include('JBSWY')
    expect(sealText(OLD, 'totp of Mai', 'JBSWY3DPEHPK3PXP ế')).not.to.equal(sealed)
  })

  it('opens as long as its secret is listed, and says by its mark whether another seals now', () => {
    const sealed = sealText(OLD, 'totp', 'a')
    expect(openSealed(BOTH, 'totp', sealed)).to.equal('a')
    expect(openSealed(NEW, 'totp', sealed)).to.equal(undefined)
    expect(sealed.startsWith(`${currentMark(OLD)}.`)).to.equal(true)
    expect(sealed.startsWith(currentMark(BOTH))).to.equal(false)
    expect(sealText(BOTH, 'totp', 'a').startsWith(currentMark(NEW))).to.equal(true)
  })

  it('opens for nobody else, and not when a bit of it was changed, or it is none of ours', () => {
    const sealed = sealText(OLD, 'totp of Mai', 'a')
    expect(openSealed(OLD, 'totp of Nam', sealed)).to.equal(undefined)
    const [mark, text = ''] = sealed.split('.')
    const bytes = Buffer.from(text, 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes.map((byte, n) => (n === at ? byte ^ 1 : byte)))
      expect(openSealed(OLD, 'totp of Mai', `${mark}.${changed.toString('base64url')}`)).to.equal(undefined)
    }
    for (const none of ['', '.', `${mark}.`, `${mark}.AAAA`, 'ffffffff.AAAA'])
      expect(openSealed(OLD, 'totp of Mai', none)).to.equal(undefined)
  })
})
