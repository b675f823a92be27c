// A Bellhop of real processes on the real clock, with a Redis of its own, for tests that kill.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../../bin/embedded/ports.ts'
import { startRedis } from '../../bin/embedded/redis.ts'
import { openDatabase, type Db } from '../../shared/kit/db.ts'
import { DEMO_PASSWORD } from '../../shared/demonstration.ts'
import { caller, type Caller } from './client.ts'
import { cloneDatabase, dropDatabase, urlOf } from './database.ts'
import { PEOPLE, type Name } from './people.ts'
import { openSocket, type Socket } from './socket.ts'
import { until } from './until.ts'

export type Service = 'api' | 'workers' | 'realtime'

export interface Processes {
  url: string
  env: Record<string, string>
  db: Db
  redis: Redis
  redisPid: number
  kill(service: Service): Promise<void>
  start(service: Service): Promise<void>
  as(name: Name): Promise<Caller & { user: { id: string }; socket(): Promise<Socket> }>
  end(): Promise<void>
}

const ROOT = path.resolve(import.meta.dirname, '../..')

export async function someProcesses(settings: Record<string, string> = {}): Promise<Processes> {
  const database = await cloneDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'bellhop-test-'))
  const server: unknown = JSON.parse(process.env['TEST_REDIS_SERVER'] ?? 'null')
  const redisServer = await startRedis({ dir: folder, port: await freePort(), log: () => undefined, durable: false, program: server as never })
  const [port, realtimePort] = [await freePort(), await freePort()]
  const env = {
    ...(process.env as Record<string, string>), NODE_ENV: 'test', LOG_LEVEL: process.env['TEST_LOG'] ?? 'warn', DATABASE_URL: urlOf(database), REDIS_URL: redisServer.url,
    PORT: String(port), REALTIME_PORT: String(realtimePort), JWT_SECRET: 'a-secret-that-only-tests-know-long-enough', JOB_LOCK: '3s', RATE_LIMIT_PER_MINUTE: '1000000', ...settings,
  }
  const url = `http://127.0.0.1:${port}`
  const running = new Map<Service, ChildProcess>()
  const sockets: Socket[] = []
  const redis = new Redis(redisServer.url)
  redis.on('error', () => undefined)
  const db = openDatabase({ DATABASE_URL: env.DATABASE_URL, DATABASE_POOL: 4 })

  const start = async (service: Service): Promise<void> => {
    running.set(service, spawn(process.execPath, ['--import', 'tsx', `${service}/main.ts`], { cwd: ROOT, env, stdio: ['ignore', process.env['TEST_LOG'] ? 'inherit' : 'ignore', 'inherit'] }))
    if (service === 'workers') return
    await until(`${service} ready`, () => answers(service === 'api' ? url : `http://127.0.0.1:${realtimePort}`), 60_000)
  }
  await Promise.all((['api', 'workers', 'realtime'] as const).map(start))

  return {
    url, env, db, redis, redisPid: redisServer.pid, start,
    async kill(service) {
      const child = running.get(service)
      if (child?.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    async as(name) {
      const { body } = await caller(url).post('/auth/login', { email: PEOPLE[name], password: DEMO_PASSWORD })
      return {
        ...caller(url, body.accessToken), user: body.user,
        async socket() {
          const socket = await openSocket(`${url.replace('http', 'ws')}/ws`, { headers: { authorization: `Bearer ${body.accessToken}` } })
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
      redis.disconnect()
      await db.destroy()
      await redisServer.stop()
      await dropDatabase(database)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/livez`).then((response) => response.ok, () => false)
}
