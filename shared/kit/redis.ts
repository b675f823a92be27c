// Redis through ioredis, one server or a cluster; the only importer.
// Producers fail fast, because a person waits for them and the outbox keeps what they could not send.
// Blocking readers wait for ever, because nobody does.

import { Cluster, Redis as Server, type ClusterOptions, type RedisOptions } from 'ioredis'
import type { Config } from './config.ts'

/** Every command that names keys names keys of one slot, so that it makes no difference which of the two this is. */
export type Redis = Server | Cluster
type Settings = Pick<Config, 'REDIS_URL' | 'REDIS_CLUSTER'>

/** While a primary is away each redirection costs 100 ms, and whoever asked is waiting. */
const PRODUCER_REDIRECTIONS = 5
/** A primary that hangs instead of dying tells nobody that another one has its slots. */
const LOOK_FOR_PRIMARIES = 5000

export function openProducer(settings: Settings): Redis {
  return open(settings, { maxRetriesPerRequest: 1, commandTimeout: 1000 }, { enableOfflineQueue: false }, { maxRedirections: PRODUCER_REDIRECTIONS })
}

export function openBlocking(settings: Settings): Redis {
  return open(settings, { maxRetriesPerRequest: null })
}

interface Queueing {
  enableOfflineQueue?: boolean
}

/** Connection errors show as failed commands and in /readyz; the bare event would end the process. */
function open({ REDIS_URL, REDIS_CLUSTER }: Settings, options: RedisOptions, queueing: Queueing = {}, ofCluster: ClusterOptions = {}): Redis {
  const redis = REDIS_CLUSTER
    ? openCluster(REDIS_CLUSTER, options, { ...queueing, ...ofCluster })
    : new Server(REDIS_URL ?? '', { ...options, ...queueing, retryStrategy })
  redis.on('error', () => undefined)
  return redis
}

/** Name, password and TLS of the first node are those of all. */
function openCluster(addresses: readonly string[], redisOptions: RedisOptions, options: ClusterOptions): Cluster {
  const nodes = addresses.map((address) => new URL(address))
  const [{ username, password, protocol } = { username: '', password: '', protocol: '' }] = nodes
  return new Cluster(nodes.map(({ hostname, port }) => ({ host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port) })), {
    clusterRetryStrategy: retryStrategy,
    slotsRefreshInterval: LOOK_FOR_PRIMARIES,
    slotsRefreshTimeout: 2000,
    ...options,
    // A certificate is for the name that was configured, and a name must not become an address before it is checked.
    ...(protocol === 'rediss:' && { dnsLookup: (name, found) => found(null, name) }),
    redisOptions: {
      ...redisOptions,
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
  })
}

function retryStrategy(times: number): number {
  return Math.min(50 * 2 ** times, 2000)
}

export async function whenReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return
  await new Promise<void>((resolve) => redis.once('ready', resolve))
}

/** For a connection whose other end is gone without a word. */
export function reconnect(redis: Redis): void {
  // A cluster's client that is told so while it is connecting never connects again.
  const mayBeTold = redis instanceof Server || redis.status === 'ready' || redis.status === 'connect'
  if (mayBeTold) redis.disconnect(true)
}

/** Those that take writes; replicas stand by. */
function primariesOf(redis: Redis): Server[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis]
}

/** @throws unless every key can be reached */
export async function mustAnswer(redis: Redis): Promise<void> {
  const primaries = primariesOf(redis)
  await Promise.all(primaries.map((server) => server.ping()))
  if (!(redis instanceof Cluster)) return
  // The others take seconds to notice that one is gone; that our connection to it is gone shows at once.
  const answering = new Set(primaries.map(({ options: { host, port } }) => `${host}:${port}`))
  const isWhole = redis.slots.every(([primary = '']) => answering.has(primary)) && String(await redis.cluster('INFO')).includes('cluster_state:ok')
  if (!isWhole) throw new Error('The Redis Cluster does not serve all of its slots.')
}

/** Every evicting policy eats delayed jobs without a word, so Bellhop refuses to run on one. */
export async function refuseEviction(redis: Redis): Promise<void> {
  const infos = await Promise.all(primariesOf(redis).map((server) => server.info('memory')))
  const policy = infos.map((info) => /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction').find((each) => each !== 'noeviction')
  if (policy === undefined) return
  throw new Error(
    `Redis has maxmemory-policy ${policy}, under which it may throw away jobs that are waiting. Set it to noeviction: redis-cli config set maxmemory-policy noeviction`,
  )
}
