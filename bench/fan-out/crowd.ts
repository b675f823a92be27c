// Many sockets of one contender, and how many of them have each event. An event is whole when the last one has it.

import type { RawSocket } from './raw-socket.ts'

const MOST_EVENTS = 2_000_000
/** Sockets that are being opened at a time. */
const AT_ONCE = 200

export class Crowd {
  readonly #sockets: RawSocket[] = []
  #arrivals = new Uint32Array(0)
  #whole: (event: number) => void = () => undefined

  get size(): number {
    return this.#sockets.length
  }

  /** Opens one for each of these people. */
  async grow(from: number, to: number, open: (person: number) => Promise<RawSocket>): Promise<void> {
    let next = from
    const one = async (): Promise<void> => {
      while (next < to) this.#sockets.push(await open(next++))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, one))
  }

  /** Counts events anew from 0. @param whole is told of each, in their order, once the last socket has it */
  count(whole: (event: number) => void): void {
    this.#arrivals = new Uint32Array(MOST_EVENTS)
    this.#whole = whole
    for (const socket of this.#sockets) socket.heard = this.#ear()
  }

  async disperse(): Promise<void> {
    await Promise.all(this.#sockets.splice(0).map((socket) => socket.end()))
  }

  #ear(): () => void {
    let next = 0
    return () => {
      const event = next++
      const arrived = (this.#arrivals[event] ?? 0) + 1
      this.#arrivals[event] = arrived
      if (arrived === this.#sockets.length) this.#whole(event)
    }
  }
}
