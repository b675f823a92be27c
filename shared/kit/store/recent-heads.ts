// Where the log stood a moment ago, so that not every list that is read asks Redis. A head that is old is right: an event is told
// twice rather than not at all. What this process appended itself is known at once.

import type { Positions } from './cursor.ts'

/** Milliseconds: what came within them may be told to a reader who has it already. */
const RECENT = 100

interface RecentHead {
  seq: number
  /** '': the partition has no entry yet. */
  epoch: string
  readAt: number
}

export class RecentHeads {
  readonly #read: (partitions: readonly number[]) => Promise<Positions>
  readonly #heads = new Map<number, RecentHead>()

  constructor(read: (partitions: readonly number[]) => Promise<Positions>) {
    this.#read = read
  }

  appended(partition: number, seq: number): void {
    const head = this.#heads.get(partition)
    if (head) head.seq = Math.max(head.seq, seq)
  }

  async positions(partitions: readonly number[]): Promise<Positions> {
    const readAt = performance.now()
    const old = partitions.filter((partition) => readAt - (this.#heads.get(partition)?.readAt ?? 0) > RECENT)
    if (old.length > 0) this.#keep(old, await this.#read(old), readAt)
    const known = partitions.flatMap((partition) => {
      const head = this.#heads.get(partition)
      return head?.epoch ? [[String(partition), head] as const] : []
    })
    return {
      cursor: Object.fromEntries(known.map(([partition, { seq }]) => [partition, seq])),
      epochs: Object.fromEntries(known.map(([partition, { epoch }]) => [partition, epoch])),
    }
  }

  #keep(partitions: readonly number[], { cursor, epochs }: Positions, readAt: number): void {
    for (const partition of partitions) {
      const [seq, epoch] = [cursor[partition] ?? 0, epochs[partition] ?? '']
      const before = this.#heads.get(partition)
      // What was appended while the answer was under way stands above it.
      const highest = before?.epoch === epoch ? Math.max(before.seq, seq) : seq
      this.#heads.set(partition, { seq: highest, epoch, readAt })
    }
  }
}
