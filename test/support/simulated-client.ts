// A client of the simulation: the course of the real one, on a network that the seed freezes and cuts.

import { Resumption } from '../../client/src/socket/resumption.ts'
import { CommandQueue } from '../../client/src/socket/command-queue.ts'
import type { Frame } from '../../client/src/socket/wire.ts'
import type { CloseCode } from '../../realtime/transport/close-codes.ts'
import type { Connection, Receiver } from '../../realtime/transport/connection.ts'
import type { Topics } from '../../realtime/transport/topics.ts'
import type { Positions } from '../../shared/kit/store/cursor.ts'
import type { Account, Gap, Point } from './account.ts'
import { joined, TOLD, type LogBook, type Refetch } from './log-book.ts'

const FAR_AWAY = 1e9

export class SimulatedClient {
  readonly who: string
  readonly sessionId: string
  readonly channels: readonly string[]
  readonly told: number[] = []
  readonly gaps: Gap[] = []
  /** Of frames their kinds, of lines why they ended. */
  readonly heard: string[] = []
  /** Said since somebody looked. */
  refetches: Refetch[] = []
  line: SimulatedLine | undefined
  isLive = false
  readonly #course: Resumption
  readonly #transcript: (line: string) => void
  #since: Map<number, Point> | undefined
  #asked: Positions | undefined
  /** Where its node said that it stands. */
  #node: Positions = { cursor: {}, epochs: {} }

  constructor(
    who: string,
    sessionId: string,
    channels: readonly string[],
    transcript: (line: string) => void,
  ) {
    this.who = who
    this.sessionId = sessionId
    this.channels = channels
    this.#transcript = transcript
    this.#course = new Resumption(
      {},
      {
        commands: new CommandQueue(FAR_AWAY, FAR_AWAY),
        send: (frame) => {
          this.#asked = this.#course.cursor.positions()
          this.line?.receiver?.message(JSON.stringify(frame))
        },
        tell: ({ ev, data }) => {
          if (ev === TOLD) this.told.push(Object(data).n)
        },
        live: () => {
          this.isLive = true
        },
      },
    )
  }

  hear(text: string, book: LogBook): void {
    const frame: Frame = JSON.parse(text)
    this.heard.push(frame.t)
    this.#transcript(`${this.who} ← ${textOf(frame)}`)
    if (frame.t === 'hello')
      this.#since ??= new Map(
        Object.keys(frame.cursor).map((partition) => [
          Number(partition),
          book.pointOf(Number(partition), frame),
        ]),
      )
    if (frame.t === 'refetch')
      this.refetches.push({
        frame,
        from: this.#course.cursor.positions(),
        node: this.#node,
        asked: this.#asked,
      })
    if (frame.t === 'hello' || frame.t === 'resumed' || frame.t === 'refetch')
      this.#node = joined(this.#node, frame)
    this.#course.hear(frame)
  }

  lost(why: string): void {
    this.heard.push(why)
    this.#transcript(`${this.who} is cut off: ${why}`)
    this.line = undefined
    this.isLive = false
    this.#asked = undefined
    this.#course.lost()
  }

  account(): Account {
    return {
      who: this.who,
      channels: this.channels,
      since: this.#since ?? new Map(),
      told: this.told,
      gaps: this.gaps,
    }
  }
}

/** Every frame but the text that makes it heavy. */
function textOf(frame: Frame): string {
  if (frame.t === 'event') return `${frame.id} ${Object(frame.data).n}`
  return JSON.stringify(frame)
}

export class SimulatedLine implements Connection {
  readonly address = 'simulated'
  receiver: Receiver | undefined
  /** Whether the server has said anything, or closed it. */
  isAnswered = false
  isFrozen: boolean
  readonly node: string
  readonly #client: SimulatedClient
  readonly #topics: Topics
  readonly #book: LogBook
  readonly #channels = new Set<string>()
  #waiting: string[] = []
  #closing: CloseCode | undefined
  #isOver = false

  constructor(node: string, client: SimulatedClient, topics: Topics, book: LogBook, isFrozen: boolean) {
    this.node = node
    this.#client = client
    this.#topics = topics
    this.#book = book
    this.isFrozen = isFrozen
  }

  send(frame: string): void {
    if (this.#isOver) return
    this.isAnswered = true
    if (this.isFrozen) this.#waiting.push(frame)
    else this.#client.hear(frame, this.#book)
  }

  subscribe(channel: string): void {
    if (this.#isOver) return
    this.#channels.add(channel)
    this.#topics.subscribe(channel, this)
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel)
    this.#topics.unsubscribe(channel, this)
  }

  close(why: CloseCode): void {
    if (this.#isOver) return
    this.isAnswered = true
    this.#closing = why
    this.#end()
    if (!this.isFrozen) this.#client.lost(why.reason)
  }

  backlog(): number {
    return this.#isOver ? 0 : this.#waiting.reduce((sum, frame) => sum + frame.length, 0)
  }

  /** What waited arrives. */
  thaw(): void {
    this.isFrozen = false
    for (const frame of this.#waiting.splice(0)) this.#client.hear(frame, this.#book)
    if (this.#closing) this.#client.lost(this.#closing.reason)
  }

  /** The network breaks; what waited is lost. */
  cut(why: string): void {
    this.#waiting = []
    this.#end()
    this.#client.lost(why)
  }

  #end(): void {
    this.#isOver = true
    for (const channel of this.#channels) this.#topics.unsubscribe(channel, this)
    this.receiver?.closed()
  }
}
