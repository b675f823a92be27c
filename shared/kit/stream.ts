// The event log in Redis Streams.
// Promise: per partition, numbers are consecutive (a hole is arithmetic), each entry names the mark of the one before (so
// that a log which went back to an older state shows), an entry is appended once within DEDUPE_WINDOW, and every partition
// has an epoch that changes when its data were lost. Not promised: order between partitions.

import { randomBytes } from 'node:crypto'
import type { Config } from './config.ts'
import type { Redis } from './redis.ts'

export interface Entry {
  /** The same key is appended once. */
  key: string
  channel: string
  event: string
  at: Date
  data: unknown
}

export interface LogEntry {
  seq: number
  channel: string
  event: string
  /** Milliseconds since 1970. */
  at: number
  /** The frame, byte for byte as clients get it. */
  frame: string
  /** Unlike that of any other entry, also of one that got the same number. */
  mark: string
  /** The mark of the entry before. */
  after: string
}

type Settings = Pick<Config, 'BULLMQ_PREFIX' | 'STREAM_PARTITIONS' | 'STREAM_MAX_LENGTH' | 'STREAM_MAX_AGE'>

/** Must outlive the time between a lost answer and the relay's next sweep, by far. */
const DEDUPE_WINDOW = 10 * 60_000

// One slot: log, head and dedupe key share the partition's hash tag. Two entries are examined for age at each append,
// so that a quiet partition loses its old ones as fast as it gains new ones, and no append pays for a backlog.
const APPEND = `
  local seen = redis.call('GET', KEYS[3])
  if seen then return tonumber(seen) end
  if redis.call('HSETNX', KEYS[2], 'epoch', ARGV[1]) == 1 then redis.call('DEL', KEYS[1]) end
  local after = redis.call('HGET', KEYS[2], 'mark') or ''
  local seq = redis.call('HINCRBY', KEYS[2], 'seq', 1)
  redis.call('HSET', KEYS[2], 'mark', ARGV[1])
  redis.call('SET', KEYS[3], seq, 'PX', ARGV[2])
  redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[3], seq .. '-0', 'ch', ARGV[5], 'ev', ARGV[6], 'at', ARGV[7],
    'f', '{"t":"event","id":"' .. ARGV[8] .. ':' .. seq .. '",' .. ARGV[9], 'mark', ARGV[1], 'after', after)
  local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 2)
  for _, entry in ipairs(oldest) do
    if tonumber(entry[2][6]) < tonumber(ARGV[4]) then redis.call('XDEL', KEYS[1], entry[1]) end
  end
  return seq`

// Only one of the nodes that see a log go back to an older state ends the epoch, and goes on above what it saw.
const RENEW = `
  if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then
    local seq = math.max(tonumber(redis.call('HGET', KEYS[1], 'seq') or 0), tonumber(ARGV[3]))
    redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'seq', seq)
  end
  return redis.call('HMGET', KEYS[1], 'seq', 'epoch', 'mark')`

declare module 'ioredis' {
  interface RedisCommander {
    appendEntry(log: string, head: string, dedupe: string, ...args: (string | number)[]): Promise<number>
    renewEpoch(head: string, expected: string, fresh: string, seq: number): Promise<(string | null)[]>
  }
}

/** Newest number of a partition, the epoch in which it counts, and the entry's mark; both '' before its first entry. */
export interface Head {
  seq: number
  epoch: string
  mark: string
}

export const HEAD_FIELDS = ['seq', 'epoch', 'mark'] as const

/** Partition → number of its newest entry, and partition → epoch. */
export interface Positions {
  cursor: Record<string, number>
  epochs: Record<string, string>
}

export interface Stream {
  readonly partitions: number
  partitionOf(channel: string): number
  /** Appends one entry. @returns its id, `<partition>:<seq>` */
  append(entry: Entry): Promise<string>
  /** Where the log of these channels stands now; a partition that has no entry yet is left out. */
  positions(channels: readonly string[]): Promise<Positions>
  /**
   * Ends an epoch whose numbers no longer mean what they meant: every cursor of it leads to `refetch`.
   * @param seen the head that is to be no more, as somebody saw it @returns the head as it is now, renewed by this or by another
   */
  renewEpoch(partition: number, seen: Pick<Head, 'seq' | 'epoch'>): Promise<Head>
  logKey(partition: number): string
  headKey(partition: number): string
}

export function openStream(redis: Redis, settings: Settings): Stream {
  redis.defineCommand('appendEntry', { numberOfKeys: 3, lua: APPEND })
  redis.defineCommand('renewEpoch', { numberOfKeys: 1, lua: RENEW })
  const key = (partition: number, rest: string): string => `{${settings.BULLMQ_PREFIX}.log.${partition}}:${rest}`
  const partitionOf = (channel: string): number => fnv1a(channel) % settings.STREAM_PARTITIONS

  return {
    partitions: settings.STREAM_PARTITIONS,
    partitionOf,
    logKey: (partition) => key(partition, 'entries'),
    headKey: (partition) => key(partition, 'head'),
    async positions(channels) {
      const partitions = [...new Set(channels.map(partitionOf))]
      const heads = await Promise.all(partitions.map(async (partition) => ({ partition, head: await redis.hmget(key(partition, 'head'), 'seq', 'epoch') })))
      const known = heads.filter(({ head }) => head[1])
      return {
        cursor: Object.fromEntries(known.map(({ partition, head }) => [partition, Number(head[0])])),
        epochs: Object.fromEntries(known.map(({ partition, head }) => [partition, String(head[1])])),
      }
    },
    async append(entry) {
      const partition = partitionOf(entry.channel)
      const at = entry.at.getTime()
      const seq = await redis.appendEntry(
        key(partition, 'entries'), key(partition, 'head'), key(partition, `once:${entry.key}`),
        random(), DEDUPE_WINDOW, settings.STREAM_MAX_LENGTH, at - settings.STREAM_MAX_AGE,
        entry.channel, entry.event, at, partition, restOfFrame(entry),
      )
      return `${partition}:${seq}`
    },
    renewEpoch: async (partition, seen) => readHead(await redis.renewEpoch(key(partition, 'head'), seen.epoch, random(), seen.seq)),
  }
}

/** Of an entry its mark, of the first entry of a partition the epoch. */
function random(): string {
  return randomBytes(6).toString('base64url')
}

/** The frame without its opening and id, which only the script knows. Serialised here, once, for every client. */
function restOfFrame(entry: Entry): string {
  return JSON.stringify({ ch: entry.channel, ev: entry.event, at: entry.at.toISOString(), data: entry.data }).slice(1)
}

/** Reads an entry's fields as `append` wrote them. @param id `<seq>-0` */
export function readEntry(id: string, fields: readonly string[]): LogEntry {
  const [, channel = '', , event = '', , at = '0', , frame = '', , mark = '', , after = ''] = fields
  return { seq: Number.parseInt(id, 10), channel, event, at: Number(at), frame, mark, after }
}

/** Reads a head's HEAD_FIELDS. */
export function readHead([seq, epoch, mark]: readonly (string | null)[]): Head {
  return { seq: Number(seq ?? 0), epoch: epoch ?? '', mark: mark ?? '' }
}

/** FNV-1a, 32 bit: spreads ids well and needs no table. Part of the deployment's format: never change it. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}
