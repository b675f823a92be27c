// Reads every partition of the event log from its head on, and hands the entries over in their order.
// Promise: no entry is skipped without a word. A hole is read again, and a loss (entries trimmed before we read them, a
// Redis that came back empty or older) is said within about two seconds. Not promised: order between partitions.

import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { House } from '../../shared/kit/house.ts'
import { openBlocking, type Redis } from '../../shared/kit/redis.ts'
import { readEntry, type LogEntry } from '../../shared/kit/stream.ts'
import { Heartbeat } from './heartbeat.ts'

export interface Loss {
  partition: number
  reason: 'trimmed' | 'log_lost' | 'rolled_back'
  /** Where reading goes on: everything after this number will be heard. */
  seq: number
  epoch: string
}

export interface Reader {
  /** The entries of one partition, in order, within one turn of the event loop. */
  take(entries: readonly LogEntry[]): void
  lost(loss: Loss): void
}

interface Position {
  readonly partition: number
  seq: number
  epoch: string
}

/** A client that blocks longer can outlive a failover without noticing. */
const BLOCK_MS = 1000
const PAGE = 500
/** More in one turn would look like a slow network at every socket. */
const TURN_BYTES = 256 * 1024
const HEADS_EVERY = 1000
/** A read blocks for a second; one that takes this long hangs on a connection whose other end is gone. */
const HUNG_AFTER = 5000
const RETRY_AFTER = 200

type Floor = Pick<House, 'config' | 'clock' | 'log' | 'stream'>

export class Broker {
  readonly heartbeat: Heartbeat
  readonly #house: Floor
  readonly #reader: Reader
  readonly #redis: Redis
  readonly #positions: readonly Position[]
  #running: Promise<void> | undefined
  #watchdog: NodeJS.Timeout | undefined
  #isClosed = false
  #isFailing = false
  #headsAt = 0
  #turnsAt = 0
  #bytes = 0

  constructor(house: Floor, reader: Reader) {
    this.#house = house
    this.#reader = reader
    this.#redis = openBlocking(house.config)
    this.#positions = Array.from({ length: house.stream.partitions }, (_, partition) => ({ partition, seq: 0, epoch: '' }))
    this.heartbeat = new Heartbeat(house)
  }

  /** Goes to the head of every partition, and reads on from there until closed. */
  async start(): Promise<void> {
    // So that every partition has a head, hence an epoch.
    await this.heartbeat.beat()
    for (const [partition, head] of (await this.#heads()).entries()) Object.assign(this.#at(partition), head)
    this.heartbeat.start()
    this.#turnsAt = this.#headsAt = performance.now()
    this.#watchdog = setInterval(() => this.#freeWhenHung(), BLOCK_MS)
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.heartbeat.stop()
    clearInterval(this.#watchdog)
    this.#redis.disconnect()
    await this.#running
  }

  /** Where this process stands: everything up to here has been handed over. Of all partitions, or of one. */
  position(partition?: number): { cursor: Record<string, number>; epochs: Record<string, string> } {
    const some = partition === undefined ? this.#positions : [this.#at(partition)]
    return {
      cursor: Object.fromEntries(some.map((each) => [each.partition, each.seq])),
      epochs: Object.fromEntries(some.map((each) => [each.partition, each.epoch])),
    }
  }

  #at(partition: number): Position {
    const found = this.#positions[partition]
    if (!found) throw new Error(`There is no partition ${partition}.`)
    return found
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#turn()
        this.#turnsAt = performance.now()
        this.#isFailing = false
      } catch (error) {
        if (this.#isClosed) return
        if (!this.#isFailing) this.#house.log.warn({ err: error }, 'the event log cannot be read; trying again')
        this.#isFailing = true
        await pause(RETRY_AFTER)
      }
    }
  }

  async #turn(): Promise<void> {
    if (performance.now() - this.#headsAt >= HEADS_EVERY) await this.#compareHeads()
    const keys = this.#positions.map(({ partition }) => this.#house.stream.logKey(partition))
    const after = this.#positions.map(({ seq }) => `${seq}-0`)
    const read = await this.#redis.xread('COUNT', PAGE, 'BLOCK', BLOCK_MS, 'STREAMS', ...keys, ...after)
    for (const [key, entries] of read ?? []) {
      await this.#follow(this.#at(keys.indexOf(key)), entries.map(([id, fields]) => readEntry(id, fields)))
    }
  }

  /** Numbers are consecutive, so that a hole is arithmetic. */
  async #follow(position: Position, entries: readonly LogEntry[]): Promise<void> {
    let whole: LogEntry[] = []
    for (const entry of entries) {
      if (entry.seq !== position.seq + whole.length + 1) {
        await this.#hand(position, whole)
        await this.#mend(position, entry.seq)
        whole = []
      }
      whole.push(entry)
    }
    await this.#hand(position, whole)
  }

  async #mend(position: Position, next: number): Promise<void> {
    const missing = next - position.seq - 1
    const found = await this.#redis.xrange(this.#house.stream.logKey(position.partition), `${position.seq + 1}-0`, `${next - 1}-0`, 'COUNT', PAGE)
    if (found.length === missing) return this.#hand(position, found.map(([id, fields]) => readEntry(id, fields)))
    this.#lose(position, 'trimmed', { seq: next - 1, epoch: position.epoch })
  }

  /** Position and sockets move in one step: whoever subscribes and then reads the position has no gap in between. */
  async #hand(position: Position, entries: readonly LogEntry[]): Promise<void> {
    for (let from = 0; from < entries.length;) {
      const some = this.#asMuchAsATurnTakes(entries, from)
      from += some.length
      position.seq = some.at(-1)?.seq ?? position.seq
      this.#reader.take(this.heartbeat.sift(position.partition, some))
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

  async #heads(): Promise<{ seq: number; epoch: string }[]> {
    const heads = await Promise.all(this.#positions.map(({ partition }) => this.#redis.hmget(this.#house.stream.headKey(partition), 'seq', 'epoch')))
    return heads.map(([seq, epoch]) => ({ seq: Number(seq ?? 0), epoch: epoch ?? '' }))
  }

  /** A read after our numbers says nothing when the log began anew below them: only the heads tell. */
  async #compareHeads(): Promise<void> {
    let heads = await this.#heads()
    if (heads.some(({ epoch }) => epoch === '')) {
      await this.heartbeat.beat()
      heads = await this.#heads()
    }
    for (const [partition, head] of heads.entries()) this.#compare(this.#at(partition), head)
    this.#headsAt = performance.now()
  }

  #compare(position: Position, head: { seq: number; epoch: string }): void {
    if (head.epoch !== position.epoch) return this.#lose(position, 'log_lost', head)
    if (head.seq < position.seq) this.#lose(position, 'rolled_back', head)
  }

  #lose(position: Position, reason: Loss['reason'], { seq, epoch }: { seq: number; epoch: string }): void {
    this.#house.log.warn({ partition: position.partition, reason, from: position.seq, to: seq }, 'events may be missing; clients are told to fetch')
    position.seq = seq
    position.epoch = epoch
    this.#reader.lost({ partition: position.partition, reason, seq, epoch })
  }

  #freeWhenHung(): void {
    if (performance.now() - this.#turnsAt < HUNG_AFTER) return
    this.#turnsAt = performance.now()
    this.#redis.disconnect(true)
  }
}
