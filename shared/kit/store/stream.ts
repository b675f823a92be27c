// The event log in Redis Streams.
// Promise: per partition, numbers are consecutive (a hole is arithmetic), each entry names the mark of the one before (so
// that a log which went back to an older state shows), an entry is appended once within DEDUPE_WINDOW, and every partition
// has an epoch that changes when its data were lost. Not promised: order between partitions.

import { randomBytes } from 'node:crypto'
import type { Config } from '../process/config.ts'
import type { Positions } from './cursor.ts'
import { RecentHeads } from './recent-heads.ts'
import type { Redis } from './redis.ts'
import { defineStreamScripts } from './stream-scripts.ts'

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

/** Newest number of a partition, the epoch in which it counts, and the entry's mark; both '' before its first entry. */
export interface Head {
  seq: number
  epoch: string
  mark: string
}

export const HEAD_FIELDS = ['seq', 'epoch', 'mark'] as const

export interface Stream {
  readonly partitions: number
  /** Entries that each partition keeps. */
  readonly longest: number
  partitionOf(channel: string): number
  /** Appends one entry. @returns its id, `<partition>:<seq>` */
  append(entry: Entry): Promise<string>
  /** Where the log of these channels, or of all, stands now; a partition that has no entry yet is left out. */
  positions(channels?: readonly string[]): Promise<Positions>
  /** The same, as it was a moment ago at most (recent-heads.ts). */
  recentPositions(channels?: readonly string[]): Promise<Positions>
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
  defineStreamScripts(redis)
  const keys = streamKeys(settings)
  const recent = new RecentHeads((partitions) => readPositions(redis, keys, partitions))
  const appender = new Appender(redis, settings, keys, recent)
  const partitionOf = (channel: string): number => fnv1a(channel) % settings.STREAM_PARTITIONS
  const every = Array.from({ length: settings.STREAM_PARTITIONS }, (_, partition) => partition)
  const partitionsOf = (channels?: readonly string[]): readonly number[] =>
    channels ? [...new Set(channels.map(partitionOf))] : every

  return {
    ...keys,
    partitions: settings.STREAM_PARTITIONS,
    longest: settings.STREAM_MAX_LENGTH,
    partitionOf,
    append: (entry) => appender.append(partitionOf(entry.channel), entry),
    tellNodes: (partition, event, seqs, at) =>
      appender.appendAlone(partition, {
        key: random(),
        channel: `${event}:${partition}`,
        event,
        at,
        data: { seqs },
      }),
    positions: (channels) => readPositions(redis, keys, partitionsOf(channels)),
    recentPositions: (channels) => recent.positions(partitionsOf(channels)),
    async putBeside(partition, entries) {
      await redis.putBeside(
        entries.length + 1,
        keys.logKey(partition),
        ...entries.map(({ seq }) => keys.besideKey(partition, seq)),
        settings.STREAM_MAX_AGE,
        ...entries.flatMap((entry) => [entry.seq, JSON.stringify(entry)]),
      )
    },
    renewEpoch: async (partition, seen) =>
      readHead(await redis.renewEpoch(keys.headKey(partition), seen.epoch, random(), seen.seq)),
  }
}

type StreamKeys = Pick<Stream, 'logKey' | 'headKey' | 'besideKey' | 'quotesKey'> & {
  onceKey(partition: number, key: string): string
}

function streamKeys({ BULLMQ_PREFIX }: Settings): StreamKeys {
  const key = (partition: number, rest: string): string => `{${BULLMQ_PREFIX}.log.${partition}}:${rest}`
  return {
    logKey: (partition) => key(partition, 'entries'),
    headKey: (partition) => key(partition, 'head'),
    besideKey: (partition, seq) => key(partition, `beside:${seq}`),
    quotesKey: (partition, messageId) => key(partition, `quotes:${messageId}`),
    onceKey: (partition, once) => key(partition, `once:${once}`),
  }
}

class Appender {
  readonly #redis: Redis
  readonly #settings: Settings
  readonly #keys: StreamKeys
  readonly #recent: RecentHeads
  readonly #batches = new Map<number, Batch>()

  constructor(redis: Redis, settings: Settings, keys: StreamKeys, recent: RecentHeads) {
    this.#redis = redis
    this.#settings = settings
    this.#keys = keys
    this.#recent = recent
  }

  /** With whatever else is appended in this turn. */
  async append(partition: number, entry: Entry): Promise<string> {
    // Serialised before it joins the others: what cannot be is its own fault.
    const line = this.#lineOf(partition, entry)
    const batch = this.#batches.get(partition) ?? this.#begin(partition)
    const at = batch.lines.push(line) - 1
    if (batch.lines.length === MOST_AT_ONCE) this.#batches.delete(partition)
    return `${partition}:${(await batch.sent)[at]}`
  }

  async appendAlone(partition: number, entry: Entry): Promise<void> {
    await this.#send(partition, [this.#lineOf(partition, entry)])
  }

  #lineOf(partition: number, entry: Entry): Line {
    return { once: this.#keys.onceKey(partition, entry.key), values: valuesOf(entry) }
  }

  #begin(partition: number): Batch {
    const lines: Line[] = []
    const sent = Promise.resolve().then(() => {
      if (this.#batches.get(partition)?.lines === lines) this.#batches.delete(partition)
      return this.#send(partition, lines)
    })
    const batch = { lines, sent }
    this.#batches.set(partition, batch)
    return batch
  }

  async #send(partition: number, lines: readonly Line[]): Promise<number[]> {
    const seqs = await this.#redis.appendEntries(
      lines.length + 2,
      this.#keys.logKey(partition),
      this.#keys.headKey(partition),
      ...lines.map(({ once }) => once),
      DEDUPE_WINDOW,
      this.#settings.STREAM_MAX_LENGTH,
      this.#settings.STREAM_MAX_AGE,
      partition,
      this.#keys.quotesKey(partition, ''),
      ...lines.flatMap(({ values }) => values),
    )
    this.#recent.appended(partition, Math.max(...seqs))
    return seqs
  }
}

async function readPositions(
  redis: Redis,
  keys: StreamKeys,
  partitions: readonly number[],
): Promise<Positions> {
  const heads = await Promise.all(
    partitions.map(async (partition) => ({
      partition,
      head: await redis.hmget(keys.headKey(partition), 'seq', 'epoch'),
    })),
  )
  const known = heads.filter(({ head }) => head[1])
  return {
    cursor: Object.fromEntries(known.map(({ partition, head }) => [partition, Number(head[0])])),
    epochs: Object.fromEntries(known.map(({ partition, head }) => [partition, String(head[1])])),
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

/**
 * Reads an entry's fields: two, as the script writes them, or the seven of an older release, which may run beside this one and
 * has written what lies in the log.
 * @param id `<seq>-0`
 */
export function readEntry(id: string, fields: readonly string[]): LogEntry {
  const seq = Number.parseInt(id, 10)
  if (fields.length === 4) return { seq, ...readHeader(fields[1] ?? ''), frame: fields[3] ?? '' }
  const [, channel = '', , event = '', , at = '0', , frame = '', , mark = '', , after = '', , epoch] = fields
  return { seq, channel, event, at: Number(at), frame, mark, after, epoch }
}

/** No part but the last, the channel, can hold a space. */
export function readHeader(header: string): Omit<LogEntry, 'seq' | 'frame'> {
  const [at = '0', mark = '', after = '', epoch, event = '', ...channel] = header.split(' ')
  return { channel: channel.join(' '), event, at: Number(at), mark, after, epoch }
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
