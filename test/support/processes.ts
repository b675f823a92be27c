// A Bellhop of real processes on the real clock, on a Redis that is its own or only its to harm, for tests that kill.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { freePort } from '../../bin/embedded/ports.ts'
import { openDatabase, type Db } from '../../shared/kit/store/db.ts'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { caller, type Caller } from './client.ts'
import { filesDirOf } from './config.ts'
import { aCuttingProxy, type CuttingProxy } from './cutting-proxy.ts'
import { cloneDatabase, dropDatabase, emptyDatabase, urlOf } from './database.ts'
import { PEOPLE, type Name } from './people.ts'
import { someRedis, type RedisServers } from './redis-servers.ts'
import { openSocket, type Socket } from './socket.ts'
import { until } from './until.ts'

const MAIN = {
  api: 'api/main.ts',
  workers: 'workers/main.ts',
  realtime: 'realtime/main.ts',
  another: 'realtime/main.ts',
} as const
/** `another` is a second realtime node; it runs once it is started. */
export type Service = keyof typeof MAIN

export interface Member extends Caller {
  user: { id: string; orgId: string; role: string }
  accessToken: string
  /** @param node whose; through the API's own port unless given */
  socket(node?: 'another'): Promise<Socket>
}

/** How a process differs from the others. */
export interface Ways {
  /** Settings of its own. */
  env?: Record<string, string>
  /** Words before its command, such as those of `prlimit`. */
  under?: readonly string[]
  /** The clone that its code comes from; this one unless given. */
  root?: string
}

/** A process beside those that every Bellhop has. */
export interface Extra {
  /** Of an API or a realtime node; workers have none. */
  origin: string
  pid: number
  kill(): Promise<void>
  dismiss(): Promise<{ code: number | null; seconds: number }>
}

export interface Processes {
  url: string
  /** Origins of the realtime nodes themselves. */
  nodes: Record<'realtime' | 'another', string>
  env: Record<string, string>
  db: Db
  redis: RedisServers
  /** Where the network to both servers can be cut; undefined unless asked for. */
  cuts: Record<'postgres' | 'redis', CuttingProxy> | undefined
  kill(service: Service): Promise<void>
  start(service: Service, ways?: Ways): Promise<void>
  /** Starts one more of its kind, on ports of its own. */
  launch(service: Exclude<Service, 'another'>, ways?: Ways): Promise<Extra>
  /** Asks it to end, as a deploy does, and waits until it has. */
  dismiss(service: Service): Promise<{ code: number | null; seconds: number }>
  /** It stands still until it is woken. */
  freeze(service: Service): void
  thaw(service: Service): void
  as(name: Name): Promise<Member>
  end(): Promise<void>
}

const ROOT = path.resolve(import.meta.dirname, '../..')

interface Origin {
  /** Which it uses; it is stopped in the end. */
  redis?: RedisServers
  /** Another release, whose code runs and whose migrations make the database. */
  root?: string
  /** Both servers are reached by a network that the test can cut. */
  isCuttable?: boolean
}

export async function someProcesses(
  settings: Record<string, string> = {},
  { redis, root = ROOT, isCuttable = false }: Origin = {},
): Promise<Processes> {
  const [database, servers] = await Promise.all([
    root === ROOT ? cloneDatabase() : emptyDatabase(),
    redis ?? someRedis(),
  ])
  const [port, realtimePort, socketioPort, otherPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  const cuts = isCuttable
    ? {
        postgres: await aCuttingProxy(urlOf(database)),
        redis: await aCuttingProxy(servers.env['REDIS_URL'] ?? ''),
      }
    : undefined
  const prefix = `p${randomBytes(6).toString('hex')}`
  const env = {
    ...(process.env as Record<string, string>),
    NODE_ENV: 'test',
    LOG_LEVEL: process.env['TEST_LOG'] ?? 'warn',
    DATABASE_URL: urlOf(database),
    ...servers.env,
    BULLMQ_PREFIX: prefix,
    FILES_DIR: filesDirOf(prefix),
    PORT: String(port),
    REALTIME_PORT: String(realtimePort),
    SOCKETIO_PORT: String(socketioPort),
    JWT_SECRET: 'a-secret-that-only-tests-know-long-enough',
    JOB_LOCK: '3s',
    RATE_LIMIT_PER_MINUTE: '1000000',
    LIMITS: 'tickets.person=1000000',
    ...settings,
    ...(cuts && { DATABASE_URL: cuts.postgres.url, REDIS_URL: cuts.redis.url }),
  }
  const url = `http://127.0.0.1:${port}`
  const running = new Map<Service, ChildProcess>()
  const extras: ChildProcess[] = []
  const sockets: Socket[] = []
  const db = openDatabase({ DATABASE_URL: urlOf(database), DATABASE_POOL: 4 })

  const run = (service: Service, { env: own = {}, under = [], root: from = root }: Ways): ChildProcess => {
    const [command = '', ...words] = [...under, process.execPath, ...runnerOf(from), MAIN[service]]
    return spawn(command, words, {
      cwd: from,
      env: { ...env, ...own },
      stdio: ['ignore', process.env['TEST_LOG'] ? 'inherit' : 'ignore', 'inherit'],
    })
  }
  /** One that ends by itself is started again, as wherever Bellhop runs, and the test's output says so. */
  const supervise = (service: Service, ways: Ways): void => {
    const child = run(service, ways)
    running.set(service, child)
    child.once('exit', (code) => {
      if (asked.has(child)) return
      console.error(`      ${service} ended by itself with ${code}; it is started again`)
      setTimeout(() => {
        if (running.get(service) === child && !asked.has(child)) supervise(service, ways)
      }, SUPERVISED_AFTER)
    })
  }
  const start = async (service: Service, ways: Ways = {}): Promise<void> => {
    const own: Record<string, string> =
      service === 'another' ? { REALTIME_PORT: String(otherPort), SOCKETIO_PORT: '0' } : {}
    supervise(service, { ...ways, env: { ...own, ...ways.env } })
    if (service === 'workers') return
    const answering = { api: port, realtime: realtimePort, another: otherPort }[service]
    await until(`${service} ready`, () => answers(`http://127.0.0.1:${answering}`), 120_000)
  }
  const launch = async (service: Exclude<Service, 'another'>, ways: Ways = {}): Promise<Extra> => {
    const own = await freePort()
    const ports: Record<string, string> = {
      api: { PORT: String(own) },
      realtime: { REALTIME_PORT: String(own), SOCKETIO_PORT: '0' },
      workers: { WORKER_PORT: String(own) },
    }[service]
    const child = run(service, { ...ways, env: { ...ports, ...ways.env } })
    extras.push(child)
    const origin = `http://127.0.0.1:${own}`
    await until(`one more of ${service} ready`, () => answers(origin), 120_000)
    return { origin, pid: child.pid ?? 0, kill: () => end(child, 'SIGKILL'), dismiss: () => dismiss(child) }
  }
  if (root !== ROOT) await migrate({ ...env, NODE_ENV: 'development', SEED_DEMO: 'on' }, root)
  await Promise.all((['api', 'workers', 'realtime'] as const).map((service) => start(service)))

  return {
    url,
    nodes: { realtime: `http://127.0.0.1:${realtimePort}`, another: `http://127.0.0.1:${otherPort}` },
    env,
    db,
    redis: servers,
    cuts,
    start,
    launch,
    async kill(service) {
      await end(running.get(service), 'SIGKILL')
    },
    async dismiss(service) {
      const child = running.get(service)
      if (!child) throw new Error(`${service} does not run.`)
      return dismiss(child)
    },
    freeze: (service) => void running.get(service)?.kill('SIGSTOP'),
    thaw: (service) => void running.get(service)?.kill('SIGCONT'),
    async as(name) {
      const { body } = await caller(url).post('/auth/login', { email: PEOPLE[name], password: DEMO_PASSWORD })
      return {
        ...caller(url, body.accessToken),
        user: body.user,
        accessToken: body.accessToken,
        async socket(node) {
          const socket = await openSocket(`ws://127.0.0.1:${node ? otherPort : port}/ws`, {
            headers: { authorization: `Bearer ${body.accessToken}` },
          })
          sockets.push(socket)
          await socket.next((frame) => frame.t === 'hello')
          return socket
        },
      }
    },
    async end() {
      await Promise.all(sockets.map((socket) => socket.close()))
      await Promise.all([...running.values(), ...extras].map((child) => end(child, 'SIGTERM')))
      await db.destroy()
      await Promise.all(Object.values(cuts ?? {}).map((cut) => cut.close()))
      await servers.stop()
      await dropDatabase(database)
    },
  }
}

/** Releases before the one that compiles its code were transpiled while they ran. */
function runnerOf(root: string): string[] {
  return existsSync(path.join(root, 'bin/serve.mjs')) ? ['bin/serve.mjs'] : ['--import', 'tsx']
}

/** What the release step of a deploy does. */
export async function migrate(env: Record<string, string>, root = ROOT): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/migrate.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`The migrations of ${root} failed.`)
}

/** Those that the test itself ended. */
const asked = new WeakSet<ChildProcess>()
/** Milliseconds. */
const SUPERVISED_AFTER = 500

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child) asked.add(child)
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}

async function dismiss(child: ChildProcess): Promise<{ code: number | null; seconds: number }> {
  const since = performance.now()
  await end(child, 'SIGTERM')
  return { code: child.exitCode, seconds: (performance.now() - since) / 1000 }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/livez`).then(
    (response) => response.ok,
    () => false,
  )
}
