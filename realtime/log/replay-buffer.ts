// What a node remembers of the log, and how far back it can reach. Redis is asked once for what a crowd needs, in pages,
// however many clients return at the same time.

import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { isOfEpoch, type Head, type LogEntry } from '../../shared/kit/store/stream.ts'
import { LOG_PAGE, type LogReader } from './log-reader.ts'
import { PartitionBuffer } from './partition-buffer.ts'
import { EntryPages, UnopenedEntry } from './unopened-entry.ts'

/** Entries of each partition that a new node reads: whoever comes from a node that died finds what they missed. */
const PREFILL = 2000

/** Where following begins. */
type Start = Pick<Head, 'seq' | 'epoch'> & { partition: number }

export class ReplayBuffer {
  readonly #between: LogReader['between']
  readonly #ring: PartitionBuffer
  readonly #pages: readonly EntryPages[]
  readonly #furthest: number
  readonly #metrics: Runtime['metrics']
  readonly #epochs = new Map<number, string>()
  readonly #reaching = new Map<number, Promise<boolean>>()

  constructor(
    between: LogReader['between'],
    { config, stream, metrics }: Pick<Runtime, 'config' | 'stream' | 'metrics'>,
  ) {
    this.#between = between
    this.#metrics = metrics
    this.#ring = new PartitionBuffer(stream.partitions, {
      entries: config.RING_ENTRIES,
      bytes: config.RING_BYTES,
    })
    this.#pages = Array.from({ length: stream.partitions }, () => new EntryPages())
    this.#furthest = config.RESUME_MAX_ENTRIES
  }

  /** @param heads where following begins */
  async fill(heads: readonly Start[]): Promise<void> {
    for (const head of heads) this.reset(head)
    await Promise.all(
      heads.map(({ partition, seq }) =>
        this.reachBack(partition, Math.max(0, seq - Math.min(PREFILL, this.#furthest))),
      ),
    )
  }

  append(partition: number, entries: readonly LogEntry[]): void {
    this.#ring.append(partition, entries)
  }

  /** What was appended has been delivered: what nobody heard of it stays as bytes. */
  keep(partition: number, entries: readonly LogEntry[]): void {
    const pages = this.#pages[partition]
    for (const entry of entries) if (pages && entry instanceof UnopenedEntry) entry.keepIn(pages)
  }

  /** Some of what is held lost its words: from here on it is told as it stands in the log now. */
  async replace(partition: number, seqs: readonly number[]): Promise<void> {
    try {
      for (const seq of seqs) this.#ring.replace(partition, await this.#between(partition, seq, seq))
    } catch {
      // What cannot be read anew is not held: whoever comes back has it fetched.
      this.#ring.reset(partition, this.#ring.last(partition))
    }
  }

  /** Forgets a partition, and goes on after this number of this epoch. */
  reset({ partition, seq, epoch }: Start): void {
    this.#epochs.set(partition, epoch)
    this.#ring.reset(partition, seq)
  }

  /** What was said on these channels of the partition after a number, in order; whole only where `reaches` says so. */
  after(partition: number, channels: readonly string[], seq: number): LogEntry[] {
    return this.#ring.after(partition, channels, seq)
  }

  /** Is everything after this number here? */
  reaches(partition: number, seq: number): boolean {
    return this.#ring.first(partition) <= seq + 1
  }

  /** Oldest and newest number held of each partition. */
  spans(): Record<string, [first: number, last: number]> {
    return this.#ring.spans()
  }

  size(): { entries: number; bytes: number } {
    return this.#ring.size()
  }

  /** @returns false when it is too far, or the log no longer has it */
  async reachBack(partition: number, seq: number): Promise<boolean> {
    // One after the other: who asks for more than the one before asks only for the rest.
    const before = this.#reaching.get(partition) ?? Promise.resolve(true)
    const reaching = before.then(() => this.#fetchBack(partition, seq)).catch(() => false)
    this.#reaching.set(partition, reaching)
    return reaching
  }

  async #fetchBack(partition: number, seq: number): Promise<boolean> {
    while (!this.reaches(partition, seq)) {
      const first = this.#ring.first(partition)
      if (first - seq > this.#furthest) return false
      const from = Math.max(seq + 1, first - LOG_PAGE)
      this.#metrics.logPages.inc()
      const page = await this.#between(partition, from, first - 1)
      // What is held began elsewhere meanwhile: the page would not fit.
      if (this.#ring.first(partition) !== first) continue
      const whole = unbrokenEnd(page, first, this.#epochs.get(partition) ?? '')
      this.#ring.prepend(partition, whole)
      if (whole.length < first - from) return false
    }
    return true
  }
}

/** What of a page reaches its end without a hole; the log may have been trimmed under us, or begun anew. */
function unbrokenEnd(page: readonly LogEntry[], next: number, epoch: string): LogEntry[] {
  const broken = page.findLastIndex(
    (entry, at) => entry.seq !== next - (page.length - at) || !isOfEpoch(entry, epoch),
  )
  return page.slice(broken + 1)
}
