// An entry that passes through every partition every ten seconds, written once whoever writes it first.
// It proves that the way from append to socket is open; a partition that stays silent makes this node not ready.

import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { LogEntry, Stream } from '../../shared/kit/store/stream.ts'

/** 8,640 a day: fewer than a partition keeps by default, so that a quiet one reaches back as far as its age allows. */
const INTERVAL = 10_000
/** One may be late by a slow Redis, two by a restart. */
const SILENT_AFTER = 3 * INTERVAL
const EVENT = 'heartbeat'

export class Heartbeat {
  readonly #runtime: Pick<Runtime, 'clock' | 'stream'>
  readonly #channels: readonly string[]
  readonly #heardAt: Date[]
  #beaten = -1
  #timer: NodeJS.Timeout | undefined

  constructor(runtime: Pick<Runtime, 'clock' | 'stream'>) {
    this.#runtime = runtime
    this.#channels = channelPerPartition(runtime.stream)
    this.#heardAt = this.#channels.map(() => runtime.clock.now())
  }

  start(): void {
    this.#heardAt.fill(this.#runtime.clock.now())
    this.#timer = setInterval(() => void this.#beatWhenDue(), 1000)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Writes this interval's entries; a second time, or from a second process, it writes nothing. */
  async beat(): Promise<void> {
    const at = this.#runtime.clock.now()
    const key = `${EVENT}.${intervalOf(at)}`
    await Promise.all(
      this.#channels.map((channel) =>
        this.#runtime.stream.append({ key, channel, event: EVENT, at, data: {} }),
      ),
    )
    this.#beaten = intervalOf(at)
  }

  /** Failing needs no word: the silence shows in /readyz, and the next second tries again. */
  async #beatWhenDue(): Promise<void> {
    if (intervalOf(this.#runtime.clock.now()) !== this.#beaten) await this.beat().catch(() => undefined)
  }

  /** Notes that the partition was heard. @returns the entries that are for somebody else */
  sift(partition: number, entries: readonly LogEntry[]): LogEntry[] {
    this.#heardAt[partition] = this.#runtime.clock.now()
    return entries.filter((entry) => entry.event !== EVENT)
  }

  silentPartitions(): number[] {
    const since = this.#runtime.clock.now().getTime() - SILENT_AFTER
    return this.#heardAt.flatMap((at, partition) => (at.getTime() < since ? [partition] : []))
  }
}

function intervalOf(at: Date): number {
  return Math.floor(at.getTime() / INTERVAL)
}

/** Names decide partitions; so, for each partition, the first name that falls into it. */
function channelPerPartition(stream: Stream): string[] {
  const found = new Map<number, string>()
  for (let n = 0; found.size < stream.partitions; n++) {
    const partition = stream.partitionOf(`heartbeat:${n}`)
    if (!found.has(partition)) found.set(partition, `heartbeat:${n}`)
  }
  return [...found].toSorted(([a], [b]) => a - b).map(([, channel]) => channel)
}
