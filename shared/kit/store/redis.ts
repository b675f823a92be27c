// Redis through ioredis, one server or a cluster; the only importer.
// Producers fail fast, because a person waits for them and the outbox keeps what they could not send.
// Blocking readers wait for ever, because nobody does.
// Neither waits for an answer on a connection that has gone silent: a network that swallows what is sent resets nothing,
// so a connection on which an answer is overdue is given up and made anew.

import { systemClock } from '../process/clock.ts'
import { Cluster, Redis as Server, type ClusterOptions, type RedisOptions } from 'ioredis'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../process/config.ts'
import { SECOND } from '../time/time.ts'

/** Every command that names keys names keys of one slot, so that it makes no difference which of the two this is. */
export type Redis = Server | Cluster
type Settings = Pick<Config, 'REDIS_URL' | 'REDIS_CLUSTER'>

/** While a primary is away each redirection costs 100 ms, and whoever asked is waiting. */
const PRODUCER_REDIRECTIONS = 5
/** A primary that hangs instead of dying tells nobody that another one has its slots. */
const LOOK_FOR_PRIMARIES = 5000

/** Two commands of a producer that nobody answered. */
const SILENT_AFTER = 2 * SECOND
/** The longest that BullMQ's workers block, on a connection that they make like the one they are given. */
const WORKER_BLOCKS = 10 * SECOND

export function openProducer(settings: Settings): Redis {
  const options = { maxRetriesPerRequest: 1, commandTimeout: SECOND, socketTimeout: SILENT_AFTER }
  return open(settings, options, { enableOfflineQueue: false }, { maxRedirections: PRODUCER_REDIRECTIONS })
}

/** @param longest milliseconds for which one of its commands may block */
export function openBlocking(settings: Settings, longest = WORKER_BLOCKS): Redis {
  return open(settings, { maxRetriesPerRequest: null, socketTimeout: longest + SILENT_AFTER })
}

/**
 * For whoever reads all the time, and makes no connection like it: the silence of the connection is timed, and not anew that of each
 * command, which costs a reader a tenth of all that it does. @param longest as above
 */
export function openReader(settings: Settings, longest: number): Redis {
  if (settings.REDIS_CLUSTER) return openBlocking(settings, longest)
  const redis = open(settings, { maxRetriesPerRequest: null })
  redis.on('connect', () => {
    if (redis instanceof Server) redis.stream.setTimeout(longest + SILENT_AFTER, () => redis.disconnect(true))
  })
  return redis
}

/**
 * For whoever hears channels, and subscribes whenever it is ready: ioredis would do so by itself, and a server that refuses it then would
 * end the process.
 */
export function openSubscriber(settings: Settings): Redis {
  return open(settings, {
    maxRetriesPerRequest: null,
    socketTimeout: WORKER_BLOCKS + SILENT_AFTER,
    autoResubscribe: false,
  })
}

/** Whether the server answers to somebody who comes now, whatever has become of older connections. */
export async function answersAgain(settings: Settings): Promise<boolean> {
  const redis = openProducer(settings)
  const ready = whenReady(redis)
    .then(() => mustAnswer(redis))
    .then(
      () => true,
      () => false,
    )
  try {
    return await Promise.race([ready, pause(CONNECT_WITHIN, false)])
  } finally {
    redis.disconnect()
  }
}

const CONNECT_WITHIN = 3 * SECOND
const CONNECTING = { connectTimeout: CONNECT_WITHIN, keepAlive: 10 * SECOND }

interface Queueing {
  enableOfflineQueue?: boolean
}

/** Connection errors show as failed commands and in /readyz; the bare event would end the process. */
function open(
  { REDIS_URL, REDIS_CLUSTER }: Settings,
  options: RedisOptions,
  queueing: Queueing = {},
  ofCluster: ClusterOptions = {},
): Redis {
  const redis = REDIS_CLUSTER
    ? openCluster(REDIS_CLUSTER, { ...CONNECTING, ...options }, { ...queueing, ...ofCluster })
    : new Server(REDIS_URL ?? '', { ...CONNECTING, ...options, ...queueing, retryStrategy })
  redis.on('error', () => undefined)
  return redis
}

/** Name, password and TLS of the first node are those of all. */
function openCluster(
  addresses: readonly string[],
  redisOptions: RedisOptions,
  options: ClusterOptions,
): Cluster {
  const nodes = addresses.map((address) => new URL(address))
  const [{ username, password, protocol } = { username: '', password: '', protocol: '' }] = nodes
  return new Cluster(
    nodes.map(({ hostname, port }) => ({ host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port) })),
    {
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
    },
  )
}

function retryStrategy(times: number): number {
  return Math.min(50 * 2 ** times, 2000)
}

export async function whenReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return
  await new Promise<void>((resolve) => redis.once('ready', resolve))
}

/** For a connection whose other end is gone without a word. */
export function reconnectRedis(redis: Redis): void {
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
  const isWhole =
    redis.slots.every(([primary = '']) => answering.has(primary)) &&
    String(await redis.cluster('INFO')).includes('cluster_state:ok')
  if (!isWhole) throw new Error('The Redis Cluster does not serve all of its slots.')
}

/** Of each primary: its version, and how far its clock is from ours, in milliseconds. */
export async function readRedisServers(redis: Redis): Promise<{ version: string; skew: number }[]> {
  return Promise.all(
    primariesOf(redis).map(async (server) => {
      const [info, [seconds]] = await Promise.all([server.info('server'), server.time()])
      const version = /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? 'unknown'
      return { version, skew: Number(seconds) * 1000 - systemClock.now().getTime() }
    }),
  )
}

interface RedisMemory {
  /** It can be set while everything runs. Undefined where nothing is thrown away. */
  evictingPolicy: string | undefined
  /** 0 to 1, of maxmemory or else of the machine; of the fullest primary. */
  share: number
}

export async function readRedisMemory(redis: Redis): Promise<RedisMemory> {
  const infos = await Promise.all(primariesOf(redis).map((server) => server.info('memory')))
  const fieldOf = (info: string, name: string): string =>
    new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? ''
  return {
    evictingPolicy: infos
      .map((info) => fieldOf(info, 'maxmemory_policy') || 'noeviction')
      .find((each) => each !== 'noeviction'),
    share: Math.max(
      ...infos.map((info) => {
        const most = Number(fieldOf(info, 'maxmemory')) || Number(fieldOf(info, 'total_system_memory'))
        return Number(fieldOf(info, 'used_memory')) / (most || Infinity)
      }),
    ),
  }
}

/** Every evicting policy eats delayed jobs without a word, so Bellhop refuses to run on one. */
export async function refuseEviction(redis: Redis): Promise<void> {
  const { evictingPolicy: policy } = await readRedisMemory(redis)
  if (policy === undefined) return
  throw new Error(
    `Redis has maxmemory-policy ${policy}, under which it may throw away jobs that are waiting. Set it to ` +
      `noeviction: redis-cli config set maxmemory-policy noeviction`,
  )
}
