// What a command works with, loaded and opened when it asks for it: whoever wants a secret does not wait for a database.

import { text } from 'node:stream/consumers'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { Db } from '../../shared/kit/store/db.ts'
import type { Tools } from './command.ts'
import type { Needed, OpenServers } from './servers.ts'

const WIDTH = 40

/** One line that grows, for a terminal; nothing for a file. */
function showProgress(part: number): void {
  if (!process.stderr.isTTY) return
  const done = Math.round(part * WIDTH)
  const bar = '█'.repeat(done).padEnd(WIDTH, '░')
  process.stderr.write(`\r${bar} ${Math.round(part * 100)} %${part >= 1 ? '\n' : ''}`)
}

export interface OpenTools extends Tools {
  /** In reverse. */
  close(): Promise<void>
}

export function openTools(): OpenTools {
  const stops: (() => Promise<unknown>)[] = []
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const servers = async (needed: Needed): Promise<OpenServers> => {
    const { openServers } = await import('./servers.ts')
    const open = await openServers(needed, say)
    stops.push(open.stop)
    return open
  }
  return {
    say,
    progress: showProgress,
    read: () => text(process.stdin),
    config: async (needed) => (await servers(needed)).config,
    async database(): Promise<Db> {
      const { config } = await servers('database')
      const { DATABASE_LIMITS, openDatabase } = await import('../../shared/kit/store/db.ts')
      const db = openDatabase(config, DATABASE_LIMITS.jobs)
      stops.push(() => db.destroy())
      return db
    },
    async runtime(): Promise<Runtime> {
      const { config } = await servers('all')
      const { openCommandRuntime } = await import('./runtime.ts')
      const runtime = await openCommandRuntime(config)
      stops.push(() => runtime.close())
      return runtime
    },
    async close() {
      for (const stop of stops.toReversed()) await stop()
    },
  }
}
