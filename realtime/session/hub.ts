// Who listens to what on this process. Frames go out as the bytes they are in the log, through the transport's topics.
// Promise: the order of the log, per partition; a slow reader is closed with its code and nobody waits for it.
// Not promised: that a client got what it was sent. It comes back with its cursor.

import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { LogEntry } from '../../shared/kit/store/stream.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import type { Loss } from '../log/broker.ts'
import { CLOSE, type CloseCode } from '../transport/close-codes.ts'
import type { Publish } from '../transport/connection.ts'
import { encodeFrame } from '../../shared/protocol/frames.ts'
import { Subscriptions } from './subscriptions.ts'
import { expiryOf, type ClientState } from './client-state.ts'

export const MAX_BACKLOG = 1024 * 1024
/** A backlog grows by nothing but what is sent, so looking again after this many bytes finds every slow one in time. */
const LOOK_AFTER = 256 * 1024
const LAGGING = 64 * 1024

/** Takes the entries of channels that are for the nodes themselves. */
export type Control = (entry: LogEntry) => void

type HubDeps = Pick<Runtime, 'clock' | 'metrics' | 'stream'>

export class Hub {
  readonly #publish: Publish
  readonly #runtime: HubDeps
  readonly #gone: (client: ClientState) => void
  readonly #peers = new Set<ClientState>()
  readonly #listeners = new Subscriptions()
  readonly #controls = new Map<string, Control>()
  readonly #byUser = new Map<string, Set<ClientState>>()
  #watch: Control = () => undefined
  #unlooked = 0

  /** @param gone hears of every connection that ended, however it did */
  constructor(publish: Publish, runtime: HubDeps, gone: (client: ClientState) => void) {
    this.#publish = publish
    this.#gone = gone
    this.#runtime = runtime
  }

  get peers(): ReadonlySet<ClientState> {
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
  peersOf(userId: string): Iterable<ClientState> {
    return this.#byUser.get(userId) ?? []
  }

  /** Lets a peer in, as somebody. */
  seat(client: ClientState, actor: Actor): void {
    client.actor = actor
    this.#byUser.set(actor.id, (this.#byUser.get(actor.id) ?? new Set()).add(client))
  }

  enter(client: ClientState): void {
    this.#peers.add(client)
    this.#runtime.metrics.sockets.inc()
  }

  /** What the transport says once a connection is gone, whoever ended it. */
  left(client: ClientState, why?: CloseCode): void {
    if (!this.#peers.delete(client)) return
    this.#listeners.deleteAll(client)
    const own = client.actor && this.#byUser.get(client.actor.id)
    if (own?.delete(client) && own.size === 0) this.#byUser.delete(client.actor?.id ?? '')
    this.#runtime.metrics.sockets.dec()
    this.#gone(client)
    if (why) this.#runtime.metrics.socketCloses.inc({ reason: why.reason })
  }

  close(client: ClientState, why: CloseCode): void {
    this.left(client, why)
    client.connection.close(why)
  }

  listen(client: ClientState, channel: string): void {
    if (!this.#peers.has(client) || !this.#listeners.add(client, channel)) return
    if (!client.isMuted) client.connection.subscribe(channel)
  }

  leave(client: ClientState, channel: string): void {
    this.#listeners.delete(client, channel)
    client.connection.unsubscribe(channel)
  }

  /** Ephemeral: whoever lags or is catching up does without. */
  whisper(channel: string, text: string): void {
    for (const client of this.#listeners.of(channel)) {
      if (!client.isMuted && client.connection.backlog() < LAGGING) client.connection.send(text)
    }
  }

  /** To everybody who is let in and not catching up. */
  announce(text: string): void {
    for (const client of this.#peers) if (client.actor && !client.isMuted) client.connection.send(text)
  }

  /** Takes a socket off its topics while it is told what it missed. */
  mute(client: ClientState): void {
    client.isMuted = true
    for (const channel of client.channels) client.connection.unsubscribe(channel)
  }

  unmute(client: ClientState): void {
    client.isMuted = false
    if (this.#peers.has(client)) for (const channel of client.channels) client.connection.subscribe(channel)
  }

  take(entries: readonly LogEntry[]): void {
    if (this.#unlooked >= LOOK_AFTER) this.#closeSlowReaders()
    this.#runtime.metrics.eventsIn.inc(entries.length)
    for (const entry of entries) this.#deliver(entry)
  }

  #deliver(entry: LogEntry): void {
    const control = this.#controls.get(entry.channel.slice(0, entry.channel.indexOf(':')))
    if (control) return control(entry)
    this.#watch(entry)
    if (!this.#listeners.has(entry.channel)) return
    const { frame } = entry
    const listeners = this.#publish(entry.channel, frame)
    if (listeners === 0) return
    this.#unlooked += Buffer.byteLength(frame)
    this.#runtime.metrics.eventsOut.inc(listeners)
    this.#runtime.metrics.eventLag.observe(Math.max(0, this.#runtime.clock.now().getTime() - entry.at) / 1000)
  }

  /**
   * Whoever hears a channel of these partitions has to ask REST, and goes on from these positions. Who is
   * catching up may be ahead of them, and finds out for itself.
   */
  lost({ reason, from }: Loss): void {
    for (const client of this.#peers) {
      if (client.isMuted) continue
      const channels = client.channels.filter(
        (channel) => this.#runtime.stream.partitionOf(channel) in from.cursor,
      )
      if (channels.length > 0)
        client.connection.send(encodeFrame({ t: 'refetch', reason, channels, ...from }))
    }
  }

  endSession(sessionId: string): void {
    for (const client of this.#peers)
      if (client.sessionId === sessionId) this.close(client, CLOSE.sessionEnded)
  }

  /** Closes whoever did not say who it is, or whose token is over. */
  closeOverdue(now: Date): void {
    for (const client of this.#peers) {
      const why = expiryOf(client, now)
      if (why) this.close(client, why)
    }
  }

  /** What was published before this turn of the loop has been written by now, so that a backlog is the network's. */
  #closeSlowReaders(): void {
    this.#unlooked = 0
    for (const client of this.#peers)
      if (client.connection.backlog() > MAX_BACKLOG) this.close(client, CLOSE.slowReader)
  }
}
