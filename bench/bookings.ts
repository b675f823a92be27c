// How fast a booking finds its manager: HTTP → rows → worker → event on the manager's socket, over real processes and durable
// servers; beside it, in the same run, the documents' own way of doing it. `npm run bench:bookings`.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { freePort } from '../bin/embedded/ports.ts'
import { DEMO_PASSWORD } from '../shared/demonstration/seed.ts'
import { openBench, processorTime, ROOT, untilAnswering } from './bellhop.ts'

const BOOKINGS = 800
const IN_FLIGHT = 32
const CALM_RATE = 10
const CALM_SECONDS = 10
const ROUNDS = 3

interface Figures {
  perSecond: number
  /** Milliseconds of a core that each booking takes of the processes together, servers not counted. */
  processor: number
  p50: number
  p99: number
}

type Side = 'bellhop' | 'documents'
const SIDES = ['documents', 'bellhop'] as const satisfies readonly Side[]

const ports = { api: await freePort(), realtime: await freePort(), documents: await freePort() }
const bench = await openBench({
  PORT: String(ports.api),
  REALTIME_PORT: String(ports.realtime),
  SOCKETIO_PORT: '0',
  APPROVAL_FIRST_REMINDER: '12h',
})
const url = { bellhop: `http://127.0.0.1:${ports.api}`, documents: `http://127.0.0.1:${ports.documents}` }

try {
  await bench.run('bin/migrate.ts', { NODE_ENV: 'development', SEED_DEMO: 'on' })
  const processes = {
    bellhop: ['api/main.ts', 'workers/main.ts', 'realtime/main.ts'].map((file) => bench.launch(file)),
    documents: [
      bench.launch('bench/bookings/documents.ts', {
        PORT: String(ports.documents),
        DATABASE_URL: bench.administratorUrl,
      }),
    ],
  }
  await untilAnswering([`${url.bellhop}/readyz`, `http://127.0.0.1:${ports.realtime}/readyz`, url.documents])
  const rounds: Record<Side, Figures>[] = []
  // The first round warms the compilers up, and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    const figures = {
      documents: await measure('documents', processes.documents),
      bellhop: await measure('bellhop', processes.bellhop),
    }
    process.stdout.write(`round ${round}: ${JSON.stringify(figures)}\n`)
    if (round > 0) rounds.push(figures)
  }
  const report = reportOf(rounds)
  process.stdout.write(`\n${report}`)
  await writeFile(path.join(ROOT, 'bench', 'bookings.md'), report)
} finally {
  await bench.stop()
}

async function signIn(name: string): Promise<string> {
  const response = await fetch(`${url.bellhop}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${name}@demo.test`, password: DEMO_PASSWORD }),
  })
  const { accessToken } = (await response.json()) as { accessToken: string }
  return accessToken
}

/** A socket of the manager's, who hears bookings by their ids. */
async function listen(side: Side, token: string, hear: (bookingId: string) => void): Promise<WebSocket> {
  if (side === 'bellhop') {
    const socket = new WebSocket(`ws://127.0.0.1:${ports.realtime}/ws`, ['bellhop.v1'], {
      headers: { authorization: `Bearer ${token}` },
    })
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data))
      if (frame.ev === 'approval.requested') hear(frame.data.bookingId)
    })
    await once(socket, 'open')
    return socket
  }
  // Socket.IO's frames by hand, so that no client library weighs in.
  const socket = new WebSocket(`ws://127.0.0.1:${ports.documents}/socket.io/?EIO=4&transport=websocket`)
  const joined = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const frame = String(data)
      if (frame === '2') socket.send('3')
      if (frame.startsWith('0')) socket.send(`40${JSON.stringify({ token })}`)
      if (frame.startsWith('40')) resolve()
      if (frame.startsWith('42')) hear(JSON.parse(frame.slice(2))[1].bookingId)
    })
  })
  await joined
  return socket
}

/** Closed loop for the rate, then a calm open loop for the latency, from the row's instant to the manager's socket. */
async function measure(side: Side, processes: readonly ChildProcess[]): Promise<Figures> {
  const [employee, manager] = [await signIn('employee'), await signIn('manager')]
  const createdAt = new Map<string, number>()
  const heardAt = new Map<string, number>()
  const socket = await listen(side, manager, (bookingId) => heardAt.set(bookingId, Date.now()))
  const ask = async (): Promise<void> => {
    const response = await fetch(`${url[side]}/bookings`, {
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

  const spent = async (): Promise<number> =>
    (await Promise.all(processes.map(processorTime))).reduce((sum, each) => sum + each, 0)
  const spentBefore = await spent()
  const began = performance.now()
  let left = BOOKINGS
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left-- > 0) await ask()
    }),
  )
  await allHeard(BOOKINGS)
  const perSecond = BOOKINGS / ((performance.now() - began) / 1000)
  const processor = ((await spent()) - spentBefore) / BOOKINGS

  createdAt.clear()
  const calm: Promise<void>[] = []
  for (let n = 0; n < CALM_RATE * CALM_SECONDS; n++) {
    calm.push(ask())
    await pause(1000 / CALM_RATE)
  }
  await Promise.all(calm)
  await allHeard(BOOKINGS + calm.length)
  socket.terminate()
  return {
    perSecond,
    processor,
    ...percentiles([...createdAt].map(([id, at]) => (heardAt.get(id) ?? Number.NaN) - at)),
  }
}

function percentiles(values: number[]): { p50: number; p99: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

function reportOf(rounds: readonly Record<Side, Figures>[]): string {
  const median = (values: number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
  const row = (label: string, side: Side): string => {
    const of = (figure: keyof Figures, digits = 0): string =>
      median(rounds.map((round) => round[side][figure])).toFixed(digits)
    return `| ${label} | ${of('perSecond')} | ${of('p50')} | ${of('p99')} | ${of('processor', 1)} |`
  }
  const labels: Readonly<Record<Side, string>> = { documents: "documents' way", bellhop: 'Bellhop' }
  const ratio = median(rounds.map(({ bellhop, documents }) => bellhop.perSecond / documents.perSecond))
  return `# A booking finds its manager

\`npm run bench:bookings\`: ${BOOKINGS} bookings with ${IN_FLIGHT} in flight for the rate, then ${CALM_RATE}/s for ${CALM_SECONDS} s for the latency, ${ROUNDS} rounds in turn, medians;
load, servers, PostgreSQL (fsync on) and Redis (AOF every second) share ${availableParallelism()} cores. From the row's instant to the manager's socket, in whole milliseconds;
processor time is that of the processes together, servers not counted.
Bellhop: one API, one worker, one realtime process (HTTP → commit → job → commit → event log → socket), with audit, alarms, delegation and
notifications of ADMINs. The documents' way (bench/bookings/documents.ts): one process; five queries in a transaction through a query builder,
then an emit.

| way | per second | p50 ms | p99 ms | processor ms per booking |
|---|---|---|---|---|
${SIDES.map((side) => row(labels[side], side)).join('\n')}

Bellhop does ${ratio.toFixed(2)} times as many as the documents' way in the same time.
`
}
