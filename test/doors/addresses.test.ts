// Whoever may choose their address has no limit. X-Forwarded-For counts for as much as TRUST_PROXY says, on every door.

import { expect } from 'chai'
import { io } from 'socket.io-client'
import { caller, type Reply } from '../support/client.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const wrong = (w: World, from: string, n: number): Promise<Reply> =>
  caller(w.url).post(
    '/auth/login',
    { email: `nobody${n}@demo.test`, password: 'wrong' },
    { 'x-forwarded-for': from },
  )

describe('sign-ins that fail', () => {
  let w: World
  beforeEach(async () => {
    w = await aWorld({ with: ['api'], env: { TRUST_PROXY: '1' } })
  })
  afterEach(() => w.end())

  const statuses = async (spellings: (n: number) => string): Promise<number[]> => {
    const seen: number[] = []
    for (let n = 0; n < 21; n++) seen.push((await wrong(w, spellings(n), n)).status)
    return seen
  }
  const SPELLINGS: Record<string, (n: number) => string> = {
    'addresses of one /64': (n) => `2001:db8::${n.toString(16)}:${n}`,
    'ports of one address': (n) => `1.2.3.4:${1000 + n}`,
    'spellings of one address': (n) =>
      ['1.2.3.4', '::ffff:1.2.3.4', '[::ffff:102:304]:80', '0:0:0:0:0:ffff:1.2.3.4'][n % 4] ?? '',
    'words before what the proxy saw': (n) => `9.9.9.${n}, 1.2.3.4`,
  }
  for (const [what, spelled] of Object.entries(SPELLINGS)) {
    it(`are twenty for all ${what}, and a neighbour has their own`, async () => {
      expect(await statuses(spelled)).to.deep.equal([...Array(20).fill(401), 429])
      expect((await wrong(w, '2001:db8:0:1::1', 99)).status).to.equal(401)
    })
  }

  it('count the same at the queue board as anywhere else', async () => {
    const form = (): Promise<Response> =>
      fetch(`${w.url}/admin/queues/sign-in`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
        body: 'email=ADMIN%40demo.test&password=wrong',
      })
    for (let n = 0; n < 5; n++) expect((await form()).status).to.equal(401)
    expect((await form()).status).to.equal(429)
    expect(
      (await w.anybody.post('/auth/login', { email: 'admin@demo.test', password: 'bellhop-demo' })).status,
    ).to.equal(429)
  })
})

for (const [proxies, taken] of [
  ['0', 'no more than any other address'],
  ['1', 'as many for each address that the proxy saw'],
] as const) {
  describe(`sockets through the API's port behind ${proxies} proxies`, () => {
    let w: World
    let employee: Person
    beforeEach(async () => {
      w = await aWorld({ env: { TRUST_PROXY: proxies, MAX_SOCKETS_PER_ADDRESS: '2' } })
      employee = await w.as('employee')
    })
    afterEach(() => w.end())
    const expected = proxies === '0' ? [true, true, false] : [true, true, true]

    it(`are ${taken}, as event streams`, async () => {
      const ending = new AbortController()
      const isIn: boolean[] = []
      for (let n = 0; n < 3; n++) {
        const response = await fetch(`${w.url}/events/stream`, {
          headers: {
            authorization: `Bearer ${employee.accessToken}`,
            'x-forwarded-for': `9.9.9.${n}`,
            'x-bellhop-client': `9.9.9.${n} x`,
          },
          signal: ending.signal,
        })
        const first = await response.body?.getReader().read()
        isIn.push(
          Buffer.from(first?.value ?? [])
            .toString()
            .includes('"t":"hello"'),
        )
      }
      ending.abort()
      expect(isIn).to.deep.equal(expected)
    })

    it(`are ${taken}, by long polling`, async () => {
      const clients = [0, 1, 2].map((n) =>
        io(`${w.url}/notifications`, {
          transports: ['polling'],
          forceNew: true,
          reconnection: false,
          auth: { token: employee.accessToken },
          extraHeaders: { 'x-forwarded-for': `9.9.8.${n}` },
        }),
      )
      const isIn = await Promise.all(
        clients.map(
          (client) =>
            new Promise((resolve) => {
              client
                .once('connected', () => resolve(true))
                .once('disconnect', () => resolve(false))
                .once('connect_error', () => resolve(false))
            }),
        ),
      )
      for (const client of clients) client.disconnect()
      await until('all of them are gone', async () =>
        (await w.runtime.metrics.sockets.get()).values.every(({ value }) => value === 0),
      )
      expect(isIn.toSorted()).to.deep.equal(expected.toSorted())
    })
  })
}
