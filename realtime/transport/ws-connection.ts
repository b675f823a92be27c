// One socket of the package ws, with what uWebSockets.js does inside: topics, one write for what is said in one turn, a
// backlog that counts what the network has not taken, and an end for whoever answers no ping.

import type { Socket as TcpSocket } from 'node:net'
import { WebSocket } from 'ws'
import { CLOSE, type CloseCode } from './close-codes.ts'
import type { Connection, Receiver } from './connection.ts'
import type { Topics } from './topics.ts'
import { BACKLOG_WALL } from './transport.ts'

/**
 * What is handed to the network at once. Node counts a write as waiting until the last byte of it was taken, so that a
 * backlog is known no better than this.
 */
const PIECE = 64 * 1024
/** So many without an answer are an end. */
const PINGS = 2

interface Opened {
  ws: WebSocket
  tcp: TcpSocket
  address: string
  topics: Topics<Buffer>
  /** Told once, whoever ended it. */
  left: () => void
}

export class WsConnection implements Connection {
  readonly address: string
  /** Set by whoever opens it, in the same turn. */
  receiver: Receiver | undefined
  readonly #ws: WebSocket
  readonly #tcp: TcpSocket
  readonly #topics: Topics<Buffer>
  readonly #left: () => void
  readonly #channels = new Set<string>()
  #isOver = false
  #isCorked = false
  /** Not handed to the network yet, which has enough. */
  #waiting: Buffer[] = []
  #waitingSize = 0
  #bytesRead = 0
  #unanswered = 0

  constructor({ ws, tcp, address, topics, left }: Opened) {
    this.address = address
    this.#ws = ws
    this.#tcp = tcp
    this.#topics = topics
    this.#left = left
    ws.on('message', (data, isBinary) => {
      if (!this.#isOver) this.receiver?.message(isBinary ? undefined : String(data))
    })
    ws.on('close', () => this.#leave())
    // A frame that is none, or too large: the library closes it.
    ws.on('error', () => undefined)
    tcp.on('drain', () => this.#writePiece())
  }

  send(said: string | Buffer): void {
    if (this.#isOver) return
    const bytes = typeof said === 'string' ? textFrame(said) : said
    if (this.#waiting.length === 0 && this.#tcp.writableLength < PIECE) return this.#write(bytes)
    this.#waiting.push(bytes)
    this.#waitingSize += bytes.length
    if (this.backlog() <= BACKLOG_WALL) return
    this.#leave(CLOSE.slowReader)
    this.#ws.terminate()
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

  close({ code, reason }: CloseCode): void {
    if (this.#isOver) return
    while (this.#waiting.length > 0) this.#writePiece()
    this.#ws.close(code, reason)
    this.#leave()
  }

  backlog(): number {
    return this.#isOver ? 0 : this.#waitingSize + this.#tcp.writableLength
  }

  beat(): void {
    this.#unanswered = this.#isSilent() ? this.#unanswered + 1 : 1
    this.#bytesRead = this.#tcp.bytesRead
    this.#ws.ping()
  }

  /** Asked LAST_ANSWER_SECONDS after each ping. */
  endIfSilent(): void {
    if (this.#unanswered === PINGS && this.#isSilent()) this.#ws.terminate()
  }

  #isSilent(): boolean {
    return this.#tcp.bytesRead === this.#bytesRead
  }

  /** What is written in one turn leaves in one write: a write costs more than all else. */
  #write(bytes: Buffer): void {
    if (!this.#isCorked) {
      this.#isCorked = true
      this.#tcp.cork()
      process.nextTick(uncork, this)
    }
    if (this.#ws.readyState === WebSocket.OPEN) this.#tcp.write(bytes)
    if (this.#tcp.writableLength >= PIECE) this.uncork()
  }

  uncork(): void {
    if (!this.#isCorked) return
    this.#isCorked = false
    this.#tcp.uncork()
  }

  #writePiece(): void {
    let [count, size] = [0, 0]
    while (count < this.#waiting.length && size < PIECE) size += this.#waiting[count++]?.length ?? 0
    this.#waitingSize -= size
    for (const bytes of this.#waiting.splice(0, count)) this.#write(bytes)
  }

  #leave(why?: CloseCode): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const channel of this.#channels) this.#topics.unsubscribe(channel, this)
    this.#left()
    this.receiver?.closed(why)
  }
}

/**
 * A text as it goes over the wire (RFC 6455, 5.2), whole and unmasked: made once for all who hear it, and written at once,
 * where the library would make a head for each of them and write that first. Beside it the library writes by itself only
 * pings, pongs and the close frame, each at once, so that the order is kept.
 */
export function textFrame(text: string): Buffer {
  const size = Buffer.byteLength(text)
  const head = size < 126 ? 2 : size < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(head + size)
  frame[0] = 0x81
  frame[1] = size < 126 ? size : size < 65_536 ? 126 : 127
  if (head === 4) frame.writeUInt16BE(size, 2)
  if (head === 10) frame.writeBigUInt64BE(BigInt(size), 2)
  frame.write(text, head)
  return frame
}

/** One function for all: a closure for each socket and turn would be garbage. */
function uncork(connection: WsConnection): void {
  connection.uncork()
}
