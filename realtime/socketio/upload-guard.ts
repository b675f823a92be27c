// What clients are still sending: frames that are not whole yet lie in memory before anybody can judge them.
// Promise: a frame of more than 64 KiB is taken from a client only that was let in and said just before that a file comes
// (file_upload), and all of these together, until they are stored, take no more than BUDGET. Whoever goes beyond is cut
// off while the frame comes in, not after. Not promised: the same over polling, which takes 64 KiB and says so.

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type ServerOptions, type WebSocket } from 'ws'

export const MAX_SOCKETIO_FRAME = 64 * 1024
/** What the network hands over at once: so much of the next frame may come along with the last. */
const CHUNK = 64 * 1024
/** Six of the largest files at once, of the default size. A file is copied once when it is whole, so that memory is twice this at worst. */
const BUDGET = 64 * 1024 * 1024
/** Whatever the setting: it lies in memory as a whole. Larger ones go by POST, which streams. */
const MAX_FILE = BUDGET / 2
/** The packet before a file's bytes, in the namespace that has the command: a binary event with one attachment. */
const ANNOUNCEMENT = /^451-\d*\["file_upload",/

interface Sender {
  isLetIn: boolean
  isAnnounced: boolean
  /** Files that are whole, and not stored yet. */
  unstored: number
  held: number
}

export class UploadGuard {
  /** What Socket.IO is to take WebSockets with. */
  readonly wsEngine: new (options?: ServerOptions) => WebSocketServer
  readonly #senders = new WeakMap<object, Sender>()
  #held = 0
  readonly #cutOff: () => void

  /** @param maxFile bytes of the largest file @param cutOff hears of everybody who went beyond */
  constructor(maxFile: number, cutOff: () => void) {
    this.#cutOff = cutOff
    const watch = (ws: WebSocket, tcp: Duplex): void => this.#watch(ws, tcp)
    this.wsEngine = class extends WebSocketServer {
      constructor(options?: ServerOptions) {
        // A little more than the largest, so that what is too large by a little is told so.
        super({ ...options, maxPayload: Math.min(maxFile, MAX_FILE) + MAX_SOCKETIO_FRAME })
      }

      override handleUpgrade(
        request: IncomingMessage,
        tcp: Duplex,
        head: Buffer,
        then: (ws: WebSocket, request: IncomingMessage) => void,
      ): void {
        super.handleUpgrade(request, tcp, head, (ws, asked) => {
          watch(ws, tcp)
          then(ws, asked)
        })
      }
    }
  }

  /** @param ws whose client was let in */
  letIn(ws: object): void {
    const sender = this.#senders.get(ws)
    if (sender) sender.isLetIn = true
  }

  /** A file of this client is stored, or refused. */
  stored(ws: object): void {
    const sender = this.#senders.get(ws)
    if (!sender || sender.unstored === 0 || --sender.unstored > 0) return
    if (!sender.isAnnounced) this.#release(sender)
  }

  #watch(ws: WebSocket, tcp: Duplex): void {
    const sender: Sender = { isLetIn: false, isAnnounced: false, unstored: 0, held: 0 }
    this.#senders.set(ws, sender)
    let coming = 0
    tcp.on('data', (chunk: Buffer) => {
      coming += chunk.length
      if (coming <= MAX_SOCKETIO_FRAME + CHUNK) return
      if (!sender.isAnnounced || this.#held + chunk.length > BUDGET) {
        if (!tcp.destroyed) this.#cutOff()
        return void tcp.destroy()
      }
      sender.held += chunk.length
      this.#held += chunk.length
    })
    tcp.on('close', () => this.#release(sender))
    // Larger than any file, or no frame at all: it would close politely, and take in the rest first.
    ws.on('error', () => tcp.destroy())
    ws.on('message', (data, isBinary) => {
      coming = 0
      if (sizeOf(data) > MAX_SOCKETIO_FRAME && !(isBinary && sender.isAnnounced)) {
        this.#cutOff()
        ws.removeAllListeners('message')
        return ws.terminate()
      }
      if (isBinary && sender.isAnnounced) sender.unstored++
      sender.isAnnounced = !isBinary && sender.isLetIn && ANNOUNCEMENT.test(beginning(data))
    })
  }

  #release(sender: Sender): void {
    this.#held -= sender.held
    sender.held = 0
  }
}

function sizeOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength
}

function beginning(data: RawData): string {
  return data instanceof Buffer ? data.subarray(0, 64).toString('latin1') : ''
}
