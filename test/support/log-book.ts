// What a test wrote into the event log, and how far back the log reached when somebody was told that it does not.

import type { Redis } from '../../shared/kit/store/redis.ts'
import { readHead, type Stream } from '../../shared/kit/store/stream.ts'
import type { Positions } from '../../shared/kit/store/cursor.ts'
import type { Gap, Point, Written } from './account.ts'

export const TOLD = 'test.told'

export interface Refetch {
  frame: Positions & { reason: string; channels: string[] }
  from: Positions
  node: Positions
  asked: Positions | undefined
}

interface Reach {
  /** The oldest number that the log has; above the head when it has none. */
  oldest: number
  head: Point
}

export class LogBook {
  readonly written: Written[] = []
  readonly #redis: Redis
  readonly #stream: Stream
  readonly #cap: number
  readonly #now: () => Date
  /** Per partition, in the order in which they came. */
  readonly #epochs: string[][]
  #n = 0

  /** @param cap RESUME_MAX_ENTRIES */
  constructor(redis: Redis, stream: Stream, cap: number, now: () => Date) {
    this.#redis = redis
    this.#stream = stream
    this.#cap = cap
    this.#now = now
    this.#epochs = Array.from({ length: stream.partitions }, () => [])
  }

  /** All at once, in this order. Nobody else may write or forget meanwhile. */
  async write(channels: readonly string[], text = ''): Promise<void> {
    await Promise.all(channels.map((channel) => this.#append(channel, text)))
  }

  async #append(channel: string, text: string): Promise<void> {
    const n = this.#n++
    const partition = this.#stream.partitionOf(channel)
    const [id, epoch] = await Promise.all([
      this.#stream.append({ key: `${TOLD}.${n}`, channel, event: TOLD, at: this.#now(), data: { n, text } }),
      this.#redis.hget(this.#stream.headKey(partition), 'epoch'),
    ])
    this.written.push({
      n,
      partition,
      channel,
      era: this.#eraOf(partition, epoch ?? ''),
      seq: Number(id.split(':')[1]),
    })
  }

  /** How far back every partition reaches now. */
  async reaches(): Promise<Reach[]> {
    return Promise.all(
      this.#epochs.map(async (_, partition) => {
        const [head, [oldest]] = await Promise.all([
          this.#redis.hmget(this.#stream.headKey(partition), 'seq', 'epoch', 'mark'),
          this.#redis.xrange(this.#stream.logKey(partition), '-', '+', 'COUNT', 1),
        ])
        const { seq, epoch } = readHead(head)
        return {
          oldest: oldest ? Number.parseInt(oldest[0], 10) : seq + 1,
          head: { seq, era: this.#eraOf(partition, epoch) },
        }
      }),
    )
  }

  pointOf(partition: number, { cursor, epochs }: Positions): Point {
    return { era: this.#eraOf(partition, epochs[partition] ?? ''), seq: cursor[partition] ?? 0 }
  }

  /**
   * What a refetch says of each partition that the client hears.
   * @param from where the client stood · @param node where, by its own words, its node did · @param asked by `resume`, if it did
   * @param reaches not before it was said
   */
  gapsOf({ frame: refetch, from, node, asked }: Refetch, reaches: readonly Reach[]): Gap[] {
    const partitions = [...new Set(refetch.channels.map((channel) => this.#stream.partitionOf(channel)))]
    return partitions.map((partition) => {
      // Where there was no log when it was told so, which era came next is not known any more: it fetches all the same.
      const start = from.epochs[partition] === '' ? { era: 0, seq: 0 } : this.pointOf(partition, from)
      const to = this.pointOf(partition, refetch)
      const gap = { reason: refetch.reason, channels: refetch.channels, partition, from: start, to }
      const after = this.pointOf(partition, refetch.reason === 'unreachable' ? (asked ?? from) : node)
      return { ...gap, unfounded: this.#whyUnfounded(gap, after, reaches[partition]) }
    })
  }

  #whyUnfounded(
    { reason, to }: Pick<Gap, 'reason' | 'to'>,
    after: Point,
    reach: Reach | undefined,
  ): string | undefined {
    if (!reach || after.era !== to.era || reach.head.era !== to.era) return undefined
    // A node that fell behind goes on at the first entry that it finds: the one before is gone.
    if (reason === 'trimmed')
      return reach.oldest > to.seq ? undefined : `the log has ${reach.oldest} and what follows`
    const isOutOfReach =
      reason === 'unreachable' && (reach.oldest > after.seq + 1 || reach.head.seq + 1 - after.seq > this.#cap)
    return isOutOfReach ? undefined : `after ${after.seq} the log has ${reach.oldest} to ${reach.head.seq}`
  }

  #eraOf(partition: number, epoch: string): number {
    const known = this.#epochs[partition] ?? []
    if (epoch !== '' && !known.includes(epoch)) known.push(epoch)
    return epoch === '' ? known.length : known.indexOf(epoch)
  }
}

/** What the later one says of a partition holds. */
export function joined(before: Positions, { cursor, epochs }: Positions): Positions {
  return { cursor: { ...before.cursor, ...cursor }, epochs: { ...before.epochs, ...epochs } }
}
