// Every limit of shared/kit/process/limits.ts: hit, answered, counted, and no business of the neighbour's.

import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { LIMITS, readLimits, type Limit, type LimitName } from '../../shared/kit/process/limits.ts'
import { aPushBrowser } from '../support/browser-push.ts'
import { caller, type Caller, type Reply } from '../support/client.ts'
import { testConfig } from '../support/config.ts'
import type { Name } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { until } from '../support/until.ts'
import { beginUpload, bytesOnDisk, formWith, partHead, PNG, type SlowUpload } from '../support/upload.ts'
import { aWorld, type World } from '../support/world.ts'

const [HERE, THERE] = ['198.51.100.1', '198.51.100.2']
const from = (address: string) => ({ 'x-forwarded-for': address })

interface Case {
  /** What is counted, the n-th time; the one after `amount` is refused. */
  hit: (n: number) => Promise<Reply | void>
  neighbour: () => Promise<Reply>
  end?: () => void
}

/** Of an upload of one pixel the limit takes two. */
const BYTES = 700

async function aGuest(w: World, org = 'demo', address = HERE): Promise<Caller & { token: string }> {
  const { body } = await w.anybody.post('/auth/guest', { org, name: 'Khách' }, from(address))
  return { ...caller(w.url, body.accessToken), token: body.accessToken }
}

const upload = (by: Caller, address = HERE): Promise<Reply> =>
  by.post('/chat/attachments', formWith(PNG, 'a.png'), from(address))

/** Uploads that begin, and do not end, one for each of these; the next one is whole. */
function slowly(w: World, beginners: readonly string[], next: Caller, neighbour: () => Promise<Reply>): Case {
  const begun: SlowUpload[] = []
  return {
    neighbour,
    end: () => begun.forEach((each) => each.breakOff()),
    async hit(n) {
      const token = beginners[n]
      if (token === undefined) return upload(next)
      const slow = beginUpload(w.url, token, from(HERE))
      begun.push(slow)
      await slow.send(`${partHead()}x`)
      await until('it arrives', async () => (await bytesOnDisk(w.runtime)).length > n)
    },
  }
}

const tokenOf = async (w: World, name: Name): Promise<string> => (await w.as(name)).accessToken
const subscribe = (by: Caller, n: number): Promise<Reply> =>
  by.post('/notifications/subscriptions', {
    endpoint: `https://push.example/${n}-${Math.random()}`,
    keys: aPushBrowser().keys,
  })
const signIn = (w: World, email: string, address: string): Promise<Reply> =>
  w.anybody.post('/auth/login', { email, password: 'wrong' }, from(address))
const forgot = (w: World, email: string, address: string): Promise<Reply> =>
  w.anybody.post('/auth/forgot', { email }, from(address))
/** That it is only refused for its password is as good as a 200. */
const asLetIn = async (asked: Promise<Reply>): Promise<Reply> => ({
  ...(await asked),
  status: (await asked).status === 401 ? 200 : (await asked).status,
})

async function eventsBy(w: World, admin: Name): Promise<(n: number) => Promise<Reply>> {
  const { body } = await (await w.as(admin)).post('/api-keys', { name: 'Kho' })
  return (n) =>
    w.anybody.post(
      '/events',
      { id: `${admin}-${n}`, type: 'client.created', payload: { client: { name: 'An' } } },
      { 'x-api-key': body.key },
    )
}

const CASES: Readonly<Record<LimitName, (w: World) => Promise<Case>>> = {
  requests: async (w) => ({
    hit: () => w.anybody.get('/nowhere', from(HERE)),
    neighbour: async () => ({ ...(await w.anybody.get('/nowhere', from(THERE))), status: 200 }),
  }),
  forwarded: async (w) => ({
    hit: () => w.anybody.get('/realtime/stats', from(HERE)),
    neighbour: () => asLetIn(w.anybody.get('/realtime/stats', from(THERE))),
  }),
  'sign-in.account': async (w) => ({
    hit: (n) => signIn(w, 'driver@demo.test', `198.51.100.${n + 10}`),
    neighbour: () => asLetIn(signIn(w, 'staff@demo.test', HERE)),
  }),
  'sign-in.network': async (w) => ({
    hit: (n) => signIn(w, `nobody${n}@demo.test`, HERE),
    neighbour: () => asLetIn(signIn(w, 'nobody@demo.test', THERE)),
  }),
  'reset.account': async (w) => ({
    hit: (n) => forgot(w, n % 2 ? 'Driver@demo.test' : 'driver@demo.test', `198.51.100.${n + 10}`),
    neighbour: () => forgot(w, 'staff@demo.test', HERE),
  }),
  'reset.network': async (w) => ({
    hit: (n) => forgot(w, `nobody${n}@demo.test`, HERE),
    neighbour: () => forgot(w, 'nobody@demo.test', THERE),
  }),
  'guests.network': async (w) => ({
    hit: () => w.anybody.post('/auth/guest', { org: 'demo', name: 'A' }, from(HERE)),
    neighbour: () => w.anybody.post('/auth/guest', { org: 'demo', name: 'B' }, from(THERE)),
  }),
  'guests.organisation': async (w) => ({
    hit: (n) => w.anybody.post('/auth/guest', { org: 'demo', name: 'A' }, from(`198.51.100.${n}`)),
    neighbour: () => w.anybody.post('/auth/guest', { org: 'other', name: 'B' }, from(HERE)),
  }),
  'messages.person': async (w) => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const {
      body: { id },
    } = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
    return {
      hit: () => employee.post(`/chat/rooms/${id}/messages`, { content: 'Một' }),
      neighbour: () => manager.post(`/chat/rooms/${id}/messages`, { content: 'Hai' }),
    }
  },
  'messages.guest': async (w) => {
    const [one, other] = await Promise.all([aGuest(w), aGuest(w)])
    const roomOf = async (guest: Caller): Promise<string> =>
      (await guest.post('/chat/rooms/create', {})).body.id
    const [room, otherRoom] = [await roomOf(one), await roomOf(other)]
    return {
      hit: () => one.post(`/chat/rooms/${room}/messages`, { content: 'Một' }),
      neighbour: () => other.post(`/chat/rooms/${otherRoom}/messages`, { content: 'Hai' }),
    }
  },
  'events.organisation': async (w) => {
    const [own, others] = [await eventsBy(w, 'admin'), await eventsBy(w, 'foreignAdmin')]
    return { hit: own, neighbour: () => others(0) }
  },
  'tickets.person': async (w) => {
    const [driver, employee] = [await w.as('driver'), await w.as('employee')]
    return {
      hit: () => driver.post('/supports', { description: 'Pin hỏng' }),
      neighbour: () => employee.post('/supports', { description: 'Pin hỏng' }),
    }
  },
  'subscriptions.person': async (w) => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    return { hit: (n) => subscribe(employee, n), neighbour: () => subscribe(manager, 0) }
  },
  'subscriptions.guest': async (w) => {
    const [one, other] = await Promise.all([aGuest(w), aGuest(w)])
    return { hit: (n) => subscribe(one, n), neighbour: () => subscribe(other, 0) }
  },
  'uploads.person': async (w) => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    return slowly(w, [employee.accessToken, employee.accessToken], employee, () => upload(manager))
  },
  'uploads.guest': async (w) => {
    const [one, other] = await Promise.all([aGuest(w), aGuest(w)])
    return slowly(w, [one.token, one.token], one, () => upload(other))
  },
  'uploads.guests': async (w) => {
    const [one, two, three, elsewhere] = await Promise.all([
      aGuest(w),
      aGuest(w),
      aGuest(w),
      aGuest(w, 'other'),
    ])
    return slowly(w, [one.token, two.token], three, () => upload(elsewhere))
  },
  'uploads.network': async (w) => {
    const driver = await w.as('driver')
    return slowly(w, [await tokenOf(w, 'employee'), await tokenOf(w, 'foreigner')], driver, () =>
      upload(driver, THERE),
    )
  },
  'uploads.organisation': async (w) => {
    const [driver, foreigner] = [await w.as('driver'), await w.as('foreigner')]
    return slowly(w, [await tokenOf(w, 'employee'), await tokenOf(w, 'manager')], driver, () =>
      upload(foreigner),
    )
  },
  'upload-bytes.person': async (w) => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    return { hit: () => upload(employee), neighbour: () => upload(manager) }
  },
  'upload-bytes.guest': async (w) => {
    const [one, other] = await Promise.all([aGuest(w), aGuest(w)])
    return { hit: () => upload(one), neighbour: () => upload(other) }
  },
  'upload-bytes.guests': async (w) => {
    const guests = await Promise.all([aGuest(w), aGuest(w), aGuest(w)])
    const elsewhere = await aGuest(w, 'other')
    return { hit: (n) => upload(guests[n] ?? elsewhere), neighbour: () => upload(elsewhere) }
  },
  'upload-bytes.organisation': async (w) => {
    const people = [await w.as('employee'), await w.as('manager'), await w.as('driver')]
    const foreigner = await w.as('foreigner')
    return { hit: (n) => upload(people[n] ?? foreigner), neighbour: () => upload(foreigner) }
  },
}

const refusals = async ({ runtime }: World): Promise<number> =>
  (await runtime.metrics.refusals.get()).values.find(({ labels }) => labels.code === 'too_many_requests')
    ?.value ?? 0

describe('a limit', () => {
  for (const [name, prepare] of Object.entries(CASES)) {
    it(`${name} is kept, answered with a time to come back, counted, and leaves the neighbour alone`, async () => {
      const w = await aWorld({
        with: name === 'forwarded' ? ['api', 'realtime'] : ['api'],
        env: { TRUST_PROXY: '1', LIMITS: `${name}=${name.startsWith('upload-bytes') ? BYTES : 2}` },
      })
      const { hit, neighbour, end } = await prepare(w)
      for (let n = 0; n < 2; n++)
        expect((await hit(n))?.status, `the ${n + 1}. time`).not.to.be.oneOf([413, 429, 500, 503])
      const before = await refusals(w)
      const refused = await hit(2)
      if (!refused) throw new Error('Nothing was answered.')
      mustBeProblem(refused, 429, 'too_many_requests')
      expect(refused.body.detail).to.equal(LIMITS[name as LimitName].refusal)
      expect(Number(refused.headers.get('retry-after'))).to.be.greaterThan(0)
      expect(await refusals(w)).to.equal(before + 1)
      expect((await neighbour()).status).to.be.below(300)
      end?.()
      await w.end()
    })
  }

  it('of requests counts those whose token is not good by where they come from', async () => {
    const w = await aWorld({ with: ['api'], env: { TRUST_PROXY: '1', RATE_LIMIT_PER_MINUTE: '2' } })
    const ask = async (address: string): Promise<number> =>
      (await caller(w.url, 'made-up').get('/auth/me', from(address))).status
    expect([await ask(HERE), await ask(HERE), await ask(HERE), await ask(THERE)]).to.deep.equal([
      401, 401, 429, 401,
    ])
    await w.end()
  })

  it('that does not exist is refused at start', () => {
    expect(() => readLimits(testConfig({ DATABASE_URL: 'postgres://x', LIMITS: 'cats=1' }))).to.throw(
      'LIMITS names cats; there are requests,',
    )
  })

  it('stands in docs/OPERATIONS.md as it is', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/OPERATIONS.md'), 'utf8')
    const limits = readLimits(
      testConfig({ DATABASE_URL: 'postgres://x', RATE_LIMIT_PER_MINUTE: '', LIMITS: '' }),
    )
    const lines = Object.values<Limit>(limits).map(
      ({ name, amount, seconds, refusal }) =>
        `| \`${name}\` | ${LIMITS[name].who} | ${amount} | ${typeof seconds === 'number' ? `${seconds} s` : seconds} | ${refusal} |`,
    )
    expect(lines.filter((line) => !page.includes(`\n${line}\n`))).to.deep.equal([])
  })
})
