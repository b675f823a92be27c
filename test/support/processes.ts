// A Bellhop of real processes on the real clock, on a Redis that is its own or only its to harm, for tests that kill.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { freePort } from '../../bin/embedded/ports.ts'
import { openDatabase, type Db } from '../../shared/kit/db.ts'
import { DEMO_PASSWORD } from '../../shared/demonstration.ts'
import { caller, type Caller } from './client.ts'
import { filesDirOf } from './config.ts'
import { cloneDatabase, dropDatabase, urlOf } from './database.ts'
import { PEOPLE, type Name } from './people.ts'
import { someRedis, type RedisServers } from './redis-servers.ts'
import { openSocket, type Socket } from './socket.ts'
import { until } from './until.ts'

const MAIN = { api: 'api/main.ts', workers: 'workers/main.ts', realtime: 'realtime/main.ts', another: 'realtime/main.ts' } as const
/** `another` is a second realtime node; it runs once it is started. */
export type Service = keyof typeof MAIN

export interface Member extends Caller {
  user: { id: string; orgId: string; role: string }
  accessToken: string
  /** @param node whose; through the API's own port unless given */
  socket(node?: 'another'): Promise<Socket>
}

export interface Processes {
  url: string
  /** Origins of the realtime nodes themselves. */
  nodes: Record<'realtime' | 'another', string>
  env: Record<string, string>
  db: Db
  redis: RedisServers
  pidOf(service: Service): number
  kill(service: Service): Promise<void>
  start(service: Service): Promise<void>
  /** Asks it to end, as a deploy does, and waits until it has. */
  dismiss(service: Service): Promise<{ code: number | null; seconds: number }>
  /** It stands still until it is woken. */
  freeze(service: Service): void
  thaw(service: Service): void
  as(name: Name): Promise<Member>
  end(): Promise<void>
}

const ROOT = path.resolve(import.meta.dirname, '../..')

/** @param redis which it uses; it is stopped in the end */
export async function someProcesses(settings: Record<string, string> = {}, redis?: RedisServers): Promise<Processes> {
  const [database, servers] = await Promise.all([cloneDatabase(), redis ?? someRedis()])
  const [port, realtimePort, socketioPort, otherPort] = [await freePort(), await freePort(), await freePort(), await freePort()]
  const prefix = `p${randomBytes(6).toString('hex')}`
  const env = {
    ...(process.env as Record<string, string>), NODE_ENV: 'test', LOG_LEVEL: process.env['TEST_LOG'] ?? 'warn', DATABASE_URL: urlOf(database), ...servers.env,
    BULLMQ_PREFIX: prefix, FILES_DIR: filesDirOf(prefix), PORT: String(port), REALTIME_PORT: String(realtimePort), SOCKETIO_PORT: String(socketioPort),
    JWT_SECRET: 'a-secret-that-only-tests-know-long-enough', JOB_LOCK: '3s', RATE_LIMIT_PER_MINUTE: '1000000', ...settings,
  }
  const url = `http://127.0.0.1:${port}`
  const running = new Map<Service, ChildProcess>()
  const sockets: Socket[] = []
  const db = openDatabase({ DATABASE_URL: env.DATABASE_URL, DATABASE_POOL: 4 })

  const start = async (service: Service): Promise<void> => {
    const own = service === 'another' ? { REALTIME_PORT: String(otherPort), SOCKETIO_PORT: '0' } : {}
    running.set(service, spawn(process.execPath, ['bin/serve.mjs', MAIN[service]], { cwd: ROOT, env: { ...env, ...own }, stdio: ['ignore', process.env['TEST_LOG'] ? 'inherit' : 'ignore', 'inherit'] }))
    if (service === 'workers') return
    const answering = { api: port, realtime: realtimePort, another: otherPort }[service]
    await until(`${service} ready`, () => answers(`http://127.0.0.1:${answering}`), 60_000)
  }
  await Promise.all((['api', 'workers', 'realtime'] as const).map(start))

  return {
    url, nodes: { realtime: `http://127.0.0.1:${realtimePort}`, another: `http://127.0.0.1:${otherPort}` }, env, db, redis: servers, start,
    pidOf: (service) => running.get(service)?.pid ?? 0,
    async kill(service) {
      const child = running.get(service)
      if (child?.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    async dismiss(service) {
      const child = running.get(service)
      if (!child) throw new Error(`${service} does not run.`)
      const since = performance.now()
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
      return { code: child.exitCode, seconds: (performance.now() - since) / 1000 }
    },
    freeze: (service) => void running.get(service)?.kill('SIGSTOP'),
    thaw: (service) => void running.get(service)?.kill('SIGCONT'),
    async as(name) {
      const { body } = await caller(url).post('/auth/login', { email: PEOPLE[name], password: DEMO_PASSWORD })
      return {
        ...caller(url, body.accessToken), user: body.user, accessToken: body.accessToken,
        async socket(node) {
          const socket = await openSocket(`ws://127.0.0.1:${node ? otherPort : port}/ws`, { headers: { authorization: `Bearer ${body.accessToken}` } })
          sockets.push(socket)
          await socket.next((frame) => frame.t === 'hello')
          return socket
        },
      }
    },
    async end() {
      await Promise.all(sockets.map((socket) => socket.close()))
      await Promise.all([...running.values()].map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        child.kill('SIGTERM')
        await once(child, 'exit')
      }))
      await db.destroy()
      await servers.stop()
      await dropDatabase(database)
    },
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/livez`).then((response) => response.ok, () => false)
}
