// How many sockets an event reaches, how soon, and what a socket costs: the realtime door over the event log, on both
// its transports, beside raw uWebSockets.js and beside socket.io with its Redis adapter, in one run. `npm run bench:fan-out`.

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openBench, ROOT } from './bellhop.ts'
import { NAMES, start, type Contender, type Grounds, type Name } from './fan-out/contenders.ts'
import { Crowd } from './fan-out/crowd.ts'
import { READING, SIZES, WAYS, type Findings, type Round } from './fan-out/findings.ts'
import {
  measureIdle,
  measureLatency,
  measureRate,
  measureReturns,
  measureUnheard,
  type Idle,
} from './fan-out/measures.ts'
import { settlePeople, tokensOf } from './fan-out/people.ts'
import { reportOf } from './fan-out/report.ts'

const ROUNDS = 3
const bench = await openBench({
  REALTIME_PORT: '0',
  SOCKETIO_PORT: '0',
  MAX_SOCKETS: '50000',
  MAX_SOCKETS_PER_ADDRESS: '50000',
  ACCEPT_PER_SECOND: '100000',
  ACCESS_TOKEN_TTL: '1h',
})

try {
  await bench.run('bin/migrate.ts')
  await settlePeople(bench.databaseUrl)
  const report = reportOf(await find({ env: bench.env, tokens: tokensOf(bench.env) }))
  process.stdout.write(`\n${report}`)
  await writeFile(path.join(ROOT, 'bench', 'fan-out.md'), report)
} finally {
  await bench.stop()
}

async function find(grounds: Grounds): Promise<Findings> {
  const idle = await findIdle(grounds)
  const contenders = await Promise.all(NAMES.map((name) => start(name, grounds)))
  try {
    for (const contender of contenders) await warmUp(contender)
    const rounds = []
    for (let round = 1; round <= ROUNDS; round++) rounds.push(await playRound(contenders, round))
    const bellhop = contenders.find(({ name }) => name === 'bellhop')
    if (!bellhop) throw new Error('Bellhop did not take part.')
    return { rounds, idle, returns: await measureReturns(bellhop, grounds.tokens) }
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()))
  }
}

/** In a process that has done nothing else. */
async function findIdle(grounds: Grounds): Promise<Record<Name, Idle>> {
  const found: Partial<Record<Name, Idle>> = {}
  for (const name of NAMES) {
    const contender = await start(name, grounds)
    found[name] = await measureIdle(contender)
    await contender.stop()
    process.stdout.write(`idle, ${name}: ${JSON.stringify(found[name])}\n`)
  }
  return found as Record<Name, Idle>
}

/** Counts for nothing: a process that has just begun is slower than it will be. */
async function warmUp(contender: Contender): Promise<void> {
  const crowd = new Crowd()
  await crowd.grow(0, SIZES[0], contender.open)
  for (const { load } of WAYS) await measureRate(contender, crowd, load)
  await crowd.disperse()
}

/** Everybody at one size before anybody at the next, and who is first changes. */
async function playRound(contenders: readonly Contender[], number: number): Promise<Round> {
  const round: Round = { rates: [], latencies: [], unheard: [] }
  const order = [
    ...contenders.slice(number % contenders.length),
    ...contenders.slice(0, number % contenders.length),
  ]
  for (const size of SIZES)
    for (const contender of order) {
      const crowd = new Crowd()
      await crowd.grow(0, size, contender.open)
      if (size === SIZES[0])
        round.latencies.push({ name: contender.name, took: await measureLatency(contender, crowd) })
      for (const { way, load } of WAYS) {
        const rate = await measureRate(contender, crowd, load)
        round.rates.push({ name: contender.name, size, way, ...rate })
        process.stdout.write(`round ${number}: ${JSON.stringify(round.rates.at(-1))}\n`)
      }
      await crowd.disperse()
    }
  for (const contender of order.filter(({ name }) => READING.includes(name)))
    round.unheard.push({ name: contender.name, cost: await measureUnheard(contender) })
  process.stdout.write(`round ${number}, unheard: ${JSON.stringify(round.unheard)}\n`)
  return round
}
