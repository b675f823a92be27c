// Entries that were pushed and not yet taken. Bounded: whoever takes them too slowly finds some missing, and reads them in its own time.

import { setTimeout as pause } from 'node:timers/promises'
import type { LogEntry } from '../../shared/kit/store/stream.ts'

/** What is more waits in Redis, where it costs nothing. */
const MOST_BYTES = 4 * 1024 * 1024

export class PushInbox {
  /** By partition, in the order in which they came. */
  #waiting = new Map<number, LogEntry[]>()
  #bytes = 0
  #wake: (() => void) | undefined
  #isTimed = false

  put(partition: number, entries: LogEntry[], bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > MOST_BYTES) this.#waiting.clear()
    const before = this.#waiting.get(partition)
    if (before) before.push(...entries)
    else this.#waiting.set(partition, entries)
    this.wake()
  }

  takeAll(): ReadonlyMap<number, readonly LogEntry[]> {
    const taken = this.#waiting
    this.#waiting = new Map()
    this.#bytes = 0
    return taken
  }

  wake(): void {
    this.#wake?.()
  }

  /** Ends when something waits, when it is woken, and at the latest at that monotonic instant, or somewhat before. */
  async next(at: number): Promise<void> {
    if (this.#waiting.size > 0) return
    void this.#wakeAt(at)
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = undefined
  }

  /** One timer at a time, however much is pushed meanwhile. */
  async #wakeAt(at: number): Promise<void> {
    if (this.#isTimed) return
    this.#isTimed = true
    await pause(Math.max(1, at - performance.now()), undefined, { ref: false })
    this.#isTimed = false
    this.wake()
  }
}
