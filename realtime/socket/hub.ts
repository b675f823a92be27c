// Who listens to what on this process. Frames go out as the bytes they are in the log, through the transport's topics.
// Promise: the order of the log, per partition; a slow reader is closed with its code and nobody waits for it.
// Not promised: that a client got what it was sent. It comes back with its cursor.

import type { House } from '../../shared/kit/house.ts'
import type { LogEntry } from '../../shared/kit/stream.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import type { Loss } from './broker.ts'
import { CLOSE, type Closing } from './close-codes.ts'
import type { Publish } from './connection.ts'
import { frame } from './frames.ts'
import { Listeners } from './listeners.ts'
import { endOf, type Peer } from './peer.ts'

export const MAX_BACKLOG = 1024 * 1024
/** A backlog grows by nothing but what is sent, so looking again after this many bytes finds every slow one in time. */
const LOOK_AFTER = 256 * 1024
const LAGGING = 64 * 1024

/** Takes the entries of channels that are for the nodes themselves. */
export type Control = (entry: LogEntry) => void

type Floor = Pick<House, 'clock' | 'metrics' | 'stream'>

export class Hub {
  readonly #publish: Publish
  readonly #house: Floor
  readonly #gone: (peer: Peer) => void
  readonly #peers = new Set<Peer>()
  readonly #listeners = new Listeners()
  readonly #controls = new Map<string, Control>()
  readonly #byUser = new Map<string, Set<Peer>>()
  #watch: Control = () => undefined
  #unlooked = 0

  /** @param gone hears of every connection that ended, however it did */
  constructor(publish: Publish, house: Floor, gone: (peer: Peer) => void) {
    this.#publish = publish
    this.#gone = gone
    this.#house = house
  }

  get peers(): ReadonlySet<Peer> {
    return this.#peers
  }

  /** @param prefix the part of a channel's name before its first colon; its entries never reach a client */
  control(prefix: string, take: Control): void {
    this.#controls.set(prefix, take)
  }

  /** @param look sees every entry before it is delivered, so that what it changes holds for this entry already */
  watch(look: Control): void {
    this.#watch = look
  }

  /** Those who were let in. */
  peersOf(userId: string): Iterable<Peer> {
    return this.#byUser.get(userId) ?? []
  }

  /** Lets a peer in, as somebody. */
  seat(peer: Peer, actor: Actor): void {
    peer.actor = actor
    this.#byUser.set(actor.id, (this.#byUser.get(actor.id) ?? new Set()).add(peer))
  }

  enter(peer: Peer): void {
    this.#peers.add(peer)
    this.#house.metrics.sockets.inc()
  }

  /** What the transport says once a connection is gone, whoever ended it. */
  left(peer: Peer, why?: Closing): void {
    if (!this.#peers.delete(peer)) return
    this.#listeners.deleteAll(peer)
    const own = peer.actor && this.#byUser.get(peer.actor.id)
    if (own?.delete(peer) && own.size === 0) this.#byUser.delete(peer.actor?.id ?? '')
    this.#house.metrics.sockets.dec()
    this.#gone(peer)
    if (why) this.#house.metrics.socketCloses.inc({ reason: why.reason })
  }

  close(peer: Peer, why: Closing): void {
    this.left(peer, why)
    peer.connection.close(why)
  }

  listen(peer: Peer, channel: string): void {
    if (!this.#peers.has(peer) || !this.#listeners.add(peer, channel)) return
    if (!peer.isMuted) peer.connection.subscribe(channel)
  }

  leave(peer: Peer, channel: string): void {
    this.#listeners.delete(peer, channel)
    peer.connection.unsubscribe(channel)
  }

  /** Ephemeral: whoever lags or is catching up does without. */
  whisper(channel: string, text: string): void {
    for (const peer of this.#listeners.of(channel)) {
      if (!peer.isMuted && peer.connection.backlog() < LAGGING) peer.connection.send(text)
    }
  }

  /** To everybody who is let in and not catching up. */
  announce(text: string): void {
    for (const peer of this.#peers) if (peer.actor && !peer.isMuted) peer.connection.send(text)
  }

  /** Takes a socket off its topics while it is told what it missed. */
  mute(peer: Peer): void {
    peer.isMuted = true
    for (const channel of peer.channels) peer.connection.unsubscribe(channel)
  }

  unmute(peer: Peer): void {
    peer.isMuted = false
    if (this.#peers.has(peer)) for (const channel of peer.channels) peer.connection.subscribe(channel)
  }

  take(entries: readonly LogEntry[]): void {
    if (this.#unlooked >= LOOK_AFTER) this.#closeSlowReaders()
    this.#house.metrics.eventsIn.inc(entries.length)
    for (const entry of entries) this.#deliver(entry)
  }

  #deliver(entry: LogEntry): void {
    const control = this.#controls.get(entry.channel.slice(0, entry.channel.indexOf(':')))
    if (control) return control(entry)
    this.#watch(entry)
    const listeners = this.#publish(entry.channel, entry.frame)
    if (listeners === 0) return
    this.#unlooked += Buffer.byteLength(entry.frame)
    this.#house.metrics.eventsOut.inc(listeners)
    this.#house.metrics.eventLag.observe(Math.max(0, this.#house.clock.now().getTime() - entry.at) / 1000)
  }

  /** Whoever hears a channel of these partitions has to ask REST, and goes on from these positions. Who is catching up may be ahead of them, and finds out for itself. */
  lost({ reason, from }: Loss): void {
    for (const peer of this.#peers) {
      if (peer.isMuted) continue
      const channels = peer.channels.filter((channel) => this.#house.stream.partitionOf(channel) in from.cursor)
      if (channels.length > 0) peer.connection.send(frame({ t: 'refetch', reason, channels, ...from }))
    }
  }

  endSession(sessionId: string): void {
    for (const peer of this.#peers) if (peer.sessionId === sessionId) this.close(peer, CLOSE.sessionEnded)
  }

  /** Closes whoever did not say who it is, or whose token is over. */
  closeOverdue(now: Date): void {
    for (const peer of this.#peers) {
      const why = endOf(peer, now)
      if (why) this.close(peer, why)
    }
  }

  /** What was published before this turn of the loop has been written by now, so that a backlog is the network's. */
  #closeSlowReaders(): void {
    this.#unlooked = 0
    for (const peer of this.#peers) if (peer.connection.backlog() > MAX_BACKLOG) this.close(peer, CLOSE.slowReader)
  }
}
