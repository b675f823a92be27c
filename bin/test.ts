// `npm test`: every check, then every test against a PostgreSQL and a Redis of this run's own.
// `npm test -- test/rules -g "once"` hands its words to mocha, one file at a time, without the checks.
// Promise: the last line is `N passed, N failed`, and nothing of the run stays, however it ends.

import { mkdirSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { rawEnvironment, type Environment } from '../shared/kit/config.ts'
import { ARCHITECTURE_TEST, runChecks, type Tally } from './checks.ts'
import { onFreePort } from './embedded/ports.ts'
import { startPostgres, type EmbeddedServer } from './embedded/postgres.ts'
import { startRedis } from './embedded/redis.ts'
import { findRedis } from './embedded/redis-program.ts'
import { runMocha, specsOf } from './mocha.ts'
import { sweep } from './sweep.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const NONE: Tally = { passed: 0, failed: 0, skipped: 0 }
const words = process.argv.slice(2)

let servers: EmbeddedServer[] = []
let folder: string | undefined
let leaving = false

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Runs side by side, in this clone and in others, share nothing but the unpacked Redis. */
async function startServers(): Promise<Record<string, string>> {
  const { DATA_DIR } = rawEnvironment()
  const data = path.resolve(ROOT, DATA_DIR?.trim() || '.data')
  const tests = path.join(data, 'tests')
  mkdirSync(tests, { recursive: true, mode: 0o700 })
  await sweep(realpathSync(tests))
  const own = path.join(realpathSync(tests), String(process.pid))
  folder = own
  const program = await findRedis(path.join(data, 'redis-bin'), say)
  const postgres = await onFreePort((port) => startPostgres({ dir: path.join(own, 'postgres'), port, log: say, durable: false }))
  servers.push(postgres)
  const redis = await onFreePort((port) => startRedis({ dir: path.join(own, 'redis'), port, log: say, durable: false, program }))
  servers.push(redis)
  const database = new URL(postgres.url)
  database.pathname = '/postgres'
  return { TEST_DATABASE_URL: database.href, TEST_REDIS_URL: redis.url, TEST_REDIS_SERVER: JSON.stringify(program) }
}

async function runTests(): Promise<Tally> {
  // Both take a second or two, and neither needs the other.
  const [checked, started] = await Promise.all([words.length > 0 ? NONE : runChecks(say), startServers().catch(asError)])
  if (started instanceof Error) {
    say(started.message)
    return { ...checked, failed: checked.failed + 1 }
  }
  // The caller's own servers must be out of a test's reach.
  const env: Environment = { ...rawEnvironment(), ...started, NODE_ENV: 'test', DATABASE_URL: undefined, REDIS_URL: undefined }
  const whole = ['--parallel', '--jobs', '2', '--ignore', ARCHITECTURE_TEST]
  const args = [...(words.length > 0 ? [] : whole), ...(env.CI ? ['--forbid-only'] : []), ...specsOf(ROOT, words)]
  const tested = await runMocha(ROOT, args, env)
  return {
    passed: checked.passed + tested.passed,
    failed: checked.failed + tested.failed,
    skipped: checked.skipped + tested.skipped,
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

async function cleanUp(): Promise<void> {
  const ending = servers
  servers = []
  await Promise.all(ending.map((server) => server.stop()))
  if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function leave(code: number): Promise<void> {
  if (leaving) return
  leaving = true
  await cleanUp().catch((error: unknown) => say(String(error)))
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, () => void leave(1))

const { passed, failed, skipped } = await runTests().catch((error: unknown) => {
  say(asError(error).stack ?? String(error))
  return { ...NONE, failed: 1 }
})
if (!leaving) {
  await cleanUp().catch((error: unknown) => say(String(error)))
  say(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exit(failed > 0 ? 1 : 0)
}
