// A thousand customers write at 02:00: how long until every one of them has the one reply of the closed desk.
// HTTP → one statement → told → the desk's job → its reply, over real processes and durable servers. `npm run bench:night`.

import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../bin/embedded/ports.ts'
import { openAsOwner, rowsOf } from '../shared/kit/store/db.ts'
import { signAccessToken } from '../shared/users/tokens.ts'
import { openBench, ROOT, SECRET, untilAnswering } from './bellhop.ts'

const CUSTOMERS = 1000
const IN_FLIGHT = 100
const ROUNDS = 3

const port = await freePort()
const bench = await openBench({ PORT: String(port) })
const url = `http://127.0.0.1:${port}`
const db = openAsOwner(bench.databaseUrl)

interface Figures {
  accepted: number
  answered: number
  p50: number
  p99: number
}

try {
  await bench.run('bin/migrate.ts', { NODE_ENV: 'development', SEED_DEMO: 'on' })
  // Closed, whatever o'clock it is where this runs.
  await rowsOf(db, `update organisations set weekly_hours = '[]' where slug = 'demo'`)
  for (const file of ['api/main.ts', 'workers/main.ts']) bench.launch(file)
  await untilAnswering([`${url}/readyz`])
  const rounds: Figures[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    rounds.push(await measure(await seed()))
    process.stdout.write(`round ${round}: ${JSON.stringify(rounds.at(-1))}\n`)
  }
  const report = reportOf(rounds)
  process.stdout.write(`\n${report}`)
  await writeFile(path.join(ROOT, 'bench', 'night.md'), report)
} finally {
  await db.destroy()
  await bench.stop()
}

interface Customer {
  roomId: string
  token: string
}

/** Customers with a session and an empty room; the time it takes to open one is not what is measured. */
async function seed(): Promise<Customer[]> {
  const [org] = await rowsOf<{ id: string }>(db, `select id from organisations where slug = 'demo'`)
  const [orgId, now] = [org?.id ?? '', new Date()]
  const people = Array.from({ length: CUSTOMERS }, () => ({
    id: randomUUID(),
    sid: randomUUID(),
    roomId: randomUUID(),
  }))
  const times = { createdAt: now, updatedAt: now }
  await db('users').insert(
    people.map(({ id }) => ({
      id,
      orgId,
      email: `${id}@bench.test`,
      fullName: 'Khách',
      role: 'CUSTOMER',
      ...times,
    })),
  )
  await db('sessions').insert(
    people.map(({ id, sid }) => ({
      id: sid,
      orgId,
      userId: id,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + 86_400_000),
    })),
  )
  await db('rooms').insert(
    people.map(({ roomId }) => ({
      id: roomId,
      orgId,
      kind: 'SUPPORT',
      isOpenToStaff: true,
      continuation: 'inbox.answer',
      ...times,
    })),
  )
  await db('room_members').insert(
    people.map(({ id, roomId }) => ({ roomId, userId: id, roleInRoom: 'customer', joinedAt: now })),
  )
  await db('inbox_conversations').insert(
    people.map(({ id, roomId }) => ({ roomId, orgId, customerId: id, ...times })),
  )
  const keys = { JWT_SECRET: [SECRET], ACCESS_TOKEN_TTL: 86_400_000 }
  return people.map(({ id, sid, roomId }) => ({
    roomId,
    token: signAccessToken(
      keys,
      { sub: id, org: orgId, role: 'CUSTOMER', email: `${id}@bench.test`, sid },
      now,
    ).token,
  }))
}

async function measure(customers: readonly Customer[]): Promise<Figures> {
  const began = performance.now()
  const left = customers.values()
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const customer of left) await post(customer)
    }),
  )
  const accepted = (performance.now() - began) / 1000
  const roomIds = customers.map(({ roomId }) => roomId)
  for (;;) {
    const [row] = await rowsOf<{ count: number }>(
      db,
      `select count(*)::int as count from messages where room_id = any(:roomIds) and sender_type = 'bot'`,
      { roomIds },
    )
    if ((row?.count ?? 0) >= customers.length) break
    await pause(50)
  }
  const answered = (performance.now() - began) / 1000
  const [figures] = await rowsOf<{ p50: number; p99: number; most: number }>(
    db,
    `select percentile_cont(0.5) within group (order by late) as p50, percentile_cont(0.99) within group (order by late) as p99, max(replies)::int as most from (
       select extract(epoch from max(b.created_at) - min(m.created_at)) as late, count(b.id) as replies
       from messages m join messages b on b.room_id = m.room_id and b.sender_type = 'bot' where m.room_id = any(:roomIds) and m.sender_type = 'user' group by m.room_id) each`,
    { roomIds },
  )
  if (figures?.most !== 1) throw new Error(`Somebody got ${figures?.most} replies.`)
  return { accepted, answered, p50: figures.p50, p99: figures.p99 }
}

async function post({ roomId, token }: Customer): Promise<void> {
  const response = await fetch(`${url}/chat/rooms/${roomId}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'Còn phòng đêm nay không?' }),
  })
  if (response.status !== 201) throw new Error(`Refused with ${response.status}: ${await response.text()}`)
  await response.arrayBuffer()
}

function reportOf(rounds: readonly Figures[]): string {
  const median = (pick: (figures: Figures) => number): string =>
    (rounds.map(pick).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? 0).toFixed(1)
  return `# A thousand customers at 02:00

\`npm run bench:night\`: ${CUSTOMERS} customers of a closed desk write once each, ${IN_FLIGHT} at a time over HTTP; ${ROUNDS} rounds, medians. One API and one worker process,
PostgreSQL (fsync on) and Redis share ${availableParallelism()} cores with the load. Every one of them got exactly one reply, or the run would have failed.

| | seconds |
|---|---|
| until all were accepted | ${median(({ accepted }) => accepted)} |
| until all had their reply | ${median(({ answered }) => answered)} |
| from a message to its reply, p50 | ${median(({ p50 }) => p50)} |
| from a message to its reply, p99 | ${median(({ p99 }) => p99)} |
`
}
