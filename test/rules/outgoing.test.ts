// What outgoing HTTP reaches and what it never does: addresses in every spelling, names that lead inwards, redirects.

import type { lookup, LookupAddress } from 'node:dns'
import { expect } from 'chai'
import { isReachable, openHttpClient, type HttpClient } from '../../shared/kit/outside/http-client.ts'
import { anHttpPeer, type HttpPeer } from '../support/http-peer.ts'

const MESSAGE = { headers: { 'content-type': 'application/json' }, body: '{}' }

describe('an address that somebody chose', () => {
  const inwards = [
    '127.0.0.1',
    '127.255.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::127.0.0.1',
    'fe80::1',
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    '100::1',
  ]
  for (const address of inwards)
    it(`is not reached at ${address}`, () =>
      expect(isReachable('hooks.example', address, [])).to.equal(false))
  for (const address of ['93.184.216.34', '8.8.8.8', '::ffff:8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946'])
    it(`is reached at ${address}`, () => expect(isReachable('hooks.example', address, [])).to.equal(true))

  const exceptions: [string, string, string[], boolean][] = [
    ['hooks.internal', '10.1.2.3', ['hooks.internal'], true],
    ['other.internal', '10.1.2.3', ['hooks.internal'], false],
    ['x', '10.1.2.3', ['10.1.0.0/16'], true],
    ['x', '10.2.2.3', ['10.1.0.0/16'], false],
    ['x', '127.0.0.1', ['127.0.0.1'], true],
    ['x', '::ffff:10.1.2.3', ['10.1.0.0/16'], true],
    ['x', 'fd00::5', ['fd00::/8'], true],
    ['x', '10.1.2.3', ['fd00::/8', 'nonsense/99'], false],
  ]
  for (const [name, address, allowed, isAllowed] of exceptions) {
    it(`is ${isAllowed ? '' : 'not '}reached as ${name} at ${address} when ${allowed.join(', ')} may be`, () =>
      expect(isReachable(name, address, allowed)).to.equal(isAllowed))
  }
})

describe('outgoing HTTP', () => {
  let client: HttpPeer
  let outgoing: HttpClient
  const open = (allowed: string[] = ['127.0.0.1'], ask?: typeof lookup, patience = 5000): HttpClient => {
    outgoing = openHttpClient({ OUTGOING_ALLOWED: allowed, DELIVERY_TIMEOUT: patience }, ask)
    return outgoing
  }
  beforeEach(async () => {
    client = await anHttpPeer()
  })
  afterEach(async () => {
    await outgoing.close()
    await client.close()
  })

  it('brings what it is given, and says what was answered', async () => {
    client.answer = { status: 201, body: 'welcome\n\nin' }
    expect(await open().post(`${client.url}/here`, { ...MESSAGE, body: 'Xin chào' })).to.deep.include({
      isDone: true,
      code: 201,
      said: '201 welcome in',
    })
    expect(client.heard.map(({ path, body }) => [path, body.toString()])).to.deep.equal([
      ['/here', 'Xin chào'],
    ])
  })

  for (const url of [
    'http://127.0.0.1',
    'http://localhost',
    'http://2130706433',
    'http://0x7f.1',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://0.0.0.0',
  ]) {
    it(`does not reach ${url}, and knows that trying again cannot help`, async () => {
      const attempt = await open([]).post(`${url}:${client.port}/`, MESSAGE)
      expect(attempt).to.include({ isDone: false, isFinal: true })
      expect(attempt.said).to.include('which is not reached from here')
      expect(client.heard).to.deep.equal([])
    })
  }

  it("does not follow a redirect, to the address of the cloud's secrets or anywhere", async () => {
    client.answer = { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data/' } }
    expect(await open().post(client.url, MESSAGE)).to.deep.include({
      isDone: false,
      code: 302,
      said: '302: redirects are not followed',
    })
    expect(client.heard).to.have.length(1)
  })

  it('connects to the address that was checked: a name that changes its mind in between is refused the second time', async () => {
    const answers = ['127.0.0.1', '127.0.0.2']
    const ask = ((_name: string, _options: object, done: (error: null, addresses: LookupAddress[]) => void) =>
      done(null, [{ address: answers.shift() ?? '', family: 4 }])) as unknown as typeof lookup
    open(['127.0.0.1'], ask)
    client.answer = { status: 200, headers: { connection: 'close' } }
    expect((await outgoing.post(`http://turncoat.example:${client.port}/`, MESSAGE)).isDone).to.equal(true)
    const second = await outgoing.post(`http://turncoat.example:${client.port}/`, MESSAGE)
    expect(second).to.include({
      isDone: false,
      isFinal: true,
      said: 'turncoat.example leads to 127.0.0.2, which is not reached from here',
    })
  })

  it('refuses a name of which one address leads inwards, whichever is asked for first', async () => {
    const ask = ((_name: string, _options: object, done: (error: null, addresses: LookupAddress[]) => void) =>
      done(null, [
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ])) as unknown as typeof lookup
    expect((await open([], ask).post('http://both.example/', MESSAGE)).said).to.equal(
      'both.example leads to 10.0.0.1, which is not reached from here',
    )
  })

  it('does not wait for an answer that does not come', async () => {
    client.answer = 'hangs'
    expect(await open(['127.0.0.1'], undefined, 300).post(client.url, MESSAGE)).to.deep.include({
      isDone: false,
      said: 'no answer in time',
    })
  })

  it('takes the status of an answer whose body never ends', async () => {
    client.answer = 'trickles'
    expect(await open(['127.0.0.1'], undefined, 1500).post(client.url, MESSAGE)).to.deep.include({
      isDone: true,
      code: 200,
    })
  })

  it('reads no more of an answer than anybody looks at', async () => {
    client.answer = { status: 500, body: 'x'.repeat(5_000_000) }
    expect((await open().post(client.url, MESSAGE)).said).to.have.length(500)
  })

  it('hears how long it is asked to wait', async () => {
    client.answer = { status: 429, headers: { 'retry-after': '120' } }
    expect(await open().post(client.url, MESSAGE)).to.include({ isDone: false, retryAfter: 120_000 })
  })

  it("hears it as a date as well, on the other side's clock", async () => {
    client.answer = {
      status: 503,
      headers: { date: 'Mon, 03 Mar 2031 02:00:00 GMT', 'retry-after': 'Mon, 03 Mar 2031 02:05:00 GMT' },
    }
    expect(await open().post(client.url, MESSAGE)).to.include({ isDone: false, retryAfter: 300_000 })
    client.answer = { status: 503, headers: { 'retry-after': 'soon' } }
    expect(await outgoing.post(client.url, MESSAGE)).not.to.have.property('retryAfter')
  })

  it('says so when nobody is there', async () => {
    const attempt = await open().post('http://127.0.0.1:1/', MESSAGE)
    expect(attempt.isDone).to.equal(false)
    expect(attempt.isFinal).not.to.equal(true)
    expect(attempt.said).to.match(/ECONNREFUSED/)
  })
})
