// A Bellhop for a bench: durable servers of its own in a folder that goes with it, and processes of production.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../bin/embedded/ports.ts'
import { startPostgres } from '../bin/embedded/postgres.ts'
import { startRedis } from '../bin/embedded/redis.ts'
import { rawEnvironment } from '../shared/kit/process/config.ts'

export const ROOT = path.resolve(import.meta.dirname, '..')
export const SECRET = 'a-secret-of-the-bench-that-nobody-else-uses'

export interface Bench {
  databaseUrl: string
  /** Of a superuser, who may write as a backup is restored. */
  administratorUrl: string
  redisUrl: string
  /** Of somebody who may empty it. */
  redisAdministratorUrl: string
  env: Record<string, string | undefined>
  /** Runs a file to its end. */
  run(file: string, more?: Record<string, string>): Promise<void>
  /** Starts a process, which ends with the bench. */
  launch(file: string, more?: Record<string, string>): ChildProcess
  stop(): Promise<void>
}

/** Bellhop's processes run as `npm start` runs them. */
const COMPILED = ['bin/serve.mjs']
const FROM_SOURCE = ['--import', 'tsx']

/** @param settings beside the servers' addresses and a secret */
export async function openBench(settings: Record<string, string> = {}): Promise<Bench> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bellhop-bench-'))
  const log = (): void => undefined
  const postgres = await startPostgres({ dir: path.join(folder, 'postgres'), port: await freePort(), log })
  const redis = await startRedis({
    dir: path.join(folder, 'redis'),
    port: await freePort(),
    log,
    cache: path.join(ROOT, '.data', 'redis-bin'),
  })
  const env = {
    ...rawEnvironment(),
    ENV_FILE: '/dev/null',
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    JWT_SECRET: SECRET,
    RATE_LIMIT_PER_MINUTE: '10000000',
    ...settings,
  }
  const children: ChildProcess[] = []
  const start = (file: string, more: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [...(file.endsWith('/main.ts') ? COMPILED : FROM_SOURCE), file], {
      cwd: ROOT,
      env: { ...env, ...more },
      stdio: 'inherit',
    })
  return {
    databaseUrl: postgres.url,
    administratorUrl: postgres.administrator,
    redisUrl: redis.url,
    redisAdministratorUrl: redis.administrator,
    env,
    async run(file, more) {
      const [code] = await once(start(file, more), 'exit')
      if (code !== 0) throw new Error(`${file} ended with ${code}.`)
    },
    launch(file, more) {
      const child = start(file, more)
      children.push(child)
      return child
    },
    async stop() {
      const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      for (const child of running) child.kill('SIGTERM')
      await Promise.all(running.map((child) => once(child, 'exit')))
      await redis.stop()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Milliseconds of processor time that a process has used since its start. Linux counts them in hundredths of a second. */
export async function processorTime({ pid }: ChildProcess): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

/** Waits until each address answers; with /readyz, until it is ready. */
export async function untilAnswering(addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    while (!(await isAnswering(address))) await pause(100)
  }
}

async function isAnswering(address: string): Promise<boolean> {
  const answer = await fetch(address).catch(() => undefined)
  await answer?.body?.cancel()
  return answer !== undefined && (answer.ok || !address.endsWith('/readyz'))
}
