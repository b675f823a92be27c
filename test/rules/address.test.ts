import { expect } from 'chai'
import {
  clientAddress,
  networkOf,
  readAddress,
  signAddress,
} from '../../shared/kit/outside/client-address.ts'

const settings = (TRUST_PROXY: number) => ({
  TRUST_PROXY,
  JWT_SECRET: ['a-secret-that-only-tests-know-long-enough', 'an-older-secret-that-only-tests-know-too'],
})

describe('an address', () => {
  for (const [spelled, one] of [
    ['1.2.3.4', '1.2.3.4'],
    [' 1.2.3.4:5678', '1.2.3.4'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['0000:0000:0000:0000:0000:ffff:0102:0304', '1.2.3.4'],
    ['[::FFFF:102:304]:80', '1.2.3.4'],
    ['2001:DB8:0:0:0::1', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
    ['unknown', undefined],
    ['', undefined],
    ['1.2.3', undefined],
    ['01.2.3.4', undefined],
    ['a\0', undefined],
  ] as const) {
    it(`written ${JSON.stringify(spelled)} is ${one ?? 'none'}`, () =>
      expect(readAddress(spelled)).to.equal(one))
  }

  it('of IPv6 counts with all others of its /64', () => {
    expect(
      new Set(['2001:db8::1', '2001:db8:0:0:ffff::2', '[2001:0db8::3]:80'].map(networkOf)),
    ).to.deep.equal(new Set(['2001:db8:0:0::/64']))
    expect(networkOf('2001:db8:0:1::1')).to.equal('2001:db8:0:1::/64')
    expect(['1.2.3.4', '::ffff:1.2.3.4', '1.2.3.4:9'].map(networkOf)).to.deep.equal(Array(3).fill('1.2.3.4'))
  })
})

describe('where a request comes from', () => {
  const from = (proxies: number, forwarded: string, signed = '') =>
    clientAddress(settings(proxies), { remote: '::ffff:127.0.0.1', forwarded, signed })

  it('is what our proxies saw, as many as there are, and nothing that a client wrote in front of it', () => {
    expect(from(0, '9.9.9.9')).to.equal('127.0.0.1')
    expect(from(1, '9.9.9.9, 5.6.7.8')).to.equal('5.6.7.8')
    expect(from(2, '9.9.9.9, 5.6.7.8, 10.0.0.1')).to.equal('5.6.7.8')
    expect(from(2, '10.0.0.1')).to.equal('10.0.0.1')
    expect(from(1, '')).to.equal('127.0.0.1')
    expect(from(1, '<script>')).to.equal('127.0.0.1')
  })

  it('is what our API saw and signed, whichever of the secrets signed it, and no forgery', () => {
    const signed = signAddress(settings(0), '5.6.7.8')
    expect(from(0, '9.9.9.9', signed)).to.equal('5.6.7.8')
    expect(
      clientAddress(
        { ...settings(0), JWT_SECRET: settings(0).JWT_SECRET.toReversed() },
        { remote: '1.1.1.1', forwarded: '', signed },
      ),
    ).to.equal('5.6.7.8')
    expect(from(0, '', signed.replace('5.6.7.8', '5.6.7.9'))).to.equal('127.0.0.1')
    expect(from(0, '', '5.6.7.8 x')).to.equal('127.0.0.1')
  })
})
