import { availableParallelism } from 'node:os'
import { median, type LoadFigures } from './figures.ts'
import type { DocumentsReading, Pages, Searches, Waits } from './reading.ts'

export const SIZES = [2, 10, 500] as const
type Way = 'documents' | 'http' | 'socket'
export type Round = Record<(typeof SIZES)[number], Record<Way, LoadFigures>>

const NAMES: Readonly<Record<Way, string>> = {
  documents: "documents' way, HTTP",
  http: 'Bellhop, HTTP',
  socket: 'Bellhop, native socket',
}

export function reportOf(
  rounds: readonly Round[],
  { pages, searches, documents }: { pages: Pages; searches: Searches; documents: DocumentsReading },
): string {
  return `# Messages

\`npm run bench:messages\`: ${rounds.length} rounds in turn, medians of the rounds; ratios are medians of each round's own ratio. Load, servers, PostgreSQL (fsync on)
and Redis (AOF every second) share ${availableParallelism()} cores, so that whatever a message costs anywhere counts. Every member of every room has a live socket.
Bellhop: one API, one worker, one realtime process. The documents' way (bench/messages/documents.ts): one process; find the room, look who is in it, insert the
message, update the room, insert one notification, in a transaction through a query builder; then Socket.IO with its Redis adapter.

## Accepted, and heard

The rate with 32 in flight; then a calm rate, and from the message's own instant (before its commit) to each member's socket, in whole milliseconds.

| rooms of | way | accepted per second | until all heard, per second | p50 ms | p99 ms | lost |
|---|---|---|---|---|---|---|
${SIZES.flatMap((size) => (['documents', 'http', 'socket'] as const).map((way) => rowOf(rounds, size, way))).join('\n')}

${goal(
  'at least 2 times as many accepted per second',
  SIZES.map((size) => [
    `rooms of ${size}: ${ratioOf(rounds, size, 'http').toFixed(2)} over HTTP, ${ratioOf(rounds, size, 'socket').toFixed(2)} over the socket`,
    ratioOf(rounds, size, 'http') >= 2,
  ]),
)}

## A page of fifty, a million messages deep

| way | first page, median ms | deepest page, median ms | times |
|---|---|---|---|
${pageRow('offset and count (documents)', documents.pages)}
${pageRow('by number (Bellhop)', pages)}

${goal('the deepest at most 1.5 times the first', [[`${(pages.deep.p50 / pages.first.p50).toFixed(2)} times`, pages.deep.p50 / pages.first.p50 <= 1.5]])}

## Search over a million messages

Over HTTP, one at a time, a page of twenty. One person is in the room of a million messages; another in twenty rooms of fifty, and must not pay for the rest; a
third in five thousand such rooms.

| who | what | p50 ms | p95 ms |
|---|---|---|---|
${searches.each.map(({ who, what, ...waits }) => waitRow(`${who} | ${what}`, waits)).join('\n')}
${waitRow('all of them | all of it', searches.all)}
${waitRow("in the long room | ILIKE (documents' way)", documents.search)}

${goal(
  'p95 of 20 ms at most, in five thousand rooms of 50 ms',
  [20, 50].map((most) => slowestOf(searches, most)),
)}
`
}

function slowestOf({ each }: Searches, most: number): [what: string, isReached: boolean] {
  const [worst] = each.filter((one) => one.most === most).toSorted((one, other) => other.p95 - one.p95)
  if (!worst) throw new Error('Nothing was looked for.')
  return [`the slowest, ${worst.who}, ${worst.what}, ${worst.p95.toFixed(1)} ms`, worst.p95 <= most]
}

function rowOf(rounds: readonly Round[], size: (typeof SIZES)[number], way: Way): string {
  const of = (figure: keyof LoadFigures): number => median(rounds.map((round) => round[size][way][figure]))
  const lost = rounds.reduce((sum, round) => sum + round[size][way].missing, 0)
  return `| ${size} | ${NAMES[way]} | ${of('perSecond').toFixed(0)} | ${(of('toldPerSecond') / size).toFixed(0)} | ${of('p50').toFixed(0)} | ${of('p99').toFixed(0)} | ${lost} |`
}

function ratioOf(rounds: readonly Round[], size: (typeof SIZES)[number], way: Way): number {
  return median(rounds.map((round) => round[size][way].perSecond / round[size].documents.perSecond))
}

function pageRow(label: string, { first, deep }: Pages): string {
  return `| ${label} | ${first.p50.toFixed(1)} | ${deep.p50.toFixed(1)} | ${(deep.p50 / first.p50).toFixed(1)} |`
}

function waitRow(label: string, { p50, p95 }: Waits): string {
  return `| ${label} | ${p50.toFixed(1)} | ${p95.toFixed(1)} |`
}

function goal(what: string, results: readonly [what: string, isReached: boolean][]): string {
  return `Goal: ${what}. ${results.map(([result, isReached]) => `${result}: ${isReached ? 'reached' : 'not reached'}.`).join(' ')}`
}
