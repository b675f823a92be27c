// A WebSocket client over bare TCP that costs as little as can be, so that it is the server that is measured: all sockets
// read into one buffer, and of a frame nothing is looked at but its length, unless somebody reads.

import { connect, type Socket } from 'node:net'

export interface Address {
  port: number
  path: string
  headers: Readonly<Record<string, string>>
}

/** Reads what comes while a socket is greeted. @returns true once it is in */
export type Greet = (text: string, socket: RawSocket) => boolean

const SHARED = Buffer.alloc(256 * 1024)
const NOTHING = Buffer.alloc(0)
const TEXT = 0x81
const PONG = 0x8a
/** Events are longer; greetings, ticks and the like are shorter. */
const EVENT_BYTES = 256

export class RawSocket {
  /** Called for each event. */
  heard: () => void = () => undefined
  /** Called for each text, instead of counting. */
  reader: ((text: string) => void) | undefined
  readonly closed: Promise<void>
  readonly #socket: Socket
  #rest = NOTHING
  #isUpgraded = false

  private constructor(address: Address, opened: () => void, failed: (error: Error) => void) {
    this.#socket = connect({
      port: address.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: SHARED,
        callback: (length) => this.#take(SHARED.subarray(0, length), opened, failed),
      },
    })
    this.closed = new Promise((resolve) => this.#socket.on('close', () => resolve()))
    this.#socket.on('error', failed)
    this.#socket.on('close', () => failed(new Error('The server closed a socket.')))
    const headers = Object.entries({
      host: '127.0.0.1',
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      ...address.headers,
    })
    this.#socket.write(
      `GET ${address.path} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    )
  }

  /** @param greet undefined: in as soon as it is open. @throws when the server refuses */
  static async open(address: Address, greet: Greet | undefined): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        socket.reader = undefined
        resolve(socket)
      }
      const socket: RawSocket = new RawSocket(address, () => (greet ? undefined : enter()), reject)
      if (greet) socket.reader = (text) => void (greet(text, socket) && enter())
    })
  }

  say(text: string): void {
    this.#write(TEXT, Buffer.from(text))
  }

  /** What is said in between leaves in one write. */
  together(say: () => void): void {
    this.#socket.cork()
    say()
    this.#socket.uncork()
  }

  async end(): Promise<void> {
    this.#socket.resetAndDestroy()
    await this.closed
  }

  #take(chunk: Buffer, opened: () => void, failed: (error: Error) => void): boolean {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    let at = this.#isUpgraded ? 0 : this.#readUpgrade(data, opened, failed)
    while (this.#isUpgraded && at + 2 <= data.length) {
      const end = this.#frameAt(data, at)
      if (end < 0) break
      at = end
    }
    this.#rest = at < data.length ? Buffer.from(data.subarray(at)) : NOTHING
    return true
  }

  #readUpgrade(data: Buffer, opened: () => void, failed: (error: Error) => void): number {
    const end = data.indexOf('\r\n\r\n')
    if (end < 0) return 0
    if (!data.toString('latin1', 0, end).startsWith('HTTP/1.1 101'))
      failed(new Error(`Refused: ${data.toString('latin1')}`))
    this.#isUpgraded = true
    opened()
    return end + 4
  }

  /** @returns where the next one begins, -1 when this one is not all there */
  #frameAt(data: Buffer, at: number): number {
    const short = (data[at + 1] ?? 0) & 127
    if (short === 127) throw new Error('Nothing here is that long.')
    const body = short < 126 ? at + 2 : at + 4
    if (body > data.length) return -1
    const length = short < 126 ? short : data.readUInt16BE(at + 2)
    if (body + length > data.length) return -1
    if (length >= EVENT_BYTES && !this.reader) this.heard()
    else this.#other(data, (data[at] ?? 0) & 15, body, length)
    return body + length
  }

  #other(data: Buffer, opcode: number, body: number, length: number): void {
    if (opcode === 9) return this.#write(PONG, Buffer.from(data.subarray(body, body + length)))
    // Engine.IO asks with a 2 whether somebody is there.
    if (length === 1) return this.say('3')
    this.reader?.(data.toString('utf8', body, body + length))
  }

  /** Masked with zeros, which leaves the payload as it is. */
  #write(first: number, payload: Buffer): void {
    const size =
      payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255]
    this.#socket.write(Buffer.concat([Buffer.from([first, ...size, 0, 0, 0, 0]), payload]))
  }
}
