// Counts what a process sends to PostgreSQL and to Redis: statements, those that begin and end a transaction included,
// and commands, a script being one.

import { AsyncLocalStorage } from 'node:async_hooks'
import { Redis } from 'ioredis'
import pg from 'pg'

export interface RoundTrips {
  statements: number
  commands: number
}

const unseen = new AsyncLocalStorage<true>()
const counted: RoundTrips = { statements: 0, commands: 0 }
/** Set to see what is counted. */
let told: ((what: string) => void) | undefined

function countCalls(owner: object, method: string, count: (first: unknown) => void): void {
  const original: unknown = Reflect.get(owner, method)
  if (typeof original !== 'function') throw new Error(`There is no ${method} to be counted.`)
  Reflect.set(owner, method, function (this: unknown, ...args: unknown[]) {
    if (!unseen.getStore()) count(args[0])
    return Reflect.apply(original, this, args) as unknown
  })
}

let isCounting = false

/** From here on, in this process. What a worker asks while it waits for jobs is not counted. */
export function beginCounting(tell?: (what: string) => void): void {
  told = tell
  if (isCounting) return
  isCounting = true
  countCalls(pg.Client.prototype, 'query', (query) => {
    counted.statements++
    told?.(textOf(query))
  })
  countCalls(Redis.prototype, 'sendCommand', (command) => {
    const { name, args = [] } = Object(command)
    if (name === 'bzpopmin' || (name === 'get' && String(args[0]).endsWith(':sign'))) return
    counted.commands++
    told?.(`  redis ${name} ${String(Object(command).args?.[1] ?? '')}`.slice(0, 100))
  })
}

function textOf(query: unknown): string {
  return (typeof query === 'string' ? query : String(Object(query).text))
    .replaceAll(/\s+/g, ' ')
    .slice(0, 160)
}

/** What it does is not counted: it is the test that looks. */
export function uncounted<T>(work: () => Promise<T>): Promise<T> {
  return unseen.run(true, work)
}

/** @returns how many of each were sent while it ran */
export async function countDuring(work: () => Promise<void>): Promise<RoundTrips> {
  const before = { ...counted }
  await work()
  return {
    statements: counted.statements - before.statements,
    commands: counted.commands - before.commands,
  }
}
