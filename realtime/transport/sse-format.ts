// How frames are said as server-sent events: the name for addEventListener, the frame as it is, and the bookmark behind it.

import type { Positions } from '../../shared/kit/store/cursor.ts'
import { SseCursor } from './sse-cursor.ts'
import { reconnectAdviceFor, type CloseCode } from './close-codes.ts'

/** As the log writes it (kit/store/stream.ts). Parsing every event for every reader would cost more than sending it. */
const EVENT = /^\{"t":"event","id":"(\d+):(\d+)","ch":"[^"]*","ev":"([^"]*)"/

/** Milliseconds. With as much again by chance, so that those who were sent away together do not come back together. */
const FIRST_PAUSE = 1000
const LONG_PAUSE = 5000

export class SseFormat {
  readonly #bookmark: SseCursor
  #isCatchingUp: boolean

  /** @param from where the reader says that it stands */
  constructor(partitionOf: (channel: string) => number, from: Positions | undefined) {
    this.#bookmark = new SseCursor(partitionOf, from)
    this.#isCatchingUp = from !== undefined
  }

  hears(channel: string): void {
    this.#bookmark.hear([channel])
  }

  messageOf(frame: string): string {
    const [, partition, seq, name] = EVENT.exec(frame) ?? []
    if (partition === undefined || name === undefined) return this.#messageOfOther(frame)
    this.#bookmark.turnTo(partition, Number(seq))
    return `${this.#idLine()}event: ${name}\ndata: ${frame}\n\n`
  }

  #messageOfOther(frame: string): string {
    const { t, ev, after = 0, channels = [], ...positions } = readFrame(frame)
    if (t === 'resumed') this.#isCatchingUp = false
    // Where the log stands is not where a reader stands who has yet to be told what it missed.
    if (!this.#isCatchingUp || t === 'refetch') {
      this.#bookmark.hear(channels)
      this.#bookmark.adopt(positions)
    }
    const retry = t === 'hello' ? retryLine(FIRST_PAUSE) : t === 'bye' ? retryLine(after, 0) : ''
    return `${retry}${this.#idLine()}event: ${ev ?? t}\ndata: ${frame}\n\n`
  }

  /** An empty id would make the reader forget the one that it has. */
  #idLine(): string {
    const id = String(this.#bookmark)
    return id === '' ? '' : `id: ${id}\n`
  }
}

/** What the close frame is to a socket. */
export function closingMessage({ code, reason }: CloseCode): string {
  const retry = reconnectAdviceFor(code) === 'after a pause' ? retryLine(LONG_PAUSE) : ''
  return `${retry}event: close\ndata: ${JSON.stringify({ t: 'close', code, reason })}\n\n`
}

/** Never at once: a browser that finds nobody listening tries again after the same time. */
function retryLine(least: number, spread = least): string {
  return `retry: ${Math.max(FIRST_PAUSE, Math.round(least + Math.random() * spread))}\n`
}

interface Readable extends Partial<Positions> {
  t: string
  /** Of an event that is not in the log. */
  ev?: string
  /** Of `bye`. */
  after?: number
  channels?: string[]
}

/** Our own frames, as frames.ts writes them. */
function readFrame(frame: string): Readable {
  const read: Readable = JSON.parse(frame)
  return read
}
