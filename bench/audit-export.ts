// A million rows of the audit, taken out as csv and as pdf: how fast, and in how much memory; beside reading all rows first
// and writing them then, in the same run. Each in a process of its own. `npm run bench:audit-export`.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { systemClock } from '../shared/kit/process/clock.ts'
import { readConfig } from '../shared/kit/process/config.ts'
import { openAsOwner } from '../shared/kit/store/db.ts'
import { openRuntime } from '../shared/kit/process/runtime.ts'
import { openLog } from '../shared/kit/process/log.ts'
import { whenReady } from '../shared/kit/store/redis.ts'
import { sealAll } from '../workers/audit-sealer.ts'
import { HEAP_MB, reportOf, type Taken } from './audit-export/report.ts'
import { ORGANISATION, seedRows } from './audit-export/seed.ts'
import { openBench, ROOT } from './bellhop.ts'

const ROWS = Number(process.argv[2] ?? 1_000_000)

const bench = await openBench()

try {
  const owner = openAsOwner(bench.databaseUrl)
  await owner.migrate.latest()
  await seedRows(owner, ROWS)
  await owner.destroy()
  const sealing = await measureSealing()
  say(`sealed: ${Math.round(sealing)} rows/s`)
  const taken: Taken[] = []
  for (const [way, format] of [
    ['streamed', 'csv'],
    ['at once', 'csv'],
    ['streamed', 'pdf'],
    ['at once', 'pdf'],
  ] as const) {
    taken.push(await take(way, format))
    say(JSON.stringify(taken.at(-1)))
  }
  const report = reportOf(ROWS, sealing, taken)
  process.stdout.write(`\n${report}`)
  await writeFile(path.join(ROOT, 'bench', 'audit-export.md'), report)
} finally {
  await bench.stop()
}

async function measureSealing(): Promise<number> {
  const runtime = openRuntime(readConfig(bench.env), systemClock, openLog('bench', 'warn'))
  await whenReady(runtime.redis)
  const since = performance.now()
  await sealAll(runtime)
  const seconds = (performance.now() - since) / 1000
  await runtime.close()
  return ROWS / seconds
}

/** What happened to it is what it says, or how it ended. */
async function take(way: Taken['way'], format: Taken['format']): Promise<Taken> {
  const limit = way === 'streamed' ? [`--max-old-space-size=${HEAP_MB}`] : []
  const child = spawn(
    process.execPath,
    [...limit, '--import', 'tsx', 'bench/audit-export/take.ts', way, format, ORGANISATION],
    { cwd: ROOT, env: bench.env, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  let output = ''
  child.stdout.on('data', (data) => {
    output += String(data)
  })
  const [code, signal] = await once(child, 'close')
  if (code === 0) return { way, format, ...JSON.parse(output) }
  return { way, format, ended: signal === 'SIGABRT' || code === 134 ? 'out of memory' : `code ${code}` }
}

function say(text: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
}
