// Logs are JSON lines by pino; `npm start` makes them readable when the terminal is a person.

import { pino, type Logger } from 'pino'

export type Log = Logger

/** What must never stand in a log, wherever a caller puts it. */
const SECRET = ['password', 'token', 'accessToken', 'refreshToken', 'ticket', 'authorization', 'cookie']

export function openLog(service: string, level: string): Log {
  const paths = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  return pino({ level, base: { service, pid: process.pid }, redact: { paths, censor: '[redacted]' } })
}
