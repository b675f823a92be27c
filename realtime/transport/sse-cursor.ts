// Where a reader of server-sent events stands, as one word: the id of each message, hence the Last-Event-ID of its next
// request. Of the partitions that it hears something from, so that it stays short however many there are.

import { writeCursor, type Positions } from '../../shared/kit/store/cursor.ts'

export class SseCursor {
  readonly #partitionOf: (channel: string) => number
  readonly #heard = new Set<string>()
  readonly #cursor: Positions['cursor'] = {}
  readonly #epochs: Positions['epochs'] = {}

  /** @param from where an earlier one stood */
  constructor(partitionOf: (channel: string) => number, from: Partial<Positions> = {}) {
    this.#partitionOf = partitionOf
    this.adopt(from)
    for (const partition of Object.keys(from.cursor ?? {})) this.#heard.add(partition)
  }

  hear(channels: readonly string[]): void {
    for (const channel of channels) this.#heard.add(String(this.#partitionOf(channel)))
  }

  adopt({ cursor = {}, epochs = {} }: Partial<Positions>): void {
    Object.assign(this.#cursor, cursor)
    Object.assign(this.#epochs, epochs)
  }

  turnTo(partition: string, seq: number): void {
    this.#heard.add(partition)
    this.#cursor[partition] = seq
  }

  /** '' as long as nothing is known. */
  toString(): string {
    const heard = Object.entries(this.#cursor).filter(([partition]) => this.#heard.has(partition))
    return writeCursor({ cursor: Object.fromEntries(heard), epochs: this.#epochs })
  }
}
