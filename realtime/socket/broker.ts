// Follows every partition of the event log from its head on, and hands the entries over in their order.
// Promise: no entry is skipped without a word. A hole is read again, and a loss (entries trimmed before we read them, a
// Redis that came back empty or older) is said within about two seconds. Not promised: order between partitions.

import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { House } from '../../shared/kit/house.ts'
import type { LogEntry, Positions } from '../../shared/kit/stream.ts'
import { Heartbeat } from './heartbeat.ts'
import { openLogReader, type Head, type LogReader } from './log-reader.ts'
import { Memory } from './memory.ts'

export interface Loss {
  reason: 'trimmed' | 'log_lost' | 'rolled_back'
  /** Of the partitions concerned. Everything after these numbers will be heard. */
  from: Positions
}

export interface Follower {
  /** Entries of one partition, in order. */
  take(entries: readonly LogEntry[]): void
  lost(loss: Loss): void
}

interface Place extends Head {
  readonly partition: number
}

/** More in one turn of the event loop would look like a slow network at every socket. */
const TURN_BYTES = 256 * 1024
const HEADS_EVERY = 1000
const RETRY_AFTER = 200

export class Broker {
  readonly heartbeat: Heartbeat
  readonly memory: Memory
  readonly #log: House['log']
  readonly #follower: Follower
  readonly #reader: LogReader
  #places: readonly Place[] = []
  #running: Promise<void> | undefined
  #isClosed = false
  #isFailing = false
  #headsAt = 0
  #bytes = 0

  constructor(house: Pick<House, 'config' | 'clock' | 'log' | 'stream'>, follower: Follower) {
    this.#log = house.log
    this.#follower = follower
    this.#reader = openLogReader(house)
    this.heartbeat = new Heartbeat(house)
    this.memory = new Memory(this.#reader, house)
  }

  /** Goes to the head of every partition, and follows from there until closed. */
  async start(): Promise<void> {
    // So that every partition has a head, hence an epoch.
    await this.heartbeat.beat()
    this.#places = (await this.#reader.heads()).map((head, partition) => ({ partition, ...head }))
    await this.memory.fill(this.#places)
    this.heartbeat.start()
    this.#running = this.#follow()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.heartbeat.stop()
    this.#reader.close()
    await this.#running
  }

  /** Everything up to here has been handed over. Of all partitions, or of one. */
  positions(...partitions: number[]): Positions {
    return positionsOf(this.#places.filter((place) => partitions.length === 0 || partitions.includes(place.partition)))
  }

  async #follow(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#readOn()
        this.#isFailing = false
      } catch (error) {
        if (this.#isClosed) return
        if (!this.#isFailing) this.#log.warn({ err: error }, 'the event log cannot be read; trying again')
        this.#isFailing = true
        await pause(RETRY_AFTER)
      }
    }
  }

  async #readOn(): Promise<void> {
    if (performance.now() - this.#headsAt >= HEADS_EVERY) await this.#compareHeads()
    for (const { partition, entries } of await this.#reader.after(this.#places.map(({ seq }) => seq))) {
      const place = this.#places[partition]
      if (place) await this.#handWhole(place, entries)
    }
  }

  /** Numbers are consecutive, so that a hole is arithmetic. */
  async #handWhole(place: Place, entries: readonly LogEntry[]): Promise<void> {
    let whole: LogEntry[] = []
    for (const entry of entries) {
      if (entry.seq !== place.seq + whole.length + 1) {
        await this.#hand(place, whole)
        await this.#mend(place, entry.seq)
        whole = []
      }
      whole.push(entry)
    }
    await this.#hand(place, whole)
  }

  async #mend(place: Place, next: number): Promise<void> {
    const found = await this.#reader.between(place.partition, place.seq + 1, next - 1)
    if (found.length === next - 1 - place.seq) return this.#hand(place, found)
    this.#moveTo([{ ...place, seq: next - 1 }], 'trimmed')
  }

  /** Place and sockets move in one step: whoever subscribes and then asks for the positions has no gap in between. */
  async #hand(place: Place, entries: readonly LogEntry[]): Promise<void> {
    let from = 0
    while (from < entries.length) {
      const some = this.#asMuchAsATurnTakes(entries, from)
      from += some.length
      place.seq = some.at(-1)?.seq ?? place.seq
      this.memory.append(place.partition, some)
      this.#follower.take(this.heartbeat.sift(place.partition, some))
      if (this.#bytes < TURN_BYTES) continue
      this.#bytes = 0
      await nextTurn()
    }
  }

  #asMuchAsATurnTakes(entries: readonly LogEntry[], from: number): LogEntry[] {
    let to = from
    while (to < entries.length && this.#bytes < TURN_BYTES) this.#bytes += Buffer.byteLength(entries[to++]?.frame ?? '')
    return entries.slice(from, to)
  }

  /** A read after our numbers says nothing when the log began anew below them: only the heads tell. */
  async #compareHeads(): Promise<void> {
    let heads = await this.#reader.heads()
    if (heads.some(({ epoch }) => epoch === '')) {
      await this.heartbeat.beat()
      heads = await this.#reader.heads()
    }
    const now = heads.map((head, partition) => ({ partition, ...head }))
    const before = (partition: number): Head | undefined => this.#places[partition]
    this.#moveTo(now.filter(({ partition, epoch }) => epoch !== before(partition)?.epoch), 'log_lost')
    this.#moveTo(now.filter(({ partition, seq }) => seq < (before(partition)?.seq ?? 0)), 'rolled_back')
    this.#headsAt = performance.now()
  }

  #moveTo(heads: readonly Place[], reason: Loss['reason']): void {
    if (heads.length === 0) return
    this.#log.warn({ reason, heads }, 'events may be missing; clients are told to fetch')
    for (const head of heads) {
      Object.assign(this.#places[head.partition] ?? {}, head)
      this.memory.reset(head.partition, head.seq)
    }
    this.#follower.lost({ reason, from: positionsOf(heads) })
  }
}

function positionsOf(places: readonly Place[]): Positions {
  return {
    cursor: Object.fromEntries(places.map(({ partition, seq }) => [partition, seq])),
    epochs: Object.fromEntries(places.map(({ partition, epoch }) => [partition, epoch])),
  }
}
