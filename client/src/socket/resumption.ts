// Where a client stands in the log, and what each frame does about it.
// Promise: an event is told once and in its order. After a return nothing is told before the reply to `resume`: all of it
// comes again behind the reply, with what was missed before it.

import { Cursor } from './cursor.ts'
import { callSafely } from './listeners.ts'
import type { ResolvedOptions } from './options.ts'
import type { CommandQueue } from './command-queue.ts'
import type { ClientError } from './client-error.ts'
import type { ClientEventFrame, Frame, HelloFrame, Positions, RefetchFrame, ReplyFrame } from './wire.ts'

type Phase = 'away' | 'returning' | 'catching up' | 'live'

interface ResumptionOptions {
  commands: CommandQueue
  send: (frame: object) => void
  tell: (event: ClientEventFrame) => void
  live: () => void
}

const RESUME = 'resume'

export class Resumption {
  readonly cursor: Cursor
  readonly #callbacks: Pick<ResolvedOptions, 'onRefetch' | 'onRefused'>
  readonly #options: ResumptionOptions
  /** Channels beside those that a socket hears by itself, and those of the latter that are not wanted. */
  readonly #wanted = new Set<string>()
  readonly #unwanted = new Set<string>()
  #hello: HelloFrame | undefined
  #phase: Phase = 'away'

  constructor(
    { from, ...callbacks }: Pick<ResolvedOptions, 'from' | 'onRefetch' | 'onRefused'>,
    options: ResumptionOptions,
  ) {
    this.cursor = new Cursor(from)
    this.#callbacks = callbacks
    this.#options = options
  }

  get hello(): HelloFrame | undefined {
    return this.#hello
  }

  want(channel: string, isWanted: boolean): void {
    const [into, outOf] = isWanted ? [this.#wanted, this.#unwanted] : [this.#unwanted, this.#wanted]
    into.add(channel)
    outOf.delete(channel)
  }

  forget(channel: string): void {
    this.#wanted.delete(channel)
  }

  lost(): void {
    this.#phase = 'away'
  }

  hear(frame: Frame): void {
    switch (frame.t) {
      case 'hello':
        return this.#greeted(frame)
      case 'event':
        return this.#happened(frame)
      case 'reply':
        return this.#replied(frame)
      case 'resumed':
        this.cursor.reset(frame)
        return this.#goLive()
      case 'refetch':
        this.cursor.adopt(frame)
        return this.#tellRefetch(frame)
      case 'tick':
        // Where the log stands is not where a client stands that has yet to be told what it missed.
        if (this.#phase === 'live') this.cursor.raise(frame)
    }
  }

  #greeted(hello: HelloFrame): void {
    this.#hello = hello
    if (!this.cursor.isSet) {
      this.cursor.reset(hello)
      return this.#goLive()
    }
    this.#phase = 'returning'
    this.#restoreChannels(hello)
    this.#options.send({ c: RESUME, ref: RESUME, data: this.cursor.positions() })
  }

  /** Before `resume`, which tells what was missed on the channels of its moment. */
  #restoreChannels({ channels }: HelloFrame): void {
    const { commands } = this.#options
    for (const channel of this.#unwanted)
      if (channels.includes(channel)) commands.askNow('unsubscribe', { channel }).catch(() => undefined)
    for (const channel of this.#wanted) {
      if (!channels.includes(channel))
        commands.askNow('subscribe', { channel }).catch((why: ClientError) => this.#refused(channel, why))
    }
  }

  #refused(channel: string, why: ClientError): void {
    if (why.status === 0) return
    this.forget(channel)
    callSafely(() => this.#callbacks.onRefused?.(channel, why))
  }

  #happened(event: ClientEventFrame): void {
    if (this.#phase === 'returning') return
    if (event.id === undefined || this.cursor.pass(event.id)) this.#options.tell(event)
  }

  #replied(reply: ReplyFrame): void {
    if (reply.ref !== RESUME) return this.#options.commands.settle(reply)
    if (reply.ok || !this.#hello) this.#phase = 'catching up'
    else this.#beginAnew(this.#hello)
  }

  /** The server takes no such cursor: everything has to be read again. */
  #beginAnew(hello: Positions & Pick<HelloFrame, 'channels'>): void {
    this.cursor.reset(hello)
    this.#goLive()
    this.#tellRefetch({ reason: 'unreachable', channels: [...new Set([...hello.channels, ...this.#wanted])] })
  }

  #goLive(): void {
    this.#phase = 'live'
    this.#options.live()
  }

  #tellRefetch({ reason, channels }: Pick<RefetchFrame, 'reason' | 'channels'>): void {
    callSafely(() => this.#callbacks.onRefetch?.({ reason, channels }))
  }
}
