// What was measured, as the page that stands in the repository.

import { availableParallelism } from 'node:os'

export interface Taken {
  way: 'streamed' | 'at once'
  format: 'csv' | 'pdf'
  rowsPerSecond?: number
  peakBytes?: number
  fileBytes?: number
  /** How its process ended, when it did not come to its end. */
  ended?: string
}

const GOAL_MB = 200
/** To show that it suffices: without a limit, Node lets garbage lie as long as the machine has room. */
export const HEAP_MB = 80

export function reportOf(rows: number, sealing: number, taken: readonly Taken[]): string {
  const number = (value: number): string => Math.round(value).toLocaleString('en')
  const megabytes = (bytes = 0): string => `${number(bytes / 1e6)} MB`
  const lines = taken.map(({ way, format, rowsPerSecond, peakBytes, fileBytes, ended }) =>
    ended
      ? `| ${format}, ${way} | ${ended} | | |`
      : `| ${format}, ${way} | ${number(rowsPerSecond ?? 0)} | ${megabytes(peakBytes)} | ${megabytes(fileBytes)} |`,
  )
  const most = Math.max(
    ...taken.filter(({ way }) => way === 'streamed').map(({ peakBytes = Infinity }) => peakBytes),
  )
  return [
    '# The audit, taken out',
    '',
    `${number(rows)} rows, each with its seal and the name of who did it; PostgreSQL and the process on one machine of ${availableParallelism()} cores, Node ${process.versions.node}.`,
    'Streamed is what GET /audit/export and the background job do. At once is the comparison (`audit-export/at-once.ts`): all rows into memory, then the file.',
    `Memory is the most that the kernel ever saw of the process, interpreter and compiler included. Streamed ran with a heap of at most ${HEAP_MB} MB`,
    '(`--max-old-space-size`): it needs no more. Without a limit, Node lets garbage lie as long as the machine has room. At once ran without one.',
    '',
    '| | rows/s | most memory | file |',
    '|---|---:|---:|---:|',
    ...lines,
    '',
    `Goal: streamed under ${GOAL_MB} MB. ${most < GOAL_MB * 1e6 ? 'Met' : 'Missed'}: ${megabytes(most)}.`,
    '',
    `The sealer put the same rows into the chain at ${number(sealing)} rows/s.`,
    '',
    'Measured by `npm run bench:audit-export`.',
    '',
  ].join('\n')
}
