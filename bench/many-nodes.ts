// What an event costs each realtime node when nobody on it listens, with one node and with ten on one log: how far one
// deployment reaches, since every node follows the whole log. `npm run bench:many-nodes`.

import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from '../bin/embedded/ports.ts'
import { userChannel } from '../shared/kit/declare/event.ts'
import { readConfig } from '../shared/kit/process/config.ts'
import { openBlocking, whenReady } from '../shared/kit/store/redis.ts'
import { openStream } from '../shared/kit/store/stream.ts'
import { openBench, processorTime, ROOT, untilAnswering } from './bellhop.ts'

const NODES = [1, 10]
const RATES = [100, 1000, 5000]
const SECONDS = 10
const TICK_MS = 20
const SETTLE_MS = 1500

interface Costs {
  nodes: number
  rate: number
  /** Microseconds of processor that an event takes. */
  ofNode: number
  ofRedis: number
}

const bench = await openBench({ LOG_LEVEL: 'error', MAX_SOCKETS: '10000' })
const config = readConfig(bench.env)
// It waits however busy the machine is: what is published is counted, not how fast.
const producer = openBlocking(config)
const stream = openStream(producer, config)
const administrator = new Redis(bench.redisAdministratorUrl)

try {
  await bench.run('bin/migrate.ts')
  await whenReady(producer)
  const nodes: ChildProcess[] = []
  const found: Costs[] = []
  for (const count of NODES) {
    while (nodes.length < count) nodes.push(await startNode())
    await publish(RATES[0] ?? 0)
    for (const rate of RATES) {
      found.push(await measure(nodes, rate))
      process.stdout.write(`${JSON.stringify(found.at(-1))}\n`)
    }
  }
  const report = reportOf(found)
  process.stdout.write(`\n${report}`)
  await writeFile(path.join(ROOT, 'bench', 'many-nodes.md'), report)
} finally {
  producer.disconnect()
  administrator.disconnect()
  await bench.stop()
}

async function startNode(): Promise<ChildProcess> {
  const port = await freePort()
  const node = bench.launch('realtime/main.ts', { REALTIME_PORT: String(port), SOCKETIO_PORT: '0' })
  await untilAnswering([`http://127.0.0.1:${port}/readyz`])
  return node
}

/** As much time in silence as with events, and the difference. */
async function measure(nodes: readonly ChildProcess[], rate: number): Promise<Costs> {
  const before = await spent(nodes)
  await pause(SECONDS * 1000 + SETTLE_MS)
  const between = await spent(nodes)
  const published = await publish(rate)
  const after = await spent(nodes)
  const costOf = (of: keyof typeof before): number =>
    (1000 * (after[of] - between[of] - (between[of] - before[of]))) / published
  return { nodes: nodes.length, rate, ofNode: costOf('nodes') / nodes.length, ofRedis: costOf('redis') }
}

/** Milliseconds of processor, of all nodes together and of Redis. */
async function spent(nodes: readonly ChildProcess[]): Promise<{ nodes: number; redis: number }> {
  const [times, said] = await Promise.all([Promise.all(nodes.map(processorTime)), administrator.info('cpu')])
  const redis = [...said.matchAll(/^used_cpu_(?:sys|user):([\d.]+)/gm)].map(
    ([, seconds]) => 1000 * Number(seconds),
  )
  const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)
  return { nodes: sum(times), redis: sum(redis) }
}

/** Evenly, to people who are nowhere. @returns how many events */
async function publish(rate: number): Promise<number> {
  const began = performance.now()
  const all: Promise<unknown>[] = []
  for (let elapsed = 0; elapsed < SECONDS * 1000; elapsed = performance.now() - began) {
    while (all.length < (elapsed * rate) / 1000)
      all.push(
        stream.append({
          key: randomUUID(),
          channel: userChannel(randomUUID()),
          event: 'booking.changed',
          at: new Date(),
          data: {
            id: randomUUID(),
            status: 'APPROVED',
            purpose: 'Gặp khách hàng ở Bình Dương',
            filler: 'x'.repeat(250),
          },
        }),
      )
    await pause(TICK_MS)
  }
  await Promise.all(all)
  await pause(SETTLE_MS)
  return all.length
}

function reportOf(found: readonly Costs[]): string {
  const rows = found.map(
    ({ nodes, rate, ofNode, ofRedis }) =>
      `| ${nodes} | ${rate} | ${ofNode.toFixed(0)} | ${ofRedis.toFixed(0)} | ${Math.round(1_000_000 / ofNode)} |`,
  )
  return `# Many nodes on one log

\`npm run bench:many-nodes\`: realtime processes as \`npm start\` runs them, without a socket; ${SECONDS} s of events of 500 bytes at an even rate to people
who are nowhere, less as long a silence. ${availableParallelism()} cores for everything; load average at the end ${(loadavg()[0] ?? 0).toFixed(0)}. Microseconds of processor per event; the last
column is what a core of a node could follow at that price.

| nodes | events a second | of a node | of Redis, all nodes together | events a second and core |
|---|---|---|---|---|
${rows.join('\n')}
`
}
