// A connection that is a stream of server-sent events: every frame becomes a message with the bookmark behind it.
// Promise: a message's id never runs ahead of what was written before it. A reader over the bound is ended after a prefix
// without a gap, and comes back with its bookmark. Not promised: that the last message arrives.

import type { HttpAnswer } from '../../shared/kit/process/health.ts'
import type { Positions } from '../../shared/kit/store/cursor.ts'
import { CLOSE, type CloseCode } from './close-codes.ts'
import type { Connection, Receiver } from './connection.ts'
import type { StreamWriter, StreamListener } from './http-response.ts'
import { closingMessage, SseFormat } from './sse-format.ts'
import type { Topics } from './topics.ts'

/** The hub ends a slow reader at 1 MiB, when it looks. This wall behind it bounds the memory, whatever happens in between. */
const MAX_BACKLOG = 2 * 1024 * 1024
/** Of messages that leave in one write: a slow network is measured in these. */
const PIECE = 64 * 1024

interface Beginning {
  address: string
  partitionOf: (channel: string) => number
  headers: HttpAnswer['headers']
  /** Where the reader says that it stands; undefined when it wants what comes from now on. */
  from: Positions | undefined
  /** What is answered when it is closed before anything was said. */
  refusal: (why: CloseCode) => HttpAnswer
  /** Told once, whoever ended it. */
  over: () => void
}

export class EventStream implements Connection, StreamListener {
  readonly address: string
  /** Set by whoever opens it, in the same turn. */
  receiver: Receiver | undefined
  readonly #outlet: StreamWriter
  readonly #topics: Topics
  readonly #beginning: Beginning
  readonly #channels = new Set<string>()
  readonly #wording: SseFormat
  #hasBegun = false
  #isOver = false
  #isFull = false
  #isFlushing = false
  #waiting: string[] = []
  #waitingSize = 0
  /** What the network has been given and not taken. */
  #held = 0

  constructor(outlet: StreamWriter, topics: Topics, beginning: Beginning) {
    this.#outlet = outlet
    this.#topics = topics
    this.#beginning = beginning
    this.address = beginning.address
    this.#wording = new SseFormat(beginning.partitionOf, beginning.from)
  }

  send(frame: string): void {
    if (this.#isOver) return
    this.#write(this.#wording.messageOf(frame))
    if (this.backlog() <= MAX_BACKLOG) return
    this.receiver?.closed(CLOSE.slowReader)
    this.close(CLOSE.slowReader)
  }

  /** A comment, so that proxies and readers see that the way is open. */
  beat(): void {
    if (this.#hasBegun && !this.#isOver && !this.#isFull) this.#write(':\n\n')
  }

  subscribe(channel: string): void {
    if (this.#isOver) return
    this.#channels.add(channel)
    this.#wording.hears(channel)
    this.#topics.subscribe(channel, this)
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel)
    this.#topics.unsubscribe(channel, this)
  }

  close(why: CloseCode): void {
    if (this.#isOver) return
    this.#leave()
    if (!this.#hasBegun) return this.#outlet.refuse(this.#beginning.refusal(why))
    this.#outlet.end([...this.#waiting, closingMessage(why)].join(''))
  }

  backlog(): number {
    return this.#isOver ? 0 : this.#waitingSize + this.#held
  }

  drained(): void {
    this.#isFull = false
    this.#held = 0
    this.#flush()
  }

  gone(): void {
    this.#leave()
    this.receiver?.closed()
  }

  #leave(): void {
    this.#isOver = true
    for (const channel of this.#channels) this.#topics.unsubscribe(channel, this)
    this.#beginning.over()
  }

  #write(message: string): void {
    this.#waiting.push(message)
    this.#waitingSize += message.length
    if (this.#isFlushing) return
    this.#isFlushing = true
    // Behind whatever else is said in this turn, so that it leaves in one write.
    queueMicrotask(() => {
      this.#isFlushing = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#isOver || this.#waiting.length === 0) return
    if (!this.#hasBegun) this.#outlet.begin(this.#beginning.headers)
    this.#hasBegun = true
    while (this.#waiting.length > 0 && !this.#isFull) {
      const piece = this.#nextPiece()
      this.#waitingSize -= piece.length
      this.#isFull = !this.#outlet.write(piece)
      this.#held = this.#isFull ? piece.length : 0
    }
  }

  #nextPiece(): string {
    let [count, size] = [0, 0]
    while (count < this.#waiting.length && size < PIECE) size += this.#waiting[count++]?.length ?? 0
    return this.#waiting.splice(0, count).join('')
  }
}
