// A Redis Cluster of our own on 127.0.0.1: three primaries, each with a replica. It forgets everything.
// Promise: once started, every slot is served and every replica is in step; after stop() nothing runs.

import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort, onFreePort } from './ports.ts'
import type { EmbeddedServer } from './postgres.ts'
import type { Say } from './processes.ts'
import { startRedis } from './redis.ts'
import type { RedisProgram } from './redis-program.ts'

export interface RedisCluster {
  /** host:port of every node. */
  readonly addresses: readonly string[]
  /** Who holds a key now, and its replicas that live. */
  holderOf(key: string): Promise<{ primary: ClusterServer; replicas: ClusterServer[] }>
  /** Starts nodes that were killed again; they follow whoever took their place. */
  heal(): Promise<void>
  stop(): Promise<void>
}

export interface ClusterServer {
  address: string
  pid: number
}

interface Node {
  server: EmbeddedServer
  start(): Promise<EmbeddedServer>
  address: string
  busPort: number
  redis: Redis
}

const PRIMARIES = 3
const SLOTS = 16_384
/** Milliseconds without an answer after which a primary is given up. */
const NODE_TIMEOUT = 2000
const PATIENCE = 60_000

interface Options {
  dir: string
  program?: RedisProgram
  log: Say
}

export async function startCluster(options: Options): Promise<RedisCluster> {
  const nodes = await Promise.all(
    Array.from({ length: 2 * PRIMARIES }, (_, n) =>
      startNode({ ...options, dir: path.join(options.dir, String(n)) }),
    ),
  )
  const stop = async (): Promise<void> => {
    for (const { redis } of nodes) redis.disconnect()
    await Promise.all(nodes.map(({ server }) => server.stop()))
  }
  try {
    await join(nodes)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    addresses: nodes.map(({ address }) => address),
    holderOf: (key) => holderOf(nodes, key),
    heal: () => heal(nodes),
    stop,
  }
}

async function startNode(options: Options): Promise<Node> {
  const busPort = await freePort()
  const more = {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': String(NODE_TIMEOUT),
    'cluster-port': String(busPort),
    'repl-diskless-sync-delay': '0',
  }
  const startOn = (port: number): Promise<EmbeddedServer> =>
    startRedis({ ...options, port, durable: false, isOpen: true, more })
  const server = await onFreePort(startOn)
  const { host, port } = new URL(server.url)
  const redis = new Redis(server.administrator, { commandTimeout: 5000, retryStrategy: () => 100 })
  redis.on('error', () => undefined)
  return { server, start: () => startOn(Number(port)), address: host, busPort, redis }
}

async function heal(nodes: readonly Node[]): Promise<void> {
  for (const node of nodes) if (!(await isAlive(node))) node.server = await node.start()
  await everyoneIsInStep(nodes)
}

async function isAlive({ redis }: Node): Promise<boolean> {
  return (
    redis.status === 'ready' &&
    redis.ping().then(
      () => true,
      () => false,
    )
  )
}

async function join(nodes: readonly Node[]): Promise<void> {
  const [primaries, replicas] = [nodes.slice(0, PRIMARIES), nodes.slice(PRIMARIES)]
  for (const [n, { redis }] of nodes.entries()) await redis.cluster('SET-CONFIG-EPOCH', n + 1)
  for (const [n, { redis }] of primaries.entries()) {
    await redis.call(
      'CLUSTER',
      'ADDSLOTSRANGE',
      Math.ceil((n * SLOTS) / PRIMARIES),
      Math.ceil(((n + 1) * SLOTS) / PRIMARIES) - 1,
    )
  }
  for (const { address, busPort } of nodes.slice(1)) {
    await nodes[0]?.redis.call('CLUSTER', 'MEET', '127.0.0.1', new URL(`redis://${address}`).port, busPort)
  }
  await every(
    'every node knows the others',
    nodes,
    async ({ redis }) =>
      linesOf(await redis.call('CLUSTER', 'NODES')).filter((line) => !line.includes('handshake')).length ===
      nodes.length,
  )
  for (const [n, { redis }] of replicas.entries())
    await redis.cluster('REPLICATE', String(await primaries[n]?.redis.cluster('MYID')))
  await everyoneIsInStep(nodes)
}

/** And knows of it: a client that asks any of them is told the same. */
async function everyoneIsInStep(nodes: readonly Node[]): Promise<void> {
  await every('every slot is served', nodes, async ({ redis }) =>
    String(await redis.cluster('INFO')).includes('cluster_state:ok'),
  )
  await every('every primary has its replica', nodes, async ({ redis }) => {
    const lines = linesOf(await redis.call('CLUSTER', 'NODES'))
    return lines.filter((line) => line.includes('slave') && !line.includes('fail')).length === PRIMARIES
  })
  await every('every replica has what its primary has', nodes, async ({ redis }) => {
    const info = await redis.info('replication')
    return info.includes('role:master')
      ? info.includes('connected_slaves:1')
      : info.includes('master_link_status:up')
  })
}

async function every(
  what: string,
  nodes: readonly Node[],
  isSo: (node: Node) => Promise<boolean>,
): Promise<void> {
  for (const since = performance.now(); performance.now() - since < PATIENCE; await pause(50)) {
    const answers = await Promise.all(nodes.map((node) => isSo(node).catch(() => false)))
    if (answers.every(Boolean)) return
  }
  throw new Error(`The Redis Cluster did not get so far that ${what}.`)
}

/** Of those that answer, who says of itself that it is what. */
async function holderOf(
  nodes: readonly Node[],
  key: string,
): Promise<{ primary: ClusterServer; replicas: ClusterServer[] }> {
  const alive = nodes.filter(({ redis }) => redis.status === 'ready')
  const slot = Number(await alive[0]?.redis.cluster('KEYSLOT', key))
  // `<id> <ip:port@bus> <flags> <primary> <ping> <pong> <epoch> <link> <slot> <first>-<last> …`
  const selves = await Promise.all(
    alive.map(async ({ redis, address, server }) => {
      const [id = '', , , follows = '', , , , , ...ranges] =
        linesOf(await redis.call('CLUSTER', 'NODES'))
          .find((line) => line.includes('myself'))
          ?.split(' ') ?? []
      return { id, follows, ranges, member: { address, pid: server.pid } }
    }),
  )
  const primary = selves.find(({ ranges }) => ranges.some((range) => isWithin(slot, range)))
  if (!primary) throw new Error(`Nobody holds slot ${slot}.`)
  return {
    primary: primary.member,
    replicas: selves.filter(({ follows }) => follows === primary.id).map(({ member }) => member),
  }
}

function isWithin(slot: number, range: string): boolean {
  const [first = 0, last = first] = range.split('-').map(Number)
  return first <= slot && slot <= last
}

function linesOf(answer: unknown): string[] {
  return String(answer).trim().split('\n')
}
