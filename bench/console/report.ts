import { availableParallelism } from 'node:os'
import type { Opening } from './opening.ts'
import type { Storm } from './storm.ts'

export interface Figures {
  bookings: number
  openings: ReadonlyMap<string, Opening>
  storms: ReadonlyMap<string, Storm>
  /** Of the machine, over the last minute, at the end. */
  loadAverage: number
}

const MOST_TIMES = 1.5
const MOST_CLICK_MS = 200

export function reportOf(small: Figures, large: Figures): string {
  const opened = [...large.openings].map(([page, { time, requests }]) => {
    const before = small.openings.get(page) ?? { time, requests }
    return `| ${page} | ${before.time.toFixed(0)} | ${time.toFixed(0)} | ${(time / before.time).toFixed(2)} | ${before.requests} | ${requests} |`
  })
  const all = [small, large].flatMap(({ bookings, storms }) =>
    [...storms].map(([page, storm]) => ({ name: `${page}, ${bookings}`, storm })),
  )
  const slow = [...large.openings].filter(
    ([page, { time }]) => time > MOST_TIMES * (small.openings.get(page)?.time ?? 0),
  )
  const late = all.filter(({ storm }) => storm.slowestClick > MOST_CLICK_MS)
  return `# The console

\`npm run bench:console\`: Chromium, API, realtime process, PostgreSQL with fsync and Redis with AOF on ${availableParallelism()} cores; an ADMIN of a house of
forty vehicles, with forty trips a day this week, and with ${small.bookings} or ${large.bookings} bookings of ten years behind it. The machine's load average was
${small.loadAverage.toFixed(0)} for the small and ${large.loadAverage.toFixed(0)} for the large one: above ${availableParallelism() + 1} it had other work, and times are to be compared with care.

| from the address to what stands there | small, ms | large, ms | times | requests, small | requests, large |
|---|---|---|---|---|---|
${opened.join('\n')}

Goal: at most ${MOST_TIMES} times the small one. ${slow.length === 0 ? 'Met.' : `Not met by ${slow.map(([page]) => page).join(', ')}.`}

200 events a second for 30 seconds, half of them new bookings, a quarter changed ones, a quarter at the bell, which is opened and closed meanwhile:

| | ${all.map(({ name }) => name).join(' | ')} |
|---|${all.map(() => '---').join('|')}|
${ROWS.map(([what, of]) => `| ${what} | ${all.map(({ storm }) => of(storm)).join(' | ')} |`).join('\n')}

Goal: every click answered within ${MOST_CLICK_MS} ms. ${late.length === 0 ? 'Met.' : `Not met by ${late.map(({ name }) => name).join(', ')}.`}
`
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)

const ROWS: readonly [what: string, of: (storm: Storm) => string | number][] = [
  ['events', ({ events }) => events],
  ['longest task, ms', ({ longestTask }) => longestTask.toFixed(0)],
  ['longest time between two frames, ms', ({ longestFrame }) => longestFrame.toFixed(0)],
  ['of the time, in frames over 100 ms', ({ frozen }) => `${(100 * frozen).toFixed(1)} %`],
  ['slowest answer to a click, ms', ({ slowestClick }) => slowestClick.toFixed(0)],
  ['clicks that took over 16 ms', ({ clicks }) => clicks],
  ['requests to the API', ({ requests }) => requests],
  [
    'heap before and after, MiB',
    ({ heapBefore, heapAfter }) => `${mebibytes(heapBefore)} → ${mebibytes(heapAfter)}`,
  ],
  [
    'nodes of the document before and after',
    ({ nodesBefore, nodesAfter }) => `${nodesBefore} → ${nodesAfter}`,
  ],
  ['the last event stood there after, ms', ({ caughtUp }) => caughtUp ?? '-'],
]
