// The Redis of a Bellhop of real processes: one server of its own, or the cluster of `npm run test:cluster`.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis } from 'ioredis'
import { startCluster, type RedisCluster } from '../../bin/embedded/cluster.ts'
import { onFreePort } from '../../bin/embedded/ports.ts'
import { startRedis } from '../../bin/embedded/redis.ts'
import type { RedisProgram } from '../../bin/embedded/redis-program.ts'

export interface RedisServers {
  /** The setting that points to them. */
  readonly env: Record<string, string>
  /** The same, as somebody to whom no command is closed. */
  readonly administrator: Record<string, string>
  /** Everything is forgotten. */
  flushall(): Promise<void>
  /** Asks each server something, as somebody to whom no command is closed. */
  each(ask: (redis: Redis) => Promise<void>): Promise<void>
  /** They stand still, and answer nobody. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/** A cluster for one test file, whose nodes it may kill. */
export async function someCluster(): Promise<RedisServers & { cluster: RedisCluster }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bellhop-test-'))
  const program = redisProgram()
  const cluster = await startCluster({ dir: folder, log: () => undefined, ...(program && { program }) })
  const servers = await clusterOf(cluster.addresses)
  return {
    ...servers,
    cluster,
    async stop() {
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function someRedis(): Promise<RedisServers> {
  const shared = process.env['TEST_REDIS_CLUSTER']
  return shared ? clusterOf(shared.split(',')) : ownServer()
}

/** As `npm test` found it. */
function redisProgram(): RedisProgram | undefined {
  const program = process.env['TEST_REDIS_SERVER']
  return program ? JSON.parse(program) : undefined
}

async function ownServer(): Promise<RedisServers> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bellhop-test-'))
  const program = redisProgram()
  const server = await onFreePort((port) =>
    startRedis({ dir: folder, port, log: () => undefined, durable: false, ...(program && { program }) }),
  )
  return {
    env: { REDIS_URL: server.url },
    administrator: { REDIS_URL: server.administrator },
    flushall: () => onEach([server.administrator], async (redis) => void (await redis.flushall())),
    each: (ask) => onEach([server.administrator], ask),
    freeze: () => void process.kill(server.pid, 'SIGSTOP'),
    thaw: () => void process.kill(server.pid, 'SIGCONT'),
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** One that others run, and stop. Its tests run one after the other; each has a prefix of its own. */
async function clusterOf(addresses: readonly string[]): Promise<RedisServers> {
  const urls = addresses.map((address) => `redis://${address}`)
  const pids: number[] = []
  const env = { REDIS_CLUSTER: addresses.join(',') }
  await onEach(
    urls,
    async (redis) => void pids.push(Number(/^process_id:(\d+)/m.exec(await redis.info('server'))?.[1])),
  )
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of pids) process.kill(pid, name)
  }
  return {
    env,
    administrator: env,
    flushall: () =>
      onEach(
        urls,
        async (redis) =>
          void ((await redis.info('replication')).includes('role:master') && (await redis.flushall())),
      ),
    each: (ask) => onEach(urls, ask),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop: async () => undefined,
  }
}

async function onEach(urls: readonly string[], act: (redis: Redis) => Promise<void>): Promise<void> {
  await Promise.all(
    urls.map(async (url) => {
      const redis = new Redis(url)
      await act(redis)
      redis.disconnect()
    }),
  )
}
