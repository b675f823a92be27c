// Who wants to hear which events.

import type { EventFrame, EventMap } from './wire.ts'

export type About = Omit<EventFrame, 't' | 'data'>

export type Handle<Data> = (data: Data, about: About) => void

interface Listener {
  handle(data: unknown, about: About): void
}

const ANY = '*'

export class Listeners {
  readonly #byEvent = new Map<string, Set<Listener>>()

  /** @returns what ends it */
  on<Name extends keyof EventMap>(event: Name, handle: Handle<EventMap[Name]>): () => void {
    return this.#add(event, { handle })
  }

  onAny(handle: Handle<unknown>): () => void {
    return this.#add(ANY, { handle })
  }

  tell({ t: _, data, ...about }: EventFrame): void {
    for (const listener of [...this.#byEvent.get(about.ev) ?? [], ...this.#byEvent.get(ANY) ?? []]) guard(() => listener.handle(data, about))
  }

  #add(event: string, listener: Listener): () => void {
    const listeners = this.#byEvent.get(event) ?? new Set()
    this.#byEvent.set(event, listeners.add(listener))
    return () => void listeners.delete(listener)
  }
}

/** What a callback throws is for its page to hear of, and must not keep anybody from what follows. */
export function guard(callback: () => void): void {
  try {
    callback()
  } catch (error) {
    queueMicrotask(() => { throw error })
  }
}
