// `npm start`: everything on one machine, from nothing. Servers of our own unless DATABASE_URL and
// REDIS_URL, or REDIS_CLUSTER, name others. With --watch (`npm run dev`) its processes start again when a file changes.
// Promise: Ctrl-C, or the end of this process in any other way, leaves nothing running; the next start finds the data.

import { mkdirSync, realpathSync } from 'node:fs'
import path from 'node:path'
import {
  listUnknownSettings,
  readConfig,
  readEnvironment,
  type Config,
  type Environment,
} from '../shared/kit/process/config.ts'
import { isLoopback, mustNotShowDemonstration } from './demonstration-host.ts'
import { keepRunning } from './embedded/kept.ts'
import { holdPort, onFreePort, type HeldPort } from './embedded/ports.ts'
import { startPostgres } from './embedded/postgres.ts'
import { exitOf, runToEnd } from './embedded/processes.ts'
import { startRedis } from './embedded/redis.ts'
import { noteServers } from './commands/servers.ts'
import { keepSecret, SECRET_FILE } from './embedded/secret.ts'
import { takeLock } from './lock.ts'
import { untilReady } from './readiness.ts'
import { endProgram, launch, supervise, type Supervised } from './supervise.ts'
import { watchSources } from './watch.ts'
import { welcome, type Inhabitants } from './welcome.ts'

/** Stands for what we shall fill in, so that all other settings can be checked before anything starts. */
const STAND_INS = {
  DATABASE_URL: 'postgres://stand-in',
  REDIS_URL: 'redis://stand-in',
  JWT_SECRET: 'stands-in-for-what-is-made-below',
}
const PROCESSES = { api: 'api/main.ts', workers: 'workers/main.ts', realtime: 'realtime/main.ts' }
const DEFAULT_PORTS = [
  ['PORT', 3000],
  ['REALTIME_PORT', 3001],
  ['SOCKETIO_PORT', 3002],
  ['WORKER_PORT', 3003],
] as const
/** A terminal's Ctrl-C reaches us once by itself and again through npm and run.mjs. */
const SAME_CTRL_C = 1000

/** What to end, in the order of starting; ended from the last to the first. */
const stops: (() => Promise<void> | void)[] = []
const supervised: Supervised[] = []
let killWorkers = (): void => undefined
let stopping: number | undefined

/** A file that is being written may be wrong for a while. */
const isWatching = process.argv.includes('--watch')

function giveUp(sentence: string): void {
  say(sentence)
  void stop(1)
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}

async function start(): Promise<void> {
  const given = onlyGiven(readEnvironment())
  const config = readConfig({ ...STAND_INS, ...given })
  checkSettings(given, config)
  mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 })
  const dir = realpathSync(config.DATA_DIR)
  stops.push(await takeLock(dir))

  // Once for all of them, while the servers start; should it fail, each says so.
  const compiled = runToEnd(process.execPath, [path.join(import.meta.dirname, 'serve.mjs'), '--compile'])
  const held = await holdPorts(given, config)
  const ports = Object.fromEntries(held.map(([name, { port }]) => [name, String(port)]))
  const env: Environment = {
    SEED_DEMO: config.NODE_ENV === 'production' || !isLoopback(config.HOST) ? 'off' : 'on',
    ...given,
    ...ports,
    JWT_SECRET: given.JWT_SECRET ?? (await keepSecret(path.join(dir, SECRET_FILE))),
    DATABASE_URL: given.DATABASE_URL ?? (await ownPostgres(path.join(dir, 'postgres'))),
    ...(!given.REDIS_CLUSTER && { REDIS_URL: given.REDIS_URL ?? (await ownRedis(path.join(dir, 'redis'))) }),
  }
  stops.push(await noteServers(dir, env))
  const [found] = await Promise.all([migrate(env), compiled])
  if (stopping !== undefined) return
  const hasDemonstration = found.demonstration
  mustNotShowDemonstration({ host: config.HOST, asked: given.SEED_DEMO, hasDemonstration })
  await Promise.all(held.map(([, port]) => port.handOver()))
  superviseAll(env)

  const host = ['0.0.0.0', '::'].includes(config.HOST) ? '127.0.0.1' : config.HOST
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${ports.PORT}`
  const sockets = address.replace(/:\d+$/, `:${ports.REALTIME_PORT}`)
  await untilReady(supervised, [address, sockets], say, () => stopping !== undefined)
  if (stopping !== undefined) return
  say(await welcome(address, found))
  if (isWatching) stops.push(watchSources(restartAll))
}

function superviseAll(env: Environment): void {
  for (const [name, file] of Object.entries(PROCESSES)) {
    const program = { name, words: ['bin/serve.mjs', file], env }
    supervised.push(supervise(program, say, isWatching ? undefined : giveUp))
  }
  killWorkers = () => supervised[Object.keys(PROCESSES).indexOf('workers')]?.hasten()
  stops.push(async () => void (await Promise.all(supervised.map((each) => each.stop()))))
}

async function restartAll(): Promise<void> {
  if (stopping !== undefined) return
  say('A file was changed: starting again.')
  await runToEnd(process.execPath, [path.join(import.meta.dirname, 'serve.mjs'), '--compile'])
  await Promise.all(supervised.map((each) => each.restart()))
}

/** @throws Error in words */
function checkSettings(given: Environment, config: Config): void {
  const unknown = listUnknownSettings()
  if (unknown.length > 0) say(`There are no such settings; misspelt? ${unknown.join(', ')}`)
  if (config.NODE_ENV === 'production' && !given.JWT_SECRET) {
    throw new Error(
      'JWT_SECRET is missing: in production Bellhop starts only with a secret that you chose and keep. ' +
        '`npx bellhop generate-secret` makes one; write it into .env as JWT_SECRET=….',
    )
  }
}

/** An empty value is none. */
function onlyGiven(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
}

async function holdPorts(given: Environment, { HOST }: Config): Promise<[name: string, HeldPort][]> {
  const held: [string, HeldPort][] = []
  for (const [name, fallback] of DEFAULT_PORTS)
    held.push([name, await holdPort({ name, asked: given[name], fallback, host: HOST }, say)])
  return held
}

async function ownPostgres(dir: string): Promise<string> {
  const server = await onFreePort((port) =>
    keepRunning('PostgreSQL', () => startPostgres({ dir, port, log: say }), say),
  )
  stops.push(server.stop)
  return server.url
}

async function ownRedis(dir: string): Promise<string> {
  const server = await onFreePort((port) =>
    keepRunning('Redis', () => startRedis({ dir, port, log: say }), say),
  )
  stops.push(server.stop)
  return server.url
}

/** @returns who can sign in, as far as the migration says */
async function migrate(env: Environment): Promise<Inhabitants> {
  const child = launch({ name: 'migrate', words: ['bin/serve.mjs', 'bin/migrate.ts'], env })
  stops.push(() => endProgram(child))
  const found = { demonstration: env.SEED_DEMO === 'on', isEmpty: false }
  child.on('message', (message) => {
    if (typeof message !== 'object' || !message) return
    if ('demonstration' in message) found.demonstration = message.demonstration === true
    if ('isEmpty' in message) found.isEmpty = message.isEmpty === true
  })
  await exitOf(child)
  if (child.exitCode !== 0 && stopping === undefined)
    throw new Error('The migration failed; its message stands above.')
  return found
}

async function stop(code: number): Promise<void> {
  if (stopping !== undefined) {
    if (performance.now() - stopping > SAME_CTRL_C) supervised.forEach((each) => each.hasten())
    return
  }
  stopping = performance.now()
  if (stops.length > 1) say('Stopping.')
  for (const each of stops.toReversed())
    await Promise.resolve(each()).catch((error: unknown) => say(String(error)))
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
  process.on(signal, () => void stop(0))
// The demonstration asks for it, which started us.
process.on('message', (message) => {
  if (message === 'kill workers') killWorkers()
})
for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(fault, (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    void stop(1)
  })
}
// A terminal that was closed takes no more lines; that is no reason to leave without stopping.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

start().catch((error: unknown) => {
  if (stopping !== undefined) return
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  void stop(1)
})
