// The event log as a reader sees it, over one connection of its own that may block.
// Promise: every question is answered or fails in the end; a connection whose other end is gone is given up.

import type { House } from '../../shared/kit/house.ts'
import { openBlocking } from '../../shared/kit/redis.ts'
import { readEntry, type LogEntry } from '../../shared/kit/stream.ts'

/** Newest number of a partition, and the epoch in which it counts; '' before its first entry. */
export interface Head {
  seq: number
  epoch: string
}

export interface LogReader {
  heads(): Promise<Head[]>
  /** Waits up to a second for entries after these numbers, one for each partition. */
  after(seqs: readonly number[]): Promise<{ partition: number; entries: LogEntry[] }[]>
  /** What the log still has of these numbers, both included; a page of it at most. */
  between(partition: number, first: number, last: number): Promise<LogEntry[]>
  close(): void
}

/** A client that blocks longer can outlive a failover without noticing. */
const BLOCK_MS = 1000
/** Entries of one partition in one answer. */
export const PAGE = 500
/** Questions take a second at most, so one that takes this long hangs. */
const HUNG_AFTER = 5000

export function openLogReader({ config, stream }: Pick<House, 'config' | 'stream'>): LogReader {
  const redis = openBlocking(config)
  const partitions = Array.from({ length: stream.partitions }, (_, partition) => partition)
  const keys = partitions.map((partition) => stream.logKey(partition))

  async function unlessHung<T>(asked: Promise<T>): Promise<T> {
    const reconnecting = setInterval(() => redis.disconnect(true), HUNG_AFTER)
    try {
      return await asked
    } finally {
      clearInterval(reconnecting)
    }
  }

  return {
    async heads() {
      const heads = await unlessHung(Promise.all(partitions.map((partition) => redis.hmget(stream.headKey(partition), 'seq', 'epoch'))))
      return heads.map(([seq, epoch]) => ({ seq: Number(seq ?? 0), epoch: epoch ?? '' }))
    },
    async after(seqs) {
      const ids = seqs.map((seq) => `${seq}-0`)
      const read = await unlessHung(redis.xread('COUNT', PAGE, 'BLOCK', BLOCK_MS, 'STREAMS', ...keys, ...ids))
      return (read ?? []).map(([key, items]) => ({ partition: keys.indexOf(key), entries: items.map(([id, fields]) => readEntry(id, fields)) }))
    },
    async between(partition, first, last) {
      const items = await unlessHung(redis.xrange(stream.logKey(partition), `${first}-0`, `${last}-0`, 'COUNT', PAGE))
      return items.map(([id, fields]) => readEntry(id, fields))
    },
    close: () => redis.disconnect(),
  }
}
