// Where a client stands in the log, and what it makes of each frame, as docs/PROTOCOL.md asks of it.

import type { EventFrame, Frame, Positions } from './wire.ts'

export interface Ears {
  event(frame: EventFrame, epoch: string): void
  /** Events may have been missed; from now on they are heard again. */
  gap(why: string): void
  /** Back after a pause, with everything that was missed. */
  back(count: number): void
}

const RESUME = 'resume'

export class Cursor {
  readonly #ears: Ears
  #positions: Positions | undefined
  /** From the hello of a new connection to the reply to `resume`: what is said meanwhile will be said again. */
  #isDeaf = false

  constructor(ears: Ears) {
    this.#ears = ears
  }

  /** @param send how to answer */
  take(frame: Frame, send: (command: unknown) => void): void {
    if (frame.t === 'hello') this.#greet(frame, send)
    else if (frame.t === 'event') this.#hear(frame)
    else if (frame.t === 'tick') this.#moveTo({ cursor: frame.cursor, epochs: {} })
    else if (frame.t === 'reply' && frame.ref === RESUME) this.#answered(frame.ok)
    else if (frame.t === 'refetch' || frame.t === 'resumed') {
      this.#moveTo(frame)
      if (frame.t === 'refetch') this.#ears.gap(`refetch: ${frame.reason}`)
      else this.#ears.back(frame.count)
    }
  }

  #greet({ cursor, epochs }: Positions, send: (command: unknown) => void): void {
    if (!this.#positions) return this.#moveTo({ cursor, epochs })
    this.#isDeaf = true
    send({ c: 'resume', ref: RESUME, data: this.#positions })
  }

  #answered(ok: boolean): void {
    this.#isDeaf = false
    if (!ok) this.#ears.gap('reconnected, and `resume` was refused')
  }

  #hear(frame: EventFrame): void {
    if (this.#isDeaf) return
    const [partition = '', seq = ''] = frame.id?.split(':') ?? []
    this.#ears.event(frame, this.#positions?.epochs[partition] ?? '')
    if (frame.id !== undefined) this.#moveTo({ cursor: { [partition]: Number(seq) }, epochs: {} })
  }

  #moveTo({ cursor, epochs }: Positions): void {
    this.#positions = {
      cursor: { ...this.#positions?.cursor, ...cursor },
      epochs: { ...this.#positions?.epochs, ...epochs },
    }
  }
}
