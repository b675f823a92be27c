// The event log as a reader sees it, over connections of its own that may block.
// Promise: every question is answered or fails in the end; a connection whose other end is gone is given up.

import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { readEntries } from '../../shared/kit/store/log-redaction.ts'
import { openReader } from '../../shared/kit/store/redis.ts'
import { HEAD_FIELDS, readHead, type Head, type LogEntry } from '../../shared/kit/store/stream.ts'
import { readUnopened } from './unopened-entry.ts'

export interface LogReader {
  /** Those that it reads, all in one go. */
  readonly partitions: readonly number[]
  heads(): Promise<Head[]>
  /** Waits up to a second for entries after these numbers, one for each of its partitions. */
  after(seqs: readonly number[]): Promise<{ partition: number; entries: LogEntry[] }[]>
  /** What the log still has of these numbers, both included; a page of it at most. */
  between(partition: number, first: number, last: number): Promise<LogEntry[]>
  close(): void
}

/** A client that blocks longer can outlive a failover without noticing. */
const BLOCK_MS = 1000
/** Entries of one partition in one answer. */
export const LOG_PAGE = 500

/** One reader for all partitions; on a cluster, where one read cannot span slots, one for each. */
export function openLogReaders(runtime: Pick<Runtime, 'config' | 'stream'>): LogReader[] {
  const partitions = Array.from({ length: runtime.stream.partitions }, (_, partition) => partition)
  return runtime.config.REDIS_CLUSTER
    ? partitions.map((partition) => openLogReader(runtime, [partition]))
    : [openLogReader(runtime, partitions)]
}

function openLogReader(
  { config, stream }: Pick<Runtime, 'config' | 'stream'>,
  partitions: readonly number[],
): LogReader {
  const redis = openReader(config, BLOCK_MS)
  const keys = partitions.map((partition) => stream.logKey(partition))

  return {
    partitions,
    async heads() {
      const heads = await Promise.all(
        partitions.map((partition) => redis.hmget(stream.headKey(partition), ...HEAD_FIELDS)),
      )
      return heads.map(readHead)
    },
    async after(seqs) {
      const ids = seqs.map((seq) => `${seq}-0`)
      const read = await redis.xreadBuffer('COUNT', LOG_PAGE, 'BLOCK', BLOCK_MS, 'STREAMS', ...keys, ...ids)
      return (read ?? []).map(([key, items]) => ({
        partition: partitions[keys.indexOf(key.toString())] ?? -1,
        entries: items.map(([id, fields]) => readUnopened(id, fields)),
      }))
    },
    async between(partition, first, last) {
      return readEntries(redis, stream, partition, first, last)
    },
    close: () => redis.disconnect(),
  }
}
