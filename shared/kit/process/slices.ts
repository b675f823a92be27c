// Work of which nobody knows beforehand how much it is: done in slices, so that everything else of the process has its turns.

import { setImmediate as turn } from 'node:timers/promises'

/** Milliseconds. */
const SLICE = 5

/** @param work yields wherever it may be interrupted */
export async function inSlices<Result>(work: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    const end = performance.now() + SLICE
    do {
      const { done, value } = work.next()
      if (done) return value
    } while (performance.now() < end)
    await turn()
  }
}

/** In one piece: where nobody waits. */
export function inOnePiece<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}
