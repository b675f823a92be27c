// When to come back: never at once, not even the first time. Ten thousand clients that lost the same node and waited the
// same time would come back as one; each waits a random part of its pause instead ("full jitter").

export interface Pauses {
  /** Milliseconds, ceiling of the first. */
  first: number
  longest: number
}

export const PAUSES: Pauses = { first: 500, longest: 30_000 }
/** Asked for by the code, or not asked for at all: as a network that is gone. */
const LONGER = 4
/** Milliseconds after which a connection was a good one, and the next pause begins small again. */
const CALM = 10_000

type ReturnAdvice = 'at once' | 'after a pause' | 'not'

/** What the range of a close code says, also of codes that this client does not know (docs/PROTOCOL.md). */
export function returnAdviceFor(code: number): ReturnAdvice {
  if (code >= 4400 && code <= 4999) return 'not'
  return code >= 4000 && code < 4200 ? 'at once' : 'after a pause'
}

export class Backoff {
  readonly #pauses: Pauses
  #failures = 0

  constructor(pauses: Pauses) {
    this.#pauses = pauses
  }

  /**
   * @param code of the close frame, 1006 when there was none
   * @param lived milliseconds for which the connection was live
   * @returns milliseconds to wait, or undefined: do not come back
   */
  next(code: number, lived: number): number | undefined {
    const how = returnAdviceFor(code)
    if (how === 'not') return undefined
    if (lived >= CALM) this.#failures = 0
    const ceiling = this.#pauses.first * (how === 'after a pause' ? LONGER : 1) * 2 ** this.#failures++
    return Math.random() * Math.min(ceiling, this.#pauses.longest)
  }
}
