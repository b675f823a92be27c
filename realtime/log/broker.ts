// Follows every partition of the event log from its head on, and hands the entries over in their order. They are pushed to
// us; what was not, which the numbers tell (log-places.ts), is read.
// Promise: no entry is skipped without a word. A hole is read again, and a loss (entries trimmed before we read them, a
// Redis that came back empty or older) is said within about two seconds. Not promised: order between partitions.

import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { REDACTED_SIGNAL } from '../../shared/kit/store/log-redaction.ts'
import { isOfEpoch, type LogEntry } from '../../shared/kit/store/stream.ts'
import type { Positions } from '../../shared/kit/store/cursor.ts'
import { compareLogs, positionsInLog, type PartitionPosition } from './continuity.ts'
import { Heartbeat } from './heartbeat.ts'
import { judgePushes, notePushed, placeAt, unbrokenAfter, type LogPlace } from './log-places.ts'
import { LogPushes } from './log-pushes.ts'
import { openLogReaders, type LogReader } from './log-reader.ts'
import { PushInbox } from './push-inbox.ts'
import { ReplayBuffer } from './replay-buffer.ts'
import { sizeOfFrame } from './unopened-entry.ts'

export interface Loss {
  reason: 'trimmed' | 'log_lost' | 'rolled_back'
  /** Of the partitions concerned. Everything after these numbers will be heard. */
  from: Positions
}

interface Follower {
  /** Entries of one partition, in order. */
  take(entries: readonly LogEntry[]): void
  lost(loss: Loss): void
}

type BrokerDeps = Pick<Runtime, 'config' | 'clock' | 'log' | 'stream' | 'metrics'>

/** What one reader reads, followed by a loop of its own. */
interface ReaderLoop {
  readonly reader: LogReader
  readonly inbox: PushInbox
  places: readonly LogPlace[]
  /** Monotonic instant of the last look at the heads. */
  lookedAt: number
  /** Of the last read. */
  readAt: number
  /** Until then everything is read, for something was not pushed. */
  readUntil: number
  isFailing: boolean
}

/** More in one turn of the event loop would look like a slow network at every socket. */
const TURN_BYTES = 256 * 1024
const LOOK_EVERY = 1000
/** Two reads begin so far apart: a read costs as much as a hundred entries, and what comes within the time is read by one. */
const READ_EVERY = 2
const RETRY_AFTER = 200
/** While a release that pushes nothing appends beside this one, it does so more often than that: what it says is heard at once. */
const READ_ON = 30_000

export class Broker {
  readonly heartbeat: Heartbeat
  readonly memory: ReplayBuffer
  readonly #runtime: BrokerDeps
  readonly #follower: Follower
  readonly #lanes: readonly ReaderLoop[]
  readonly #pushes: LogPushes
  #running: Promise<unknown> | undefined
  #isClosed = false
  #bytes = 0

  constructor(runtime: BrokerDeps, follower: Follower) {
    this.#runtime = runtime
    this.#follower = follower
    this.#lanes = openLogReaders(runtime).map((reader) => ({
      reader,
      inbox: new PushInbox(),
      places: [],
      lookedAt: -Infinity,
      readAt: -Infinity,
      readUntil: -Infinity,
      isFailing: false,
    }))
    this.#pushes = new LogPushes(runtime, {
      take: (partition, entries, bytes) => this.#laneOf(partition)?.inbox.put(partition, entries, bytes),
      closed: () => {
        for (const lane of this.#lanes) this.#readOnFor(lane)
      },
    })
    this.heartbeat = new Heartbeat(runtime)
    this.memory = new ReplayBuffer((partition, first, last) => this.#between(partition, first, last), runtime)
  }

  /** Goes to the head of every partition, and follows from there until closed. */
  async start(): Promise<void> {
    // Before the heads are read, so that nothing lies between.
    await this.#pushes.open()
    // So that every partition has a head, hence an epoch.
    await this.heartbeat.beat()
    await Promise.all(
      this.#lanes.map(async (lane) => {
        lane.places = (await positionsInLog(lane.reader, () => this.heartbeat.beat())).map(placeAt)
      }),
    )
    await this.memory.fill(this.#places())
    this.heartbeat.start()
    this.#running = Promise.all(this.#lanes.map((lane) => this.#follow(lane)))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.heartbeat.stop()
    this.#pushes.close()
    for (const { reader, inbox } of this.#lanes) {
      reader.close()
      inbox.wake()
    }
    await this.#running
  }

  /** Everything up to here has been handed over. Of all partitions, or of one. */
  positions(...partitions: number[]): Positions {
    return positionsOf(
      this.#places().filter((place) => partitions.length === 0 || partitions.includes(place.partition)),
    )
  }

  #places(): readonly LogPlace[] {
    return this.#lanes.flatMap((lane) => lane.places)
  }

  #laneOf(partition: number): ReaderLoop | undefined {
    return this.#lanes.find(({ reader }) => reader.partitions.includes(partition))
  }

  async #between(partition: number, first: number, last: number): Promise<LogEntry[]> {
    return (await this.#laneOf(partition)?.reader.between(partition, first, last)) ?? []
  }

  async #follow(lane: ReaderLoop): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#goOn(lane)
        lane.isFailing = false
      } catch (error) {
        if (this.#isClosed) return
        if (!lane.isFailing)
          this.#runtime.log.warn({ err: error }, 'the event log cannot be read; trying again')
        // Another server may answer from now on, with an older state.
        Object.assign(lane, { isFailing: true, lookedAt: -Infinity })
        await pause(RETRY_AFTER)
      }
    }
  }

  async #goOn(lane: ReaderLoop): Promise<void> {
    for (const [partition, entries] of lane.inbox.takeAll()) await this.#takePushed(lane, partition, entries)
    const now = performance.now()
    if (now - lane.lookedAt >= LOOK_EVERY) return this.#look(lane)
    const isBehind = lane.places.some(({ seq, reaches }) => reaches > seq)
    if (isBehind || now < lane.readUntil || !this.#pushes.isOpen) return this.#read(lane)
    if (!this.#isClosed) await lane.inbox.next(lane.lookedAt + LOOK_EVERY)
  }

  async #takePushed(lane: ReaderLoop, partition: number, entries: readonly LogEntry[]): Promise<void> {
    const place = lane.places.find((each) => each.partition === partition)
    if (!place) return
    const own = ownOf(lane, place, entries)
    if (!notePushed(place, own)) this.#readOnFor(lane)
    await this.#handWhole(place, unbrokenAfter(place, own))
  }

  async #read(lane: ReaderLoop): Promise<void> {
    const { reader, places } = lane
    const early = READ_EVERY - (performance.now() - lane.readAt)
    if (early > 0) await pause(early)
    lane.readAt = performance.now()
    for (const { partition, entries } of await reader.after(places.map(({ seq }) => seq))) {
      const place = places.find((each) => each.partition === partition)
      if (place) await this.#handWhole(place, ownOf(lane, place, entries))
    }
  }

  #readOnFor(lane: ReaderLoop): void {
    this.#runtime.metrics.unpushed.inc()
    lane.readUntil = performance.now() + READ_ON
    lane.inbox.wake()
  }

  /** Numbers are consecutive, so that a hole is arithmetic; marks are a chain, so that a log that went back shows. */
  async #handWhole(place: PartitionPosition, entries: readonly LogEntry[]): Promise<void> {
    let whole: LogEntry[] = []
    for (const entry of entries) {
      if (entry.seq !== place.seq + whole.length + 1) {
        await this.#hand(place, whole)
        await this.#mend(place, entry)
        whole = []
      }
      if (entry.after !== (whole.at(-1) ?? place).mark) return this.#rolledBack([place])
      whole.push(entry)
    }
    await this.#hand(place, whole)
  }

  async #mend(place: PartitionPosition, { seq: next, after }: LogEntry): Promise<void> {
    const found = await this.#between(place.partition, place.seq + 1, next - 1)
    const isWhole =
      found.length === next - 1 - place.seq && found.every((entry) => isOfEpoch(entry, place.epoch))
    if (isWhole) return this.#handWhole(place, found)
    this.#moveTo([{ ...place, seq: next - 1, mark: after }], 'trimmed')
  }

  /** Place and sockets move in one step: whoever subscribes and then asks for the positions has no gap in between. */
  async #hand(place: PartitionPosition, entries: readonly LogEntry[]): Promise<void> {
    let from = 0
    while (from < entries.length) {
      const some = this.#asMuchAsATurnTakes(entries, from)
      from += some.length
      Object.assign(place, placeAfter(some))
      this.memory.append(place.partition, some)
      this.#follower.take(this.heartbeat.sift(place.partition, some))
      this.memory.keep(place.partition, some)
      for (const entry of some)
        if (entry.event === REDACTED_SIGNAL) await this.memory.replace(place.partition, seqsIn(entry.frame))
      if (this.#bytes < TURN_BYTES) continue
      this.#bytes = 0
      await nextTurn()
    }
  }

  #asMuchAsATurnTakes(entries: readonly LogEntry[], from: number): LogEntry[] {
    let to = from
    for (let entry = entries[to]; entry && this.#bytes < TURN_BYTES; entry = entries[++to])
      this.#bytes += sizeOfFrame(entry)
    return entries.slice(from, to)
  }

  async #look(lane: ReaderLoop): Promise<void> {
    this.#pushes.mustHear()
    if (!judgePushes(lane.places)) this.#readOnFor(lane)
    const now = await positionsInLog(lane.reader, () => this.heartbeat.beat())
    const { lost, rolledBack } = compareLogs(lane.places, now)
    this.#moveTo(lost, 'log_lost')
    await this.#rolledBack(rolledBack)
    for (const place of lane.places)
      place.reaches = now.find(({ partition }) => partition === place.partition)?.seq ?? place.seq
    lane.lookedAt = performance.now()
  }

  /** Others have the numbers that we have seen, or will: with the epoch ends what every cursor of it meant, on any node. */
  async #rolledBack(places: readonly PartitionPosition[]): Promise<void> {
    const renewed = await Promise.all(
      places.map(async (place) => ({
        ...place,
        ...(await this.#runtime.stream.renewEpoch(place.partition, place)),
      })),
    )
    this.#moveTo(renewed, 'rolled_back')
  }

  #moveTo(heads: readonly PartitionPosition[], reason: Loss['reason']): void {
    if (heads.length === 0) return
    this.#runtime.log.warn({ reason, heads }, 'events may be missing; clients are told to fetch')
    for (const head of heads) {
      Object.assign(this.#places().find(({ partition }) => partition === head.partition) ?? {}, placeAt(head))
      this.memory.reset(head)
    }
    this.#follower.lost({ reason, from: positionsOf(heads) })
  }
}

/** Where some are of another epoch, the log began anew and may have passed our number already: its head tells where. */
function ownOf(lane: ReaderLoop, place: LogPlace, entries: readonly LogEntry[]): LogEntry[] {
  const own = entries.filter((entry) => isOfEpoch(entry, place.epoch))
  if (own.length < entries.length) lane.lookedAt = -Infinity
  return own
}

/** Of an entry `redacted`. */
function seqsIn(frame: string): number[] {
  const {
    data: { seqs },
  }: { data: { seqs: number[] } } = JSON.parse(frame)
  return seqs
}

function placeAfter(entries: readonly LogEntry[]): Partial<PartitionPosition> {
  const last = entries.at(-1)
  return last ? { seq: last.seq, mark: last.mark } : {}
}

function positionsOf(places: readonly PartitionPosition[]): Positions {
  return {
    cursor: Object.fromEntries(places.map(({ partition, seq }) => [partition, seq])),
    epochs: Object.fromEntries(places.map(({ partition, epoch }) => [partition, epoch])),
  }
}
