// What the commonest uses send to PostgreSQL and Redis, all that follows from them included, beside the table in
// bench/round-trips.md. `npm run bench:round-trips` writes the table anew.

import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { sealAll } from '../../workers/audit-sealer.ts'
import { TRIP, type Name } from '../support/people.ts'
import { beginCounting, countDuring, uncounted, type RoundTrips } from '../support/round-trips.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const TABLE = path.resolve(import.meta.dirname, '../../bench/round-trips.md')
const isWriting = process.env['ROUND_TRIPS'] === 'write'
/** Of each, so that what is done now and then (marks, looks, seals) weighs what it does in a day. */
const TIMES = 20
const WORLD = { with: ['api', 'workers'] as const, env: { SMTP_URL: undefined } }
/** Milliseconds in which it is counted what the relay and its like send by themselves. */
const IDLE = 3000
/** Of what the table says; and twice of what is sent meanwhile, which is the more the longer a machine takes. */
const allowed = (known: number, meanwhile: number): number => known * 1.2 + 2 + 2 * meanwhile
/** Where each partition of the log stands is remembered for a tenth of a second, which on a slow machine is less than a request. */
const agedOf = (what: string): number => (what.startsWith('GET ') ? 8 : 0)

interface Use {
  what: string
  by: Name
  /** What has to be there first, and is not counted. @returns for each time what the use is about */
  first?: (w: World, times: number) => Promise<string[]>
  use: (person: Person, about: string, n: number) => Promise<{ status: number }>
}

const asked = async (w: World, times: number): Promise<string[]> => {
  const employee = await w.as('employee')
  const ids = []
  for (let n = 0; n < times; n++) ids.push((await employee.post('/bookings', TRIP)).body.id)
  return ids
}

const approvalsAsked = async (w: World, times: number): Promise<string[]> => {
  const ids = await asked(w, times)
  await w.settle()
  const manager = await w.as('manager')
  return Promise.all(ids.map(async (id) => (await manager.get(`/approvals/booking/${id}`)).body.id))
}

const oneRoom = async (w: World, times: number): Promise<string[]> => {
  const [employee, managerId] = [await w.as('employee'), await w.idOf('manager')]
  const { body } = await employee.post('/chat/conversations/with-user', { userId: managerId })
  return Array.from({ length: times }, () => body.id)
}

const tickets = async (w: World, times: number): Promise<string[]> => {
  const customer = await w.as('customer')
  const ids = []
  for (let n = 0; n < times; n++)
    ids.push((await customer.post('/supports', { description: `Ví ${n} nạp tiền không vào` })).body.id)
  return ids
}

const USES: readonly Use[] = [
  {
    what: 'A booking that a manager has to approve',
    by: 'employee',
    use: (person) => person.post('/bookings', TRIP),
  },
  {
    what: 'A booking that nobody has to approve',
    by: 'manager',
    use: (person) => person.post('/bookings', TRIP),
  },
  {
    what: 'Approving it',
    by: 'manager',
    first: approvalsAsked,
    use: (person, id) => person.post(`/approvals/${id}/approve`),
  },
  {
    what: 'Rejecting it',
    by: 'manager',
    first: approvalsAsked,
    use: (person, id) => person.post(`/approvals/${id}/reject`, { notes: 'Hết xe' }),
  },
  {
    what: 'Cancelling a booking that waits',
    by: 'employee',
    first: async (w, times) => {
      const ids = await asked(w, times)
      await w.settle()
      return ids
    },
    use: (person, id) => person.post(`/bookings/${id}/cancel`, { reason: 'USER_REQUEST' }),
  },
  {
    what: 'A message over HTTP to one reader who is away',
    by: 'employee',
    first: oneRoom,
    use: (person, id, n) => person.post(`/chat/rooms/${id}/messages`, { content: `Xin chào ${n}` }),
  },
  {
    what: 'Having read it',
    by: 'manager',
    first: async (w, times) => {
      const ids = await oneRoom(w, times)
      const employee = await w.as('employee')
      for (let n = 0; n < times; n++)
        await employee.post(`/chat/rooms/${ids[n]}/messages`, { content: `Tin ${n}` })
      await w.settle()
      return ids
    },
    use: (person, id, n) => person.post(`/chat/rooms/${id}/read`, { upTo: n + 1 }),
  },
  {
    what: 'GET /approvals/pending',
    by: 'manager',
    first: approvalsAsked,
    use: (person) => person.get('/approvals/pending'),
  },
  { what: 'GET /bookings', by: 'employee', first: asked, use: (person) => person.get('/bookings') },
  {
    what: 'GET /bookings/:id',
    by: 'employee',
    first: asked,
    use: (person, id) => person.get(`/bookings/${id}`),
  },
  {
    what: 'GET /notifications',
    by: 'manager',
    first: approvalsAsked,
    use: (person) => person.get('/notifications'),
  },
  {
    what: 'GET /notifications/unread-count',
    by: 'manager',
    first: approvalsAsked,
    use: (person) => person.get('/notifications/unread-count'),
  },
  { what: 'GET /chat/rooms', by: 'employee', first: oneRoom, use: (person) => person.get('/chat/rooms') },
  {
    what: 'GET /chat/rooms/:id/messages',
    by: 'employee',
    first: oneRoom,
    use: (person, id) => person.get(`/chat/rooms/${id}/messages`),
  },
  { what: 'GET /auth/me', by: 'employee', use: (person) => person.get('/auth/me') },
  {
    what: 'Opening a ticket',
    by: 'customer',
    use: (person, _about, n) => person.post('/supports', { description: `Ví ${n} nạp tiền không vào` }),
  },
  {
    what: 'Taking up a ticket',
    by: 'staff',
    first: tickets,
    use: (person, id) => person.patch(`/supports/${id}`, { status: 'in_progress' }),
  },
]

describe('what is sent to the servers', function () {
  let table: ReadonlyMap<string, RoundTrips>
  let idle: RoundTrips
  const found = new Map<string, RoundTrips>()
  before(async () => {
    beginCounting(process.env['ROUND_TRIPS'] === 'tell' ? (what) => console.log(what) : undefined)
    table = readTable(await readFile(TABLE, 'utf8').catch(() => ''))
    const w = await aWorld(WORLD)
    idle = await countDuring(() => pause(IDLE))
    await w.end()
  })
  after(async () => {
    if (isWriting) await writeFile(TABLE, tableOf(found))
  })

  for (const each of USES)
    it(`${each.what}: no more than the table says`, async () => {
      const { average, times } = await countUse(each)
      found.set(each.what, average)
      if (isWriting) return
      const known = table.get(each.what)
      if (!known) throw new Error(`${TABLE} does not say what this sends.`)
      const { statements, commands } = known
      expect(average.statements, 'statements').to.be.at.most(allowed(statements, idle.statements * times))
      const looks = agedOf(each.what)
      expect(average.commands, 'commands').to.be.at.most(allowed(commands, idle.commands * times) + looks)
    })
})

/** @returns `times`: how often, for each use, what is sent in `IDLE` was sent meanwhile */
async function countUse({ by, first, use }: Use): Promise<{ average: RoundTrips; times: number }> {
  const w = await aWorld(WORLD)
  try {
    const person = await w.as(by)
    const about = (await first?.(w, TIMES)) ?? []
    await w.settle()
    await sealAll(w.runtime)
    await w.settle()
    const since = performance.now()
    const sent = await countDuring(async () => {
      for (let n = 0; n < TIMES; n++) {
        const { status } = await use(person, about[n] ?? '', n)
        expect(status).to.be.within(200, 299)
      }
      await uncounted(() => w.settle())
      await sealAll(w.runtime)
      await uncounted(() => w.settle())
    })
    return {
      average: { statements: sent.statements / TIMES, commands: sent.commands / TIMES },
      times: (performance.now() - since) / IDLE / TIMES,
    }
  } finally {
    await w.end()
  }
}

const ROW = /^\| (.+) \| ([\d.]+) \| ([\d.]+) \|$/

function readTable(text: string): ReadonlyMap<string, RoundTrips> {
  const rows = text.split('\n').flatMap((line) => {
    const [, what, statements, commands] = ROW.exec(line) ?? []
    return what ? [[what, { statements: Number(statements), commands: Number(commands) }] as const] : []
  })
  return new Map(rows)
}

function tableOf(found: ReadonlyMap<string, RoundTrips>): string {
  const rows = [...found].map(
    ([what, { statements, commands }]) => `| ${what} | ${statements.toFixed(1)} | ${commands.toFixed(1)} |`,
  )
  return `# What the commonest uses send

\`npm run bench:round-trips\`: statements to PostgreSQL (BEGIN and COMMIT included) and commands to Redis (a script is one), of the
API and one worker, all that follows from a use included: routing, notifications, events, jobs, the seal of the audit. Averages
of ${TIMES}, one after the other, no mail server. \`npm test\` counts again, and fails where one of them rises.

| use | statements | commands |
|---|---|---|
${rows.join('\n')}
`
}
