// The newest entries of every partition, in this process's memory, found by channel: a client that returns costs what it
// missed, not what others said. Promise: what it holds of a partition has no hole. Bounded in entries and bytes; reaching
// further back for somebody (`prepend`) exceeds the bounds for EXTENDED, so that a crowd that returns needs it once.

import type { LogEntry } from '../../shared/kit/store/stream.ts'
import { sizeOfFrame } from './unopened-entry.ts'

interface Bounds {
  /** Per partition. */
  entries: number
  bytes: number
}

/** Longer than a crowd takes to return, short enough for the memory not to matter. */
const EXTENDED = 30_000

interface Shelf {
  /** Consecutive numbers; the first `gone` of them are no longer held. */
  entries: LogEntry[]
  gone: number
  bytes: number
  /** Numbers by channel, ascending, of the entries below `unsorted`: most are forgotten before anybody comes back and asks. */
  channels: Map<string, number[]>
  unsorted: number
  /** Next number to be added. */
  next: number
  /** Monotonic instant until which the bounds do not hold. */
  extendedUntil: number
}

export class PartitionBuffer {
  readonly #bounds: Bounds
  readonly #shelves: Shelf[]

  constructor(partitions: number, bounds: Bounds) {
    this.#bounds = bounds
    this.#shelves = Array.from({ length: partitions }, () => emptyShelf(1))
  }

  /** Begins anew after a number: what comes is compared with nothing before. */
  reset(partition: number, after: number): void {
    this.#shelves[partition] = emptyShelf(after + 1)
  }

  /** @param entries consecutive, and following what is held */
  append(partition: number, entries: readonly LogEntry[]): void {
    const shelf = this.#shelf(partition)
    for (const entry of entries) {
      shelf.entries.push(entry)
      shelf.bytes += sizeOf(entry)
      shelf.next = entry.seq + 1
    }
    this.#trim(shelf)
  }

  /** What is read in the place of entries that are held. */
  replace(partition: number, entries: readonly LogEntry[]): void {
    const shelf = this.#shelf(partition)
    const offset = this.first(partition) - shelf.gone
    for (const entry of entries) {
      const before = entry.seq - offset < shelf.gone ? undefined : shelf.entries[entry.seq - offset]
      if (!before) continue
      shelf.entries[entry.seq - offset] = entry
      shelf.bytes += sizeOf(entry) - sizeOf(before)
    }
  }

  /** @param entries consecutive, and ending just before what is held */
  prepend(partition: number, entries: readonly LogEntry[]): void {
    const shelf = this.#shelf(partition)
    shelf.entries = [...entries, ...shelf.entries.slice(shelf.gone)]
    shelf.gone = 0
    shelf.channels.clear()
    shelf.unsorted = 0
    shelf.bytes += entries.reduce((sum, entry) => sum + sizeOf(entry), 0)
    if (this.#isOver(shelf)) shelf.extendedUntil = performance.now() + EXTENDED
  }

  /** The oldest number held, or the next to come when nothing is. */
  first(partition: number): number {
    const shelf = this.#shelf(partition)
    return shelf.entries[shelf.gone]?.seq ?? shelf.next
  }

  /** The newest number held. */
  last(partition: number): number {
    return this.#shelf(partition).next - 1
  }

  spans(): Record<string, [first: number, last: number]> {
    return Object.fromEntries(
      this.#shelves.map((shelf, partition) => [partition, [this.first(partition), shelf.next - 1]]),
    )
  }

  size(): { entries: number; bytes: number } {
    return this.#shelves.reduce(
      (sum, shelf) => ({
        entries: sum.entries + shelf.entries.length - shelf.gone,
        bytes: sum.bytes + shelf.bytes,
      }),
      { entries: 0, bytes: 0 },
    )
  }

  /** What was said on these channels of the partition after a number, in order. */
  after(partition: number, channels: readonly string[], seq: number): LogEntry[] {
    const shelf = this.#shelf(partition)
    const offset = this.first(partition) - shelf.gone
    sort(shelf, offset)
    const numbers = channels.flatMap((channel) => tailAfter(shelf.channels.get(channel) ?? [], seq))
    return numbers.toSorted((a, b) => a - b).flatMap((number) => shelf.entries[number - offset] ?? [])
  }

  #trim(shelf: Shelf): void {
    if (performance.now() < shelf.extendedUntil) return
    while (this.#isOver(shelf)) {
      const oldest = shelf.entries[shelf.gone]
      if (!oldest) return
      shelf.gone++
      shelf.bytes -= sizeOf(oldest)
      forget(shelf, oldest)
    }
    // Moving the rest down at every entry would cost more than everything else here; at every doubling it costs nothing.
    if (shelf.gone <= shelf.entries.length / 2) return
    shelf.entries = shelf.entries.slice(shelf.gone)
    shelf.gone = 0
  }

  #isOver(shelf: Shelf): boolean {
    return shelf.entries.length - shelf.gone > this.#bounds.entries || shelf.bytes > this.#bounds.bytes
  }

  #shelf(partition: number): Shelf {
    const shelf = this.#shelves[partition]
    if (!shelf) throw new Error(`There is no partition ${partition}.`)
    return shelf
  }
}

function emptyShelf(next: number): Shelf {
  return { entries: [], gone: 0, bytes: 0, channels: new Map(), unsorted: 0, next, extendedUntil: 0 }
}

/** @param offset number of the first in `entries`, one that is gone included */
function sort(shelf: Shelf, offset: number): void {
  for (let at = Math.max(shelf.gone, shelf.unsorted - offset); at < shelf.entries.length; at++) {
    const entry = shelf.entries[at]
    if (entry) numbersOf(shelf, entry.channel).push(entry.seq)
  }
  shelf.unsorted = shelf.next
}

function numbersOf(shelf: Shelf, channel: string): number[] {
  const known = shelf.channels.get(channel)
  if (known) return known
  const fresh: number[] = []
  shelf.channels.set(channel, fresh)
  return fresh
}

/** The oldest of a partition is the oldest of its channel. */
function forget(shelf: Shelf, { channel, seq }: LogEntry): void {
  if (seq >= shelf.unsorted) return
  const numbers = shelf.channels.get(channel)
  if (numbers?.[0] === seq) numbers.shift()
  if (numbers?.length === 0) shelf.channels.delete(channel)
}

function tailAfter(numbers: readonly number[], seq: number): readonly number[] {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((numbers[middle] ?? 0) > seq) high = middle
    else low = middle + 1
  }
  return numbers.slice(low)
}

function sizeOf(entry: LogEntry): number {
  // The rest is the price of an object in three collections.
  return sizeOfFrame(entry) + 200
}
