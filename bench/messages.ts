// How many messages a second, how soon everybody hears them, a page a million messages deep, and search over a million:
// each beside the documents' way of doing it, in one run, on the same servers, at the same durability. `npm run bench:messages`.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { freePort } from '../bin/embedded/ports.ts'
import { openAsOwner } from '../shared/kit/store/db.ts'
import { openBench, ROOT, SECRET, untilAnswering } from './bellhop.ts'
import type { Load, LoadFigures } from './messages/figures.ts'
import { readDocuments, readPages, readSearches } from './messages/reading.ts'
import { reportOf, SIZES, type Round } from './messages/report.ts'
import { seed, type Seeded } from './messages/seed.ts'

const ROUNDS = 3
const SECONDS = 3
const CALM_SECONDS = 2
const IN_FLIGHT = 32
/** Messages a second in the calm part; in a room of 500 each is heard 500 times. */
const CALM_RATE = { 2: 40, 10: 40, 500: 8 } as const

const ports = { api: await freePort(), realtime: await freePort(), documents: await freePort() }
const bench = await openBench({
  PORT: String(ports.api),
  REALTIME_PORT: String(ports.realtime),
  SOCKETIO_PORT: '0',
  MAX_SOCKETS_PER_ADDRESS: '10000',
})
const url = { bellhop: `http://127.0.0.1:${ports.api}`, documents: `http://127.0.0.1:${ports.documents}` }
// To write as a backup is restored.
const db = openAsOwner(bench.administratorUrl)

try {
  await bench.run('bin/migrate.ts', { NODE_ENV: 'development', SEED_DEMO: 'on' })
  const seeded = await seed(db, { JWT_SECRET: [SECRET], ACCESS_TOKEN_TTL: 86_400_000 })
  say('seeded')
  for (const file of ['api/main.ts', 'workers/main.ts', 'realtime/main.ts']) bench.launch(file)
  bench.launch('bench/messages/documents.ts', {
    PORT: String(ports.documents),
    DATABASE_URL: bench.administratorUrl,
  })
  await untilAnswering([`${url.bellhop}/readyz`, `http://127.0.0.1:${ports.realtime}/readyz`, url.documents])
  const reading = {
    pages: await readPages(url.bellhop, seeded),
    searches: await readSearches(url.bellhop, seeded),
    documents: await readDocuments(url.documents, seeded),
  }
  say(JSON.stringify(reading))
  // Compilers warm up: what was never run is slow in everybody's first seconds.
  for (const [server, via] of [
    ['documents', 'http'],
    ['bellhop', 'http'],
    ['bellhop', 'socket'],
  ] as const)
    await measure(server, via, seeded, 2)
  const rounds: Round[] = []
  for (let round = 1; round <= ROUNDS; round++) rounds.push(await measureRound(seeded))
  const report = reportOf(rounds, reading)
  process.stdout.write(`\n${report}`)
  await writeFile(path.join(ROOT, 'bench', 'messages.md'), report)
} finally {
  await db.destroy()
  await bench.stop()
}

async function measureRound(seeded: Seeded): Promise<Round> {
  const round: Partial<Round> = {}
  for (const size of SIZES) {
    const documents = await measure('documents', 'http', seeded, size)
    const http = await measure('bellhop', 'http', seeded, size)
    const socket = await measure('bellhop', 'socket', seeded, size)
    round[size] = { documents, http, socket }
    say(`rooms of ${size}: ${JSON.stringify(round[size])}`)
  }
  return round as Round
}

async function measure(
  server: Load['server'],
  via: Load['via'],
  { rooms }: Seeded,
  size: (typeof SIZES)[number],
): Promise<LoadFigures> {
  const [port, socketPort] =
    server === 'bellhop' ? [ports.api, ports.realtime] : [ports.documents, ports.documents]
  const load: Load = {
    server,
    via,
    port,
    socketPort,
    rooms: rooms[size],
    inFlight: IN_FLIGHT,
    seconds: SECONDS,
    calmRate: CALM_RATE[size],
    calmSeconds: CALM_SECONDS,
  }
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/messages/load.ts'], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(load))
  let output = ''
  child.stdout.on('data', (data) => {
    output += String(data)
  })
  await once(child, 'close')
  return JSON.parse(output) as LoadFigures
}

function say(text: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
}
