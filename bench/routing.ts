// How fast a booking finds its manager: HTTP → row + outbox → worker → event on the manager's socket, over real processes
// and durable servers; beside it, in the same run, a bare BullMQ job on the same Redis. `npm run bench:routing`.

import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { WebSocket } from 'ws'
import { freePort } from '../bin/embedded/ports.ts'
import { DEMO_PASSWORD } from '../shared/demonstration/seed.ts'
import { openBench, ROOT, untilAnswering } from './bellhop.ts'

const BOOKINGS = 800
const IN_FLIGHT = 32
const CALM_RATE = 40
const CALM_SECONDS = 8
const ROUNDS = 3

interface Figures {
  perSecond: number
  p50: number
  p99: number
}

const ports = { api: await freePort(), realtime: await freePort() }
const bench = await openBench({
  PORT: String(ports.api),
  REALTIME_PORT: String(ports.realtime),
  SOCKETIO_PORT: '0',
  APPROVAL_FIRST_REMINDER: '12h',
})
const url = `http://127.0.0.1:${ports.api}`

try {
  await bench.run('bin/migrate.ts', { NODE_ENV: 'development', SEED_DEMO: 'on' })
  for (const file of ['api/main.ts', 'workers/main.ts', 'realtime/main.ts']) bench.launch(file)
  await untilAnswering([`${url}/readyz`, `http://127.0.0.1:${ports.realtime}/readyz`])
  const rounds = []
  for (let round = 1; round <= ROUNDS; round++) {
    rounds.push({ bookings: await measureBookings(), bare: await measureBareJobs() })
    process.stdout.write(`round ${round}: ${JSON.stringify(rounds.at(-1))}\n`)
  }
  const report = reportOf(rounds)
  process.stdout.write(`\n${report}`)
  await writeFile(path.join(ROOT, 'bench', 'routing.md'), report)
} finally {
  await bench.stop()
}

async function signIn(name: string): Promise<string> {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${name}@demo.test`, password: DEMO_PASSWORD }),
  })
  const { accessToken } = (await response.json()) as { accessToken: string }
  return accessToken
}

/** Closed loop for the rate, then a calm open loop for the latency, from the row's instant to the manager's socket. */
async function measureBookings(): Promise<Figures> {
  const [employee, manager] = [await signIn('employee'), await signIn('manager')]
  const createdAt = new Map<string, number>()
  const heardAt = new Map<string, number>()
  const socket = new WebSocket(`ws://127.0.0.1:${ports.realtime}/ws`, ['bellhop.v1'], {
    headers: { authorization: `Bearer ${manager}` },
  })
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data))
    if (frame.ev === 'approval.requested') heardAt.set(frame.data.bookingId, Date.now())
  })
  await once(socket, 'open')
  const ask = async (): Promise<void> => {
    const response = await fetch(`${url}/bookings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${employee}` },
      body: JSON.stringify({
        bookingType: 'SINGLE_TRIP',
        scheduledDate: '2030-01-15',
        scheduledTime: '09:00',
        passengerCount: 1,
      }),
    })
    const booking = (await response.json()) as { id: string; createdAt: string }
    createdAt.set(booking.id, Date.parse(booking.createdAt))
  }
  const allHeard = async (count: number): Promise<void> => {
    while (heardAt.size < count) await pause(5)
  }

  const began = performance.now()
  let left = BOOKINGS
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left-- > 0) await ask()
    }),
  )
  await allHeard(BOOKINGS)
  const perSecond = BOOKINGS / ((performance.now() - began) / 1000)

  createdAt.clear()
  const calm: Promise<void>[] = []
  for (let n = 0; n < CALM_RATE * CALM_SECONDS; n++) {
    calm.push(ask())
    await pause(1000 / CALM_RATE)
  }
  await Promise.all(calm)
  await allHeard(BOOKINGS + calm.length)
  socket.terminate()
  return { perSecond, ...percentiles([...createdAt].map(([id, at]) => (heardAt.get(id) ?? Number.NaN) - at)) }
}

/** The same rates for a job that does nothing: what the queue alone costs here. */
async function measureBareJobs(): Promise<Figures> {
  const name = `bare-${process.hrtime.bigint()}`
  const connection = new Redis(bench.redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue<{ at: number }>(name, { connection })
  const latencies: number[] = []
  let handled = 0
  const worker = new Worker<{ at: number }>(
    name,
    async (job) => {
      handled++
      latencies.push(Date.now() - job.data.at)
    },
    { connection: connection.duplicate(), concurrency: 10 },
  )
  await worker.waitUntilReady()
  const add = async (): Promise<void> =>
    void (await queue.add('bare', { at: Date.now() }, { removeOnComplete: true }))

  const began = performance.now()
  let left = BOOKINGS
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left-- > 0) await add()
    }),
  )
  while (handled < BOOKINGS) await pause(5)
  const perSecond = BOOKINGS / ((performance.now() - began) / 1000)

  latencies.length = 0
  for (let n = 0; n < CALM_RATE * CALM_SECONDS; n++) {
    void add()
    await pause(1000 / CALM_RATE)
  }
  while (handled < BOOKINGS + CALM_RATE * CALM_SECONDS) await pause(5)
  await worker.close()
  await queue.obliterate({ force: true })
  await queue.close()
  connection.disconnect()
  return { perSecond, ...percentiles(latencies) }
}

function percentiles(values: number[]): { p50: number; p99: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

function reportOf(rounds: readonly { bookings: Figures; bare: Figures }[]): string {
  const median = (values: number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
  const row = (label: string, kind: 'bookings' | 'bare'): string => {
    const of = (figure: keyof Figures): string =>
      median(rounds.map((round) => round[kind][figure])).toFixed(0)
    return `| ${label} | ${of('perSecond')} | ${of('p50')} | ${of('p99')} |`
  }
  const ratio = median(rounds.map((round) => round.bare.perSecond / round.bookings.perSecond))
  return `# A booking finds its manager

\`npm run bench:routing\`: ${BOOKINGS} bookings with ${IN_FLIGHT} in flight for the rate, then ${CALM_RATE}/s for ${CALM_SECONDS} s for the latency, ${ROUNDS} rounds, medians;
load, API, one worker, realtime, PostgreSQL (fsync on) and Redis (AOF every second) share ${availableParallelism()} cores. Latency in whole milliseconds of the wall clock:
for a booking from its row's instant to \`approval.requested\` on the manager's socket (HTTP → commit → outbox → job → commit → event log → socket);
for the bare job from \`add\` to its handler, which does nothing.

| what | per second | p50 ms | p99 ms |
|---|---|---|---|
${row('booking, end to end', 'bookings')}
${row('bare BullMQ job', 'bare')}

One booking is three transactions (request, route, deliver), two jobs and two alarms set; the bare job does ${ratio.toFixed(0)} times as many in the same time.
`
}
