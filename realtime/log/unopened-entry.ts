// An entry as a node follows the log: its frame stays the bytes that were read until somebody hears it, since most of what a node reads
// nobody on it hears. It is text from then on.

import { readEntry, readHeader, type LogEntry } from '../../shared/kit/store/stream.ts'

export class UnopenedEntry implements LogEntry {
  readonly seq: number
  readonly channel: string
  readonly event: string
  readonly at: number
  readonly mark: string
  readonly after: string
  readonly epoch: string | undefined
  /** Bytes of its frame. */
  readonly size: number
  #bytes: Buffer | undefined
  #from = 0
  #text = ''

  constructor(seq: number, header: string, bytes: Buffer) {
    const { channel, event, at, mark, after, epoch } = readHeader(header)
    this.seq = seq
    this.channel = channel
    this.event = event
    this.at = at
    this.mark = mark
    this.after = after
    this.epoch = epoch
    this.size = bytes.length
    this.#bytes = bytes
  }

  get frame(): string {
    if (!this.#bytes) return this.#text
    this.#text = this.#bytes.toString('utf8', this.#from, this.#from + this.size)
    this.#bytes = undefined
    return this.#text
  }

  /** What nobody has heard is copied, so that it does not keep in memory all that was read with it. */
  keepIn(pages: EntryPages): void {
    if (this.#bytes) [this.#bytes, this.#from] = pages.copy(this.#bytes)
  }
}

const PAGE = 64 * 1024

/** Memory for the frames of one partition, which are forgotten in the order in which they came. */
export class EntryPages {
  #page: Buffer = Buffer.alloc(0)
  #used = 0

  /** @returns where the copy lies */
  copy(bytes: Buffer): [page: Buffer, from: number] {
    if (this.#used + bytes.length > this.#page.length) {
      this.#page = Buffer.allocUnsafeSlow(Math.max(PAGE, bytes.length))
      this.#used = 0
    }
    const from = this.#used
    this.#used += bytes.copy(this.#page, from)
    return [this.#page, from]
  }
}

/** Those of an older release, of seven fields, are opened at once. @param id `<seq>-0` */
export function readUnopened(id: Buffer, fields: readonly Buffer[]): LogEntry {
  const [, header, , frame] = fields
  if (fields.length !== 4 || !header || !frame) return readEntry(id.toString(), fields.map(String))
  return new UnopenedEntry(Number.parseInt(id.toString('latin1'), 10), header.toString(), frame)
}

/** What the script that appends publishes (stream-scripts.ts). */
export function readPushed(message: Buffer): LogEntry[] {
  let end = message.indexOf('\n')
  const [first = 0, ...sizes] = message.toString('latin1', 0, end).split(' ').map(Number)
  end++
  const take = (size = 0): [from: number, to: number] => [end, (end += size)]
  return Array.from({ length: sizes.length / 2 }, (_, n) => {
    const header = message.toString('utf8', ...take(sizes[2 * n]))
    return new UnopenedEntry(first + n, header, message.subarray(...take(sizes[2 * n + 1])))
  })
}

/** In bytes. */
export function sizeOfFrame(entry: LogEntry): number {
  return entry instanceof UnopenedEntry ? entry.size : Buffer.byteLength(entry.frame)
}
