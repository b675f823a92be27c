// How far this client has come: per partition the newest number it has seen, and the epoch in which it counts.
// Promise: an event passes once, however often it is told.

import type { Positions } from './wire.ts'

export class Cursor {
  #cursor: Positions['cursor'] = {}
  #epochs: Positions['epochs'] = {}

  /** @param from where an earlier client stood, or the X-Cursor of an answer. @throws Error when it is neither */
  constructor(from?: Positions | string) {
    if (from !== undefined) this.reset(typeof from === 'string' ? positionsIn(from) : from)
  }

  /** Has it begun? */
  get isSet(): boolean {
    return Object.keys(this.#cursor).length > 0
  }

  positions(): Positions {
    return { cursor: { ...this.#cursor }, epochs: { ...this.#epochs } }
  }

  reset({ cursor, epochs }: Positions): void {
    this.#cursor = { ...cursor }
    this.#epochs = { ...epochs }
  }

  /** Replaces those that are named, whatever stood there: another epoch begins below. */
  adopt({ cursor, epochs }: Positions): void {
    Object.assign(this.#cursor, cursor)
    Object.assign(this.#epochs, epochs)
  }

  /** Of the same log, and never back. */
  raise({ cursor, epochs = {} }: { cursor: Positions['cursor']; epochs?: Positions['epochs'] }): void {
    for (const [partition, seq] of Object.entries(cursor)) {
      if (epochs[partition] !== undefined && epochs[partition] !== this.#epochs[partition]) continue
      this.#cursor[partition] = Math.max(seq, this.#cursor[partition] ?? 0)
    }
  }

  /** @param id <partition>:<number>. @returns false when it was seen before */
  pass(id: string): boolean {
    const [partition = '', number] = id.split(':')
    const seq = Number(number)
    if (seq <= (this.#cursor[partition] ?? 0)) return false
    this.#cursor[partition] = seq
    return true
  }
}

/** 3:117@Zk3mQ0pA,5:9@aB3dE6gH */
function positionsIn(text: string): Positions {
  const positions: Positions = { cursor: {}, epochs: {} }
  for (const part of text.split(',')) {
    const [, partition, seq, epoch] = /^(\d+):(\d+)@([\w-]+)$/.exec(part) ?? []
    if (!partition || !seq || !epoch) throw new Error(`This is no cursor: ${text}`)
    positions.cursor[partition] = Number(seq)
    positions.epochs[partition] = epoch
  }
  return positions
}
