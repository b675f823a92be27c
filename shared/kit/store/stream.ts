// The event log in Redis Streams.
// Promise: per partition, numbers are consecutive (a hole is arithmetic), each entry names the mark of the one before (so
// that a log which went back to an older state shows), an entry is appended once within DEDUPE_WINDOW, and every partition
// has an epoch that changes when its data were lost. Not promised: order between partitions.

import { randomBytes } from 'node:crypto'
import type { Config } from '../process/config.ts'
import type { Redis } from './redis.ts'

export interface Entry {
  /** The same key is appended once. */
  key: string
  channel: string
  event: string
  at: Date
  data: unknown
  /** The message whose words it holds: by it the entry is found when they are taken out (log-redaction.ts). */
  quotes?: string | undefined
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
  /** In which it has its number; an older release did not write it. */
  epoch: string | undefined
}

/** An entry as the script takes it. */
interface Line {
  once: string
  values: readonly (string | number)[]
}

/**
 * What was appended to one partition in the same turn travels together: one run of the script, and one read by each node,
 * hence one write to each socket.
 */
interface Batch {
  lines: Line[]
  /** Their numbers. */
  sent: Promise<number[]>
}

type Settings = Pick<Config, 'BULLMQ_PREFIX' | 'STREAM_PARTITIONS' | 'STREAM_MAX_LENGTH' | 'STREAM_MAX_AGE'>

/** Must outlive the time between a lost answer and the relay's next sweep, by far. */
const DEDUPE_WINDOW = 10 * 60_000

/** Entries in one run of the script, in which Redis does nothing else: about a millisecond. */
const MOST_AT_ONCE = 50

// One slot: log, head and dedupe keys share the partition's hash tag. Two entries are examined for age at each append,
// so that a quiet partition loses its old ones as fast as it gains new ones, and no append pays for a backlog.
// Where an entry quotes a message, its number is kept under the message's id.
//   KEYS 1 log of the partition · 2 its head · 3… for each entry the key that makes it unique
//   ARGV 1 dedupe window in ms · 2 longest log · 3 greatest age in ms · 4 partition · 5 prefix of the keys of quotes; then six
//   for each entry: mark, channel, event, instant in ms, rest as JSON, quoted message or ''. Returns the number of each entry.
const APPEND = `
  local window, longest, age, partition, quotes = unpack(ARGV, 1, 5)
  local numbers = {}
  for n = 1, #KEYS - 2 do
    local mark, channel, event, at, rest, quoted = unpack(ARGV, 6 * n, 6 * n + 5)
    local seq = redis.call('GET', KEYS[n + 2])
    if not seq then
      if redis.call('HSETNX', KEYS[2], 'epoch', mark) == 1 then redis.call('DEL', KEYS[1]) end
      local epoch, after = unpack(redis.call('HMGET', KEYS[2], 'epoch', 'mark'))
      seq = redis.call('HINCRBY', KEYS[2], 'seq', 1)
      redis.call('HSET', KEYS[2], 'mark', mark)
      redis.call('SET', KEYS[n + 2], seq, 'PX', window)
      redis.call('XADD', KEYS[1], 'MAXLEN', longest, seq .. '-0', 'ch', channel, 'ev', event, 'at', at,
        'f', '{"t":"event","id":"' .. partition .. ':' .. seq .. '",' .. rest, 'mark', mark, 'after', after or '', 'ep', epoch)
      if quoted ~= '' then
        redis.call('RPUSH', quotes .. quoted, seq)
        redis.call('PEXPIRE', quotes .. quoted, age)
      end
      local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 2)
      for _, entry in ipairs(oldest) do
        if tonumber(entry[2][6]) < tonumber(at) - tonumber(age) then redis.call('XDEL', KEYS[1], entry[1]) end
      end
    end
    numbers[n] = tonumber(seq)
  end
  return numbers`

// The entry goes, and what stands in its place comes, in one step: nobody reads neither.
//   KEYS 1 log of the partition · 2… key of each replacement. ARGV 1 how long it is kept, in ms; then for each: number, text
const PUT_BESIDE = `
  for n = 2, #KEYS do
    local seq, text = unpack(ARGV, 2 * n - 2, 2 * n - 1)
    redis.call('XDEL', KEYS[1], seq .. '-0')
    redis.call('SET', KEYS[n], text, 'PX', ARGV[1])
  end`

// Only one of the nodes that see a log go back to an older state ends the epoch, and goes on above what it saw.
//   KEYS 1 head of the partition. ARGV 1 epoch as the node knows it · 2 the next epoch · 3 highest number that the node saw.
//   Returns number, epoch and mark of the head as it is then.
const RENEW = `
  if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then
    local seq = math.max(tonumber(redis.call('HGET', KEYS[1], 'seq') or 0), tonumber(ARGV[3]))
    redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'seq', seq)
  end
  return redis.call('HMGET', KEYS[1], 'seq', 'epoch', 'mark')`

declare module 'ioredis' {
  interface RedisCommander {
    appendEntries(
      keys: number,
      log: string,
      head: string,
      ...dedupeKeysAndArguments: (string | number)[]
    ): Promise<number[]>
    putBeside(keys: number, log: string, ...besideKeysAndArguments: (string | number)[]): Promise<void>
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
  /** Entries that each partition keeps. */
  readonly longest: number
  partitionOf(channel: string): number
  /** Appends one entry. @returns its id, `<partition>:<seq>` */
  append(entry: Entry): Promise<string>
  /** Where the log of these channels, or of all, stands now; a partition that has no entry yet is left out. */
  positions(channels?: readonly string[]): Promise<Positions>
  /**
   * Ends an epoch whose numbers no longer mean what they meant: every cursor of it leads to `refetch`.
   * @param seen the head that is to be no more, as somebody saw it @returns the head as it is now, renewed by this or by another
   */
  renewEpoch(partition: number, seen: Pick<Head, 'seq' | 'epoch'>): Promise<Head>
  logKey(partition: number): string
  headKey(partition: number): string
  /** Of what is read in the place of an entry whose words were taken out. */
  besideKey(partition: number, seq: number): string
  /** Of the numbers of the entries that quote a message. */
  quotesKey(partition: number, messageId: string): string
  /** Puts entries in the place of those that have their numbers. */
  putBeside(partition: number, entries: readonly LogEntry[]): Promise<void>
  /** Something about numbers of a partition, for the nodes and nobody else. */
  tellNodes(partition: number, event: string, seqs: readonly number[], at: Date): Promise<void>
}

export function openStream(redis: Redis, settings: Settings): Stream {
  redis.defineCommand('appendEntries', { lua: APPEND })
  redis.defineCommand('putBeside', { lua: PUT_BESIDE })
  redis.defineCommand('renewEpoch', { numberOfKeys: 1, lua: RENEW })
  const key = (partition: number, rest: string): string =>
    `{${settings.BULLMQ_PREFIX}.log.${partition}}:${rest}`
  const besideKey = (partition: number, seq: number): string => key(partition, `beside:${seq}`)
  const partitionOf = (channel: string): number => fnv1a(channel) % settings.STREAM_PARTITIONS

  const batches = new Map<number, Batch>()

  const begin = (partition: number): Batch => {
    const lines: Line[] = []
    const sent = Promise.resolve().then(() => {
      if (batches.get(partition)?.lines === lines) batches.delete(partition)
      return send(partition, lines)
    })
    const batch = { lines, sent }
    batches.set(partition, batch)
    return batch
  }

  const send = (partition: number, lines: readonly Line[]): Promise<number[]> =>
    redis.appendEntries(
      lines.length + 2,
      key(partition, 'entries'),
      key(partition, 'head'),
      ...lines.map(({ once }) => once),
      DEDUPE_WINDOW,
      settings.STREAM_MAX_LENGTH,
      settings.STREAM_MAX_AGE,
      partition,
      key(partition, 'quotes:'),
      ...lines.flatMap(({ values }) => values),
    )

  return {
    partitions: settings.STREAM_PARTITIONS,
    longest: settings.STREAM_MAX_LENGTH,
    partitionOf,
    logKey: (partition) => key(partition, 'entries'),
    headKey: (partition) => key(partition, 'head'),
    besideKey,
    quotesKey: (partition, messageId) => key(partition, `quotes:${messageId}`),
    async putBeside(partition, entries) {
      await redis.putBeside(
        entries.length + 1,
        key(partition, 'entries'),
        ...entries.map(({ seq }) => besideKey(partition, seq)),
        settings.STREAM_MAX_AGE,
        ...entries.flatMap((entry) => [entry.seq, JSON.stringify(entry)]),
      )
    },
    async tellNodes(partition, event, seqs, at) {
      const entry = { key: random(), channel: `${event}:${partition}`, event, at, data: { seqs } }
      await send(partition, [{ once: key(partition, `once:${entry.key}`), values: valuesOf(entry) }])
    },
    async positions(channels) {
      const partitions = channels
        ? [...new Set(channels.map(partitionOf))]
        : Array.from({ length: settings.STREAM_PARTITIONS }, (_, partition) => partition)
      const heads = await Promise.all(
        partitions.map(async (partition) => ({
          partition,
          head: await redis.hmget(key(partition, 'head'), 'seq', 'epoch'),
        })),
      )
      const known = heads.filter(({ head }) => head[1])
      return {
        cursor: Object.fromEntries(known.map(({ partition, head }) => [partition, Number(head[0])])),
        epochs: Object.fromEntries(known.map(({ partition, head }) => [partition, String(head[1])])),
      }
    },
    async append(entry) {
      const partition = partitionOf(entry.channel)
      // Serialised before it joins the others: what cannot be is its own fault.
      const line = { once: key(partition, `once:${entry.key}`), values: valuesOf(entry) }
      const batch = batches.get(partition) ?? begin(partition)
      const at = batch.lines.push(line) - 1
      if (batch.lines.length === MOST_AT_ONCE) batches.delete(partition)
      return `${partition}:${(await batch.sent)[at]}`
    },
    renewEpoch: async (partition, seen) =>
      readHead(await redis.renewEpoch(key(partition, 'head'), seen.epoch, random(), seen.seq)),
  }
}

/** In the order in which the script takes them. */
function valuesOf(entry: Entry): (string | number)[] {
  return [random(), entry.channel, entry.event, entry.at.getTime(), restOfFrame(entry), entry.quotes ?? '']
}

/** Of an entry its mark, of the first entry of a partition the epoch. */
function random(): string {
  return randomBytes(6).toString('base64url')
}

/** The frame without its opening and id, which only the script knows. Serialised here, once, for every client. */
function restOfFrame(entry: Entry): string {
  return JSON.stringify({
    ch: entry.channel,
    ev: entry.event,
    at: entry.at.toISOString(),
    data: entry.data,
  }).slice(1)
}

/** Reads an entry's fields as `append` wrote them. @param id `<seq>-0` */
export function readEntry(id: string, fields: readonly string[]): LogEntry {
  const [, channel = '', , event = '', , at = '0', , frame = '', , mark = '', , after = '', , epoch] = fields
  return { seq: Number.parseInt(id, 10), channel, event, at: Number(at), frame, mark, after, epoch }
}

/** Whether an entry is of the log of this epoch, and not of one that began anew under the same numbers. */
export function isOfEpoch(entry: Pick<LogEntry, 'epoch'>, epoch: string): boolean {
  return entry.epoch === undefined || entry.epoch === epoch
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
