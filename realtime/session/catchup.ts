// Coming back: what a client missed on the channels that it may hear now, in order, and then live, without a gap between.
// Promise: everything after its cursor, once, or `refetch` for the channels where the log could not reach. Never neither.
// How: the socket is taken off its topics; batches go out as fast as it reads; the last batch and the return to the topics
// are one synchronous step, so that nothing is said in between.

import { setTimeout as pause } from 'node:timers/promises'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { LogEntry } from '../../shared/kit/store/stream.ts'
import type { Positions } from '../../shared/kit/store/cursor.ts'
import type { Broker } from '../log/broker.ts'
import { encodeFrame } from '../../shared/protocol/frames.ts'
import type { Hub } from './hub.ts'
import type { ClientState } from './client-state.ts'

interface Place {
  readonly partition: number
  channels: readonly string[]
  /** The newest number that the client has. */
  seq: number
}

interface CatchUpDeps {
  runtime: Runtime
  hub: Hub
  broker: Broker
}

type CatchUpOutcome = 'recovered' | 'refetch' | 'gone'

/** A head still below a client's cursor after this long is another log's; a node that merely lags gets there, or finds a loss. */
const LONGEST_LAG = 2000
/** What goes out in one turn, and the backlog at which the next one waits: far below what counts as a slow reader. */
const BATCH_BYTES = 256 * 1024
const LOOK_AGAIN = 10

/** @param from what the client has seen; `epochs` as its hello said them */
export async function catchUp(
  floor: CatchUpDeps,
  client: ClientState,
  from: Partial<Positions>,
): Promise<CatchUpOutcome> {
  const { hub, broker } = floor
  hub.mute(client)
  await untilAbreast(floor, client, from)
  if (!hub.peers.has(client)) return 'gone'
  const before = broker.positions()
  const missed = placesOf(floor, client)
  const lost = takeOut(missed, (place) => !isKnown(place, from, before))
  for (const place of missed) place.seq = from.cursor?.[place.partition] ?? 0

  let count = 0
  for (;;) {
    keepUp(floor, client, { missed, lost, before })
    // The log may begin anew while somebody reads slowly; their old numbers would hide the new ones.
    const { epochs } = broker.positions()
    lost.push(...takeOut(missed, ({ partition }) => epochs[partition] !== before.epochs[partition]))
    const behind = missed.filter((place) => !broker.memory.reaches(place.partition, place.seq))
    for (const place of behind) {
      if (!(await broker.memory.reachBack(place.partition, place.seq)))
        lost.push(...takeOut(missed, (each) => each === place))
    }
    // Fetching took a while, in which others may have moved out of reach.
    if (behind.length > 0) continue
    const batch = nextBatch(broker, missed)
    for (const entry of batch.entries) client.connection.send(entry.frame)
    count += batch.entries.length
    if (batch.isLast) break
    await untilRead(hub, client)
    if (!hub.peers.has(client)) return 'gone'
  }
  tellLost(broker, client, lost)
  hub.unmute(client)
  client.connection.send(encodeFrame({ t: 'resumed', count, ...broker.positions() }))
  return lost.length > 0 ? 'refetch' : 'recovered'
}

/** Somebody may come into a room, or go from one, while they catch up: who is muted is told of it only here. */
function keepUp(
  floor: CatchUpDeps,
  client: ClientState,
  { missed, lost, before }: { missed: Place[]; lost: readonly Place[]; before: Positions },
): void {
  const now = placesOf(floor, client)
  for (const place of [...missed, ...lost])
    place.channels = now.find(({ partition }) => partition === place.partition)?.channels ?? []
  const isNew = ({ partition }: Place): boolean =>
    ![...missed, ...lost].some((place) => place.partition === partition)
  for (const place of now.filter(isNew)) missed.push({ ...place, seq: before.cursor[place.partition] ?? 0 })
}

/** The node that the client comes from may have read further than this one: its cursor is no sign of another log. */
async function untilAbreast(
  floor: CatchUpDeps,
  client: ClientState,
  from: Partial<Positions>,
): Promise<void> {
  const { hub, broker } = floor
  const latest = performance.now() + LONGEST_LAG
  const isAhead = (place: Place): boolean =>
    isOfEpoch(place, from, broker.positions()) && isAbove(place, from, broker.positions())
  while (hub.peers.has(client) && performance.now() < latest && placesOf(floor, client).some(isAhead))
    await pause(LOOK_AGAIN)
}

function placesOf({ runtime }: CatchUpDeps, client: ClientState): Place[] {
  const byPartition = new Map<number, string[]>()
  for (const channel of client.channels) {
    const partition = runtime.stream.partitionOf(channel)
    byPartition.set(partition, [...(byPartition.get(partition) ?? []), channel])
  }
  return [...byPartition].map(([partition, channels]) => ({ partition, channels, seq: 0 }))
}

/** Removes those that fit. @returns them */
function takeOut(places: Place[], fits: (place: Place) => boolean): Place[] {
  const out = places.filter(fits)
  for (const place of out) places.splice(places.indexOf(place), 1)
  return out
}

/** A cursor of another epoch, or ahead of us, speaks of a log that is no more. */
function isKnown(place: Place, from: Partial<Positions>, now: Positions): boolean {
  return (
    from.cursor?.[place.partition] !== undefined && isOfEpoch(place, from, now) && !isAbove(place, from, now)
  )
}

function isOfEpoch({ partition }: Place, { epochs = {} }: Partial<Positions>, now: Positions): boolean {
  return epochs[partition] === undefined || epochs[partition] === now.epochs[partition]
}

function isAbove({ partition }: Place, { cursor = {} }: Partial<Positions>, now: Positions): boolean {
  return (cursor[partition] ?? 0) > (now.cursor[partition] ?? 0)
}

/** As much as one turn takes, over all partitions; moves their places on. */
function nextBatch(broker: Broker, places: readonly Place[]): { entries: LogEntry[]; isLast: boolean } {
  const entries: LogEntry[] = []
  let bytes = 0
  for (const place of places) {
    for (const entry of broker.memory.after(place.partition, place.channels, place.seq)) {
      if (bytes > BATCH_BYTES) return { entries, isLast: false }
      entries.push(entry)
      bytes += entry.frame.length
      place.seq = entry.seq
    }
    place.seq = Math.max(place.seq, broker.positions(place.partition).cursor[place.partition] ?? 0)
  }
  return { entries, isLast: true }
}

/** A client that never reads is ended by its pings. */
async function untilRead(hub: Hub, client: ClientState): Promise<void> {
  await pause(0)
  while (hub.peers.has(client) && client.connection.backlog() > BATCH_BYTES) await pause(LOOK_AGAIN)
}

function tellLost(broker: Broker, client: ClientState, lost: readonly Place[]): void {
  if (lost.length === 0) return
  const channels = lost.flatMap((place) => place.channels)
  client.connection.send(
    encodeFrame({
      t: 'refetch',
      reason: 'unreachable',
      channels,
      ...broker.positions(...lost.map((place) => place.partition)),
    }),
  )
}
