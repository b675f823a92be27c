// What lies about must not slow a day: the same lists, and the idle processors, in a small organisation and in a large one, side by
// side in one run. `npm run bench:growth`; GROWTH_SCALE=0.1 makes the large one a tenth.

import { writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../bin/embedded/ports.ts'
import { openAsOwner } from '../shared/kit/store/db.ts'
import { openBench, ROOT, untilAnswering, type Bench } from './bellhop.ts'
import { emptyRedis, letAlarmsComeNear, measureIdle, untilCalm } from './growth/idle.ts'
import { readLists } from './growth/lists.ts'
import { reportOf, type Figures } from './growth/report.ts'
import { LARGE, seedGrowth, SMALL, type Size } from './growth/seed.ts'

const scale = Number(process.env['GROWTH_SCALE'] ?? 1)

const small = await measure(SMALL)
const large = await measure(scaled(LARGE))
const report = reportOf(small, large)
process.stdout.write(`\n${report}`)
await writeFile(path.join(ROOT, 'bench', 'growth.md'), report)

function scaled(size: Size): Size {
  const counts = Object.entries(size).map(([name, count]: [string, number]) => [
    name,
    name === 'messagesOfRoom' ? count : Math.max(SMALL[name as keyof Size], Math.round(count * scale)),
  ])
  return Object.fromEntries(counts) as Size
}

async function measure(size: Size): Promise<Figures> {
  const ports = { api: await freePort(), worker: await freePort() }
  const bench = await openBench({
    PORT: String(ports.api),
    WORKER_PORT: String(ports.worker),
    SOCKETIO_PORT: '0',
    REALTIME_PORT: '0',
  })
  try {
    return await measureIn(bench, size, ports)
  } finally {
    await bench.stop()
  }
}

async function measureIn(bench: Bench, size: Size, ports: { api: number; worker: number }): Promise<Figures> {
  const url = `http://127.0.0.1:${ports.api}`
  await bench.run('bin/migrate.ts', { NODE_ENV: 'development', SEED_DEMO: 'on' })
  // To write as a backup is restored.
  const db = openAsOwner(bench.administratorUrl)
  try {
    await seedGrowth(db, size)
    say(`seeded: ${JSON.stringify(size)}`)
    bench.launch('api/main.ts')
    const worker = bench.launch('workers/main.ts')
    await untilAnswering([`${url}/livez`, `http://127.0.0.1:${ports.worker}/livez`])
    await untilCalm(db)
    const lists = await readLists(url)
    const [loadAverage = 0] = loadavg()
    say('lists read')
    // Whatever the lists began is over by then.
    await untilCalm(db)
    await pause(15_000)
    const idle = await measureIdle(worker.pid ?? 0, bench.redisUrl)
    say(`idle: ${JSON.stringify(idle)}`)
    await letAlarmsComeNear(db, size.alarms)
    await pause(15_000)
    const handingOver = await measureIdle(worker.pid ?? 0, bench.redisUrl)
    say(`while alarms come near: ${JSON.stringify(handingOver)}`)
    const recovery = await emptyRedis(bench.redisAdministratorUrl)
    say(`Redis has its alarms again: ${JSON.stringify(recovery)}`)
    return { size, lists, idle, handingOver, recovery, loadAverage }
  } finally {
    await db.destroy()
  }
}

function say(text: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
}
