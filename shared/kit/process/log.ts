// Logs are JSON lines by pino; `npm start` makes them readable when the terminal is a person.
// Promise: no line holds a secret, nor what somebody wrote. Callers give ids; errors are described here, for what a database or a
// parser says of an error repeats what it was given.

import { pino, type DestinationStream, type Logger } from 'pino'

export type Log = Logger

/** What must never stand in a log, wherever a caller puts it. */
const SECRET = ['password', 'token', 'accessToken', 'refreshToken', 'ticket', 'authorization', 'cookie']

/** @param lines where they go; standard output unless given */
export function openLog(service: string, level: string, lines?: DestinationStream): Log {
  const paths = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      redact: { paths, censor: '[redacted]' },
      serializers: { err: describeError },
    },
    lines ?? pino.destination(1),
  )
}

/** What says where and of which kind it was, and repeats no value: of PostgreSQL's errors, of those of the system, and of ours. */
const PLAIN = [
  'code',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'dataType',
  'routine',
  'errno',
  'syscall',
  'status',
  'retryAfter',
  'responseCode',
] as const

interface Described {
  type: string
  message: string
  stack: string
  cause?: Described
  [plain: string]: unknown
}

/** Deeper causes are left out. */
const DEEPEST = 5

export function describeError(error: unknown, depth = 0): Described {
  if (!(error instanceof Error))
    return { type: typeof error, message: 'something else than an error was thrown', stack: '' }
  const values: Record<string, unknown> = { ...error }
  const plain = PLAIN.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]))
  const causes =
    error.cause !== undefined && depth < DEEPEST ? { cause: describeError(error.cause, depth + 1) } : {}
  return {
    type: error.name,
    message: messageOf(error),
    stack: framesOf(error),
    ...Object.fromEntries(plain),
    ...causes,
  }
}

/**
 * knex puts the statement before what PostgreSQL says: it stays, for its values stand elsewhere (db.ts); what PostgreSQL says quotes
 * values, as parsers do, and stands in the other fields.
 */
function messageOf(error: Error): string {
  if ('severity' in error)
    return error.message.includes(' - ')
      ? error.message.slice(0, error.message.indexOf(' - '))
      : 'PostgreSQL refused it'
  return error instanceof SyntaxError ? 'it could not be parsed' : error.message
}

/** Without the message, which stands above. */
function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
}
