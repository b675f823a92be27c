// What was found, in tables, and which goals it reaches.

import { availableParallelism } from 'node:os'
import { NAMES, type Name } from './contenders.ts'
import { goalsOf } from './goals.ts'
import {
  latencyOf,
  median,
  ratesOf,
  ratioOf,
  READING,
  SIZES,
  TITLES,
  unheardOf,
  WAYS,
  type Findings,
} from './findings.ts'

export function reportOf(findings: Findings): string {
  const { rounds, returns } = findings
  return `# How far an event reaches, and what a socket costs

\`npm run bench:fan-out\`: ${rounds.length} rounds, the contenders taking turns; medians. Each contender's server is a process of its own; publishing, all clients
(bare TCP, which count frames), Redis (AOF every second) and PostgreSQL (fsync on) share the ${availableParallelism()} cores with it, hence the rate
per second of the **server's** processor time; in brackets what went through by the clock. A rate counts what the last subscriber has got; nothing is dropped.

- **raw uWebSockets.js**: a publisher's socket says it, the server publishes it. No log, no token, no backlog limit of its own.
- **Bellhop**: append to the event log in Redis → broker → hub → sockets, by the realtime process as it is; sockets signed in by access token.
- **Bellhop on ws**: the same process with \`REALTIME_TRANSPORT=ws\`, as it is where uWebSockets.js does not load.
- **socket.io** on its ws engine with @socket.io/redis-adapter; another server without sockets emits. Clients are believed who they are.

## Deliveries per second and server core

*Alone*: one event per tick, the next only when the last subscriber has the one before, so that no two share anything. *One by one*: one event per
tick, eight under way; what a server finds waiting it may write together. *Sixteen*: sixteen events per tick, two such ticks under way.

| subscribers | events | ${NAMES.map((name) => TITLES[name]).join(' | ')} | of raw | of socket.io |
|---|---|${NAMES.map(() => '---|').join('')}---|---|
${SIZES.flatMap((size) => WAYS.map(({ title, way }) => rateRow(findings, size, title, way))).join('\n')}

The last two columns are medians of each round's ratio, of Bellhop on uWebSockets.js. Alone, an event costs Bellhop ${onceMore(findings).toFixed(0)} µs of processor more than raw, however many hear it: reading
it from Redis, remembering it for those who come back, counting. It shows where few hear it.

## What nobody hears

A hundred events that nobody on this server hears, each on a channel of its own, and one that is heard; microseconds of the server's processor per event.
Nodes read the whole log, so that this sets how many events a deployment can have, however many nodes it has.

| ${READING.map((name) => TITLES[name]).join(' | ')} |
|${READING.map(() => '---|').join('')}
| ${READING.map((name) => unheardOf(findings, name).toFixed(1)).join(' | ')} |

## Latency

From publishing to the last of ${SIZES[0]} clients, at 100 events (10,000 deliveries) a second; milliseconds.

| | p50 | p99 |
|---|---|---|
${NAMES.map((name) => `| ${TITLES[name]} | ${latencyOf(findings, name, 0.5).toFixed(2)} | ${latencyOf(findings, name, 0.99).toFixed(2)} |`).join('\n')}

## Idle sockets

Measured once a run. 10,000 people, one socket each, hearing ten channels (their own, their role's, eight rooms of eighty); what each above the first thousand adds to a
fresh server process, in bytes, after collecting garbage. The realtime process has no rooms yet: the bench gives each person eight more channels.

| | resident | of it on V8's heap |
|---|---|---|
${NAMES.map((name) => idleRow(findings, name)).join('\n')}

## Coming back

Measured once a run. ${returns.clients} clients with a cursor from before ${returns.missed} events: connect, hello, \`resume\`, all ${returns.missed} in order, \`resumed\`: **${returns.perSecond.toFixed(0)} a second**, ${returns.perCore.toFixed(0)} per second of the
server's processor time, each after its session was looked up in PostgreSQL. socket.io has nothing to stand beside it here: its connectionStateRecovery
does not work with the Redis adapter.

## Goals

${goalsOf(findings)
  .map(
    ({ text, reached, found }) => `- ${reached ? 'Reached' : '**Not reached**'}: ${text}. Found: ${found}.`,
  )
  .join('\n')}
`
}

function rateRow(findings: Findings, size: number, title: string, way: string): string {
  const cells = NAMES.map((name) => {
    const rates = ratesOf(findings, name, size, way)
    return `${thousands(median(rates.map(({ perCore }) => perCore)))} (${thousands(median(rates.map(({ perSecond }) => perSecond)))})`
  })
  return `| ${size} | ${title} | ${cells.join(' | ')} | ${ratioOf(findings, 'uws', size, way).toFixed(2)} | ${ratioOf(findings, 'socketio', size, way).toFixed(1)} |`
}

/** Microseconds, seen where few hear it. */
function onceMore(findings: Findings): number {
  const [size] = SIZES
  const [ours, raw] = [
    ratesOf(findings, 'bellhop', size, 'alone'),
    ratesOf(findings, 'uws', size, 'alone'),
  ].map((rates) => size / median(rates.map(({ perCore }) => perCore)))
  return ((ours ?? Number.NaN) - (raw ?? Number.NaN)) * 1_000_000
}

function idleRow({ idle }: Findings, name: Name): string {
  return `| ${TITLES[name]} | ${idle[name].rss.toFixed(0)} | ${idle[name].heap.toFixed(0)} |`
}

function thousands(value: number): string {
  return `${Math.round(value / 1000)} k`
}
