import { availableParallelism } from 'node:os'
import type { Idle, Recovery } from './idle.ts'
import type { Waits } from './lists.ts'
import type { Size } from './seed.ts'

export interface Figures {
  size: Size
  lists: ReadonlyMap<string, Waits>
  idle: Idle
  recovery: Recovery
  /** Of the machine, over the last minute, when lists had been read. */
  loadAverage: number
}

const MOST_TIMES = 3
const MOST_IDLE = 1.2
const MOST_SEARCH_MS = 50
const MOST_BACK_MS = 6000

export function reportOf(small: Figures, large: Figures): string {
  const rows = [...large.lists].map(([what, waits]) => {
    const before = small.lists.get(what) ?? waits
    return `| ${what} | ${before.p50.toFixed(1)} | ${waits.p50.toFixed(1)} | ${waits.p95.toFixed(1)} | ${(waits.p50 / before.p50).toFixed(1)} |`
  })
  return `# Growth

\`npm run bench:growth\`: the same Bellhop (one API, one worker, PostgreSQL with fsync and Redis with AOF on ${availableParallelism()} cores) with little and with
much lying about, one after the other. Lists over HTTP, one at a time, 21 times each. The employee is in many rooms and has a tenth of all
bookings, notifications and tickets. The machine's load average was ${small.loadAverage.toFixed(0)} for the small and ${large.loadAverage.toFixed(0)} for the large one:
above ${availableParallelism() + 1} it had other work, and times are to be compared with care.

| | small | large |
|---|---|---|
${Object.keys(large.size)
  .map((name) => `| ${name} | ${small.size[name as keyof Size]} | ${large.size[name as keyof Size]} |`)
  .join('\n')}

| list | small, p50 ms | large, p50 ms | large, p95 ms | times |
|---|---|---|---|---|
${rows.join('\n')}

Goal: each list at most ${MOST_TIMES} times the small one. ${slowOf(small, large)}
Goal: search by somebody in ${large.size.ownRooms} rooms within ${MOST_SEARCH_MS} ms (p95). ${worstSearch(large)}

| nobody asks anything: milliseconds of processor in a second | small | large | times |
|---|---|---|---|
${(['worker', 'redis'] as const).map((name) => `| ${name} | ${small.idle[name].toFixed(1)} | ${large.idle[name].toFixed(1)} | ${(large.idle[name] / small.idle[name]).toFixed(2)} |`).join('\n')}

Goal: at most ${MOST_IDLE} times.

The alarms are spread over a day; those of the next ten minutes are in Redis. While the processors were looked at none rang, and the large one handed twelve a second to Redis. After FLUSHALL it has them again: ${recoveryOf(small)}; ${recoveryOf(large)}.
Goal: within ${MOST_BACK_MS / 1000} s.
`
}

function slowOf(small: Figures, large: Figures): string {
  const slow = [...large.lists].filter(
    ([what, { p50 }]) => p50 > MOST_TIMES * (small.lists.get(what)?.p50 ?? p50),
  )
  return slow.length === 0 ? 'Reached.' : `Not reached by ${slow.map(([what]) => what).join('; ')}.`
}

function recoveryOf({ size, recovery: { lost, took } }: Figures): string {
  return `${lost} of ${size.alarms} within ${(took / 1000).toFixed(1)} s`
}

function worstSearch({ lists }: Figures): string {
  const worst = Math.max(...[...lists].flatMap(([what, { p95 }]) => (what.includes('search') ? [p95] : [])))
  return `The slowest kind: ${worst.toFixed(1)} ms.`
}
