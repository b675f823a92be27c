import { expect } from 'chai'
import { isLoopback, mustNotShowDemonstration } from '../../bin/demonstration-host.ts'

describe('the demonstration, whose passwords everybody knows', () => {
  for (const host of ['127.0.0.1', '127.0.0.2', '::1', 'localhost'])
    it(`is shown on ${host}`, () => expect(isLoopback(host)).to.equal(true))

  for (const host of ['0.0.0.0', '::', '192.168.1.2', '127.0.0.1.example', 'example.com']) {
    it(`is not shown on ${host}, unless somebody said so`, () => {
      const show = (asked?: string) => () => mustNotShowDemonstration({ host, asked, hasDemonstration: true })
      expect(show()).to.throw(`HOST is ${host}`)
      expect(show('off')).to.throw('SEED_DEMO=on')
      expect(show('on')).not.to.throw()
      expect(() =>
        mustNotShowDemonstration({ host, asked: undefined, hasDemonstration: false }),
      ).not.to.throw()
    })
  }
})
