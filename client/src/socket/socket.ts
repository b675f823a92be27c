// One socket, from opening to its end. It says who it is in its first frame, so that no token stands in an address.
// Promise: `lost` is told once, also of a socket that never opened, and of one whose other end is gone without a word;
// after `end` nothing is told.

import type { Frame } from './wire.ts'

/** As much of a WebSocket as is used here: a browser's, Node's own (from 22), or that of the package ws. */
interface SocketLike {
  readonly readyState: number
  send(text: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void
}
export type SocketMaker = new (url: string, protocols: string[]) => SocketLike

interface ClientSocketOptions {
  /** Of the socket. */
  url: string
  WebSocket: SocketMaker
  token: string
  /** Milliseconds from opening to hello. */
  patience: number
  /** Milliseconds from a ping to anything. */
  probe: number
  /** Milliseconds without a frame after which it asks whether the way is open. Browsers show no pings. */
  silence: number
  heard: (frame: Frame) => void
  lost: (code: number, reason: string) => void
}

const SUBPROTOCOL = 'bellhop.v1'
const OPEN = 1
/** What a browser says of a socket that ended without a close frame. */
const NO_CLOSE_FRAME = 1006

export class ClientSocket {
  readonly #options: ClientSocketOptions
  readonly #socket: SocketLike
  #watch: ReturnType<typeof setTimeout>
  #heardAt = performance.now()
  #isOver = false

  constructor(options: ClientSocketOptions) {
    this.#options = options
    const socket = new options.WebSocket(options.url, [SUBPROTOCOL])
    socket.addEventListener('open', () => this.send({ c: 'auth', ref: 'auth', token: options.token }))
    socket.addEventListener('message', ({ data }) => this.#hear(String(data)))
    socket.addEventListener('close', ({ code, reason }) => this.#lose(code, reason))
    // The close that follows says as much; unheard, an error would end a Node process.
    socket.addEventListener('error', () => undefined)
    this.#socket = socket
    this.#watch = setTimeout(() => this.#lose(NO_CLOSE_FRAME, 'no hello'), options.patience)
  }

  send(frame: object): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(JSON.stringify(frame))
  }

  end(): void {
    this.#isOver = true
    clearTimeout(this.#watch)
    this.#socket.close(1000)
  }

  #hear(text: string): void {
    if (this.#isOver) return
    this.#heardAt = performance.now()
    const frame: Frame = JSON.parse(text)
    if (frame.t === 'hello') this.#watchIn(this.#options.silence)
    this.#options.heard(frame)
  }

  #lose(code: number, reason: string): void {
    if (this.#isOver) return
    // Not waited for: a socket whose other end is gone takes a minute to notice.
    this.end()
    this.#options.lost(code, reason)
  }

  #watchIn(delay: number): void {
    clearTimeout(this.#watch)
    this.#watch = setTimeout(() => this.#look(), delay)
  }

  #look(): void {
    const silent = performance.now() - this.#heardAt
    if (silent < this.#options.silence) return this.#watchIn(this.#options.silence - silent)
    this.check()
  }

  /** Asks whether the way is open, and takes it for closed when nothing comes. */
  check(): void {
    const [{ probe, silence }, asked] = [this.#options, performance.now()]
    this.send({ c: 'ping', ref: 'ping' })
    clearTimeout(this.#watch)
    this.#watch = setTimeout(() => {
      if (this.#heardAt < asked) this.#lose(NO_CLOSE_FRAME, 'silent')
      else this.#watchIn(silence)
    }, probe)
  }

  /** The platform, or a reply that did not come, says that it is of no use any more. */
  giveUp(reason: string): void {
    this.#lose(NO_CLOSE_FRAME, reason)
  }
}
