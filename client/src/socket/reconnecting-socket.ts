// One socket after another: it begins, is lost, waits as long as it was told, and begins again, until it is told not to.
// Promise: at most one socket at a time; after ended or closed, none.

import { Backoff } from './backoff.ts'
import { callSafely } from './listeners.ts'
import { ClientSocket } from './socket.ts'
import type { ResolvedOptions, State, StateReason } from './options.ts'
import type { ByeFrame, Frame } from './wire.ts'

interface SocketListener {
  heard: (frame: Frame) => void
  /** The socket is gone; maybe there will be another. */
  lost: () => void
  /** There will be none. */
  over: (state: 'ended' | 'closed', why: StateReason) => void
}

const BAD_TOKEN = 4401
/** As of a connection that broke. */
const NOT_SAID = 1006

export class ReconnectingSocket {
  readonly #options: ResolvedOptions
  readonly #ears: SocketListener
  readonly #backoff: Backoff
  #state: State = 'connecting'
  #link: ClientSocket | undefined
  #bye: ByeFrame | undefined
  #token: string | undefined
  #refusedToken: string | undefined
  #liveAt = Number.POSITIVE_INFINITY
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(options: ResolvedOptions, ears: SocketListener) {
    this.#options = options
    this.#ears = ears
    this.#backoff = new Backoff(options.pauses)
    options.network?.addEventListener('online', this.#online)
    options.network?.addEventListener('offline', this.#offline)
    options.network?.addEventListener('visibilitychange', this.#shown)
    this.#begin()
  }

  /** A network is there again, maybe another one: what waits is tried now, and what seems to live has to prove it. */
  readonly #online = (): void => {
    if (this.#state === 'live') return this.#link?.check()
    if (this.#state !== 'away') return
    clearTimeout(this.#retry)
    this.#beginAgain()
  }

  /** Somebody looks again at a page whose timers may have slept. */
  readonly #shown = (): void => {
    if (Reflect.get(globalThis, 'document')?.visibilityState !== 'hidden') this.#online()
  }

  readonly #offline = (): void => this.#link?.giveUp('offline')

  /** A reply is overdue: the connection counts as dead. */
  giveUp(): void {
    this.#link?.giveUp('no reply')
  }

  get state(): State {
    return this.#state
  }

  send(frame: object): void {
    this.#link?.send(frame)
  }

  /** What was missed has been told. */
  live(): void {
    this.#liveAt = performance.now()
    this.#refusedToken = undefined
    this.#become('live')
  }

  finish(state: 'ended' | 'closed', why: StateReason): void {
    if (this.#state === 'ended' || this.#state === 'closed') return
    clearTimeout(this.#retry)
    this.#options.network?.removeEventListener('online', this.#online)
    this.#options.network?.removeEventListener('offline', this.#offline)
    this.#options.network?.removeEventListener('visibilitychange', this.#shown)
    this.#link?.end()
    this.#link = undefined
    this.#ears.over(state, why)
    this.#become(state, why)
  }

  /** Told of by its state only: whoever made it has not yet got it in their hands. */
  #begin(): void {
    this.#open().catch(() => {
      if (this.#state === 'connecting') this.#lost(NOT_SAID, 'no token')
    })
  }

  #beginAgain(): void {
    this.#become('connecting')
    if (this.#state === 'connecting') this.#begin()
  }

  async #open(): Promise<void> {
    const token = await this.#options.token()
    if (this.#state !== 'connecting') return
    // Asking with the one that was refused would only be refused again.
    if (token === undefined || token === this.#refusedToken)
      return this.finish('ended', { code: BAD_TOKEN, reason: 'bad_token' })
    this.#token = token
    this.#link = new ClientSocket({
      ...this.#options,
      token,
      heard: (frame) => this.#hear(frame),
      lost: (code, reason) => this.#lost(code, reason),
    })
  }

  #hear(frame: Frame): void {
    if (frame.t === 'bye') this.#bye = frame
    else this.#ears.heard(frame)
  }

  #lost(code: number, reason: string): void {
    const lived = performance.now() - this.#liveAt
    this.#link = undefined
    this.#liveAt = Number.POSITIVE_INFINITY
    this.#ears.lost()
    if (code === BAD_TOKEN) this.#refusedToken = this.#token
    const pause = this.#pauseBefore(code, lived)
    if (pause === undefined) return this.finish('ended', { code, reason })
    this.#retry = setTimeout(() => this.#beginAgain(), pause)
    this.#become('away', { code, reason })
  }

  /** A refused token is no reason to stay away as long as there may be another. */
  #pauseBefore(code: number, lived: number): number | undefined {
    const { reconnect = true, after = 0 } = this.#bye ?? {}
    this.#bye = undefined
    const own = this.#backoff.next(code === BAD_TOKEN ? NOT_SAID : code, lived)
    return reconnect && own !== undefined ? Math.max(own, after) : undefined
  }

  /** Last of whatever it is part of: the callback may close the client. */
  #become(state: State, why?: StateReason): void {
    this.#state = state
    callSafely(() => this.#options.onState?.(state, why))
  }
}
