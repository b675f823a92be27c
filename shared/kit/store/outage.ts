// Whether something failed because a server is away, overloaded or busy with others, and not by a fault of ours.

/**
 * `away`: it cannot be reached, or stopped answering. `busy`: it is there, but a lock, a slow statement or too many
 * connections kept this from being done in time. `conflict`: others changed the same rows meanwhile; again from the start.
 */
export type Outage = 'away' | 'busy' | 'conflict'

/** SQLSTATEs, or their classes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const STATES: readonly (readonly [start: string, Outage])[] = [
  ['40001', 'conflict'],
  ['40P01', 'conflict'],
  ['55P03', 'busy'],
  ['57014', 'busy'],
  ['53', 'busy'],
  // Cut by the server: shutting down, starting up, idle in a transaction for too long; a standby that took over too early.
  ['08', 'away'],
  ['57P', 'away'],
  ['25P03', 'away'],
  ['25P04', 'away'],
  ['25006', 'away'],
]

/** Of sockets and of the lookup of names. */
const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EMFILE',
  'ENFILE',
])

/** What pg, knex, tarn and ioredis say without a code. */
const SAID: readonly (readonly [said: RegExp, Outage])[] = [
  [
    /^Connection terminated|^Client (has encountered a connection error|was closed) and is not queryable|^timeout expired$|^The database did not answer/,
    'away',
  ],
  [
    /^Command timed out$|^Stream isn't writeable|^Connection is closed|^Socket timeout|^Reached the max retries per request limit|^Failed to refresh slots cache|^None of startup nodes|^(LOADING|MASTERDOWN|CLUSTERDOWN|READONLY|TRYAGAIN|MISCONF|UNBLOCKED) /,
    'away',
  ],
  [/^OOM |Timeout acquiring a connection/, 'busy'],
]

/** @returns undefined for an error that says nothing about a server */
export function outageOf(error: unknown): Outage | undefined {
  if (!(error instanceof Error)) return undefined
  return outageIn(error) ?? outageOf(error.cause)
}

function outageIn(error: Error): Outage | undefined {
  const code = 'code' in error ? String(error.code) : ''
  if (SYSTEM.has(code)) return 'away'
  const state = saysPostgres(error) ? STATES.find(([start]) => code.startsWith(start)) : undefined
  // knex puts the statement before what was said: "ROLLBACK - Client was closed and is not queryable".
  const message = error.message.split(' - ').at(-1) ?? ''
  return state?.[1] ?? SAID.find(([said]) => said.test(message))?.[1]
}

/** Whether the server itself refused the statement: then nothing of it was done. After a cut that is not known. */
export function saysPostgres(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && 'code' in error
}

/** What PostgreSQL says in words, of what STATES are about. */
const WORDS =
  /terminating connection|the database system is|too many (clients|connections)|remaining connection slots|statement timeout|lock timeout/

/** Whether a text that was kept of an error (workers/failure.ts, or its message alone) is about a server that was away or busy. */
export function saysOutage(kept: string): boolean {
  const code = /^\w+ ([0-9A-Z]{5})$/.exec(kept)?.[1]
  if (code !== undefined && STATES.some(([start]) => code.startsWith(start))) return true
  const message = kept.split(' - ').at(-1) ?? ''
  return (
    WORDS.test(kept) ||
    kept === 'KnexTimeoutError' ||
    kept.split(/\W+/).some((word) => SYSTEM.has(word)) ||
    SAID.some(([said]) => said.test(message))
  )
}
