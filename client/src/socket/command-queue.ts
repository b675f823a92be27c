// Commands and their replies. Those asked for while the client is away wait, in their order, and go out once it is back.
// Promise: every command is settled once. One that was sent and not answered when the connection broke is sent again only
// where twice is as good as once; of any other nobody can know, and it is refused with `connection_lost`.

import { clientError, ClientError } from './client-error.ts'
import type { ReplyFrame } from './wire.ts'

interface Asked {
  ref: string
  c: string
  data: unknown
  /** About this connection; of no use on another. */
  isOwn: boolean
  late: ReturnType<typeof setTimeout> | undefined
  /** How often it was sent. */
  times: number
  resolve: (data: unknown) => void
  reject: (why: ClientError) => void
}

type Send = (frame: object) => void

/** With a clientMsgId, under which the server knows a message that is sent again. */
const KEYED: ReadonlySet<string> = new Set(['message.send'])
const REPEATABLE: ReadonlySet<string> = new Set([
  'subscribe',
  'unsubscribe',
  'ping',
  'presence.query',
  'messages.read',
  'messages.delivered',
])
/** Half of what the server takes, so that a queue that goes out is not refused for its speed. */
const PER_SECOND = 10
const BURST = 20
/** A command that is never answered, on any connection, is refused in the end. */
const MOST_TIMES = 5

export class CommandQueue {
  readonly #patience: number
  readonly #bound: number
  readonly #silent: () => void
  /** Sent, by ref. */
  readonly #open = new Map<string, Asked>()
  #waiting: Asked[] = []
  #send: Send | undefined
  #isLive = false
  #refs = 0
  #level = BURST
  #levelAt = performance.now()
  #pacing: ReturnType<typeof setTimeout> | undefined
  #over: ClientError | undefined

  /**
   * @param patience milliseconds from sending to a reply · @param bound of those that wait · @param silent
   * hears that a reply is overdue
   */
  constructor(patience: number, bound: number, silent: () => void = () => undefined) {
    this.#patience = patience
    this.#bound = bound
    this.#silent = silent
  }

  /** Sent when the client is live. @throws Refusal */
  ask(c: string, data: unknown): Promise<unknown> {
    if (this.#over) return Promise.reject(this.#over)
    if (this.#waiting.length >= this.#bound)
      return Promise.reject(clientError('queue_full', `${this.#bound} commands wait already`))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...this.#named(c, keyed(c, data)), isOwn: false, resolve, reject })
      this.#flush()
    })
  }

  /** Sent now, on the present connection, before whatever waits. @throws Refusal */
  askNow(c: string, data?: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#send) this.#transmit({ ...this.#named(c, data), isOwn: true, resolve, reject })
      else reject(clientError('connection_lost', 'There is no connection'))
    })
  }

  /** A connection that has been let in. */
  attach(send: Send): void {
    this.#send = send
  }

  /** It has caught up: what waits may go out. */
  live(): void {
    this.#isLive = true
    this.#flush()
  }

  lost(): void {
    this.#send = undefined
    this.#isLive = false
    clearTimeout(this.#pacing)
    this.#pacing = undefined
    const unanswered = [...this.#open.values()]
    this.#open.clear()
    for (const asked of unanswered) clearTimeout(asked.late)
    this.#waiting = [...unanswered.filter(mayRepeat), ...this.#waiting]
    for (const asked of unanswered)
      if (!mayRepeat(asked))
        asked.reject(clientError('connection_lost', 'The connection broke before the reply came'))
  }

  settle({ ref, ok, data, error }: ReplyFrame): void {
    const asked = this.#open.get(String(ref))
    if (!asked) return
    this.#open.delete(asked.ref)
    clearTimeout(asked.late)
    if (ok) asked.resolve(data)
    else
      asked.reject(error ? new ClientError(error) : clientError('malformed', 'A reply without its problem'))
  }

  /** Those that have no reply yet. */
  get pending(): number {
    return this.#waiting.length + [...this.#open.values()].filter(({ isOwn }) => !isOwn).length
  }

  /** Nothing will be sent any more. */
  end(why: ClientError): void {
    this.#over ??= why
    this.lost()
    for (const asked of this.#waiting.splice(0)) asked.reject(why)
  }

  #named(c: string, data: unknown): Pick<Asked, 'ref' | 'c' | 'data' | 'late' | 'times'> {
    return { ref: `${++this.#refs}`, c, data, late: undefined, times: 0 }
  }

  #flush(): void {
    while (this.#isLive && this.#pacing === undefined && this.#waiting.length > 0) {
      if (!this.#takeTurn()) return this.#flushLater()
      const asked = this.#waiting.shift()
      if (asked) this.#transmit(asked)
    }
  }

  #flushLater(): void {
    this.#pacing = setTimeout(() => {
      this.#pacing = undefined
      this.#flush()
    }, 1000 / PER_SECOND)
  }

  #takeTurn(): boolean {
    const now = performance.now()
    this.#level = Math.min(BURST, this.#level + ((now - this.#levelAt) * PER_SECOND) / 1000)
    this.#levelAt = now
    if (this.#level < 1) return false
    this.#level--
    return true
  }

  #transmit(asked: Asked): void {
    const { ref, c, data } = asked
    this.#open.set(ref, asked)
    asked.times++
    asked.late = setTimeout(() => {
      // Nobody can know whether it arrived, and twice is as good as once: it is sent again on another connection.
      if (mayRepeat(asked) && asked.times < MOST_TIMES) return this.#silent()
      this.#open.delete(ref)
      asked.reject(clientError('timeout', `No reply to ${c} within ${this.#patience} ms`))
    }, this.#patience)
    this.#send?.({ c, ref, ...(data !== undefined && { data }) })
  }
}

function mayRepeat({ c, isOwn }: Asked): boolean {
  return !isOwn && (KEYED.has(c) || REPEATABLE.has(c))
}

function keyed(c: string, data: unknown): unknown {
  const isKeyless = KEYED.has(c) && typeof data === 'object' && data !== null && !('clientMsgId' in data)
  return isKeyless ? { ...data, clientMsgId: crypto.randomUUID() } : data
}
