import { availableParallelism } from 'node:os'
import type { Idle, Recovery } from './idle.ts'
import type { Waits } from './lists.ts'
import type { Size } from './seed.ts'

export interface Figures {
  size: Size
  lists: ReadonlyMap<string, Waits>
  idle: Idle
  /** While alarms come near. */
  handingOver: Idle
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
${rowsOf(['worker', 'redis'], small.idle, large.idle)}
${rowsOf(['worker', 'redis'], small.handingOver, large.handingOver, ', while alarms come near')}

Goal: at most ${MOST_IDLE} times, however many alarms wait for their time.

Redis has the alarms of the first five minutes; the others are spread over a day that begins an hour later, so that none rang and none was handed over while the processors were looked at. Then alarms come near
at the pace at which a day has them, ${(small.size.alarms / 86_400).toFixed(2)} and ${(large.size.alarms / 86_400).toFixed(1)} a second, and are handed to Redis, which is work and a part of ringing them. After FLUSHALL it has them again: ${recoveryOf(small)}; ${recoveryOf(large)}.
Goal: within ${MOST_BACK_MS / 1000} s.
`
}

function rowsOf(names: readonly (keyof Idle)[], small: Idle, large: Idle, meanwhile = ''): string {
  return names
    .map(
      (name) =>
        `| ${name}${meanwhile} | ${small[name].toFixed(1)} | ${large[name].toFixed(1)} | ${(large[name] / small[name]).toFixed(2)} |`,
    )
    .join('\n')
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
