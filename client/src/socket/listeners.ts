// Who wants to hear which events.

import type { ClientEventFrame, EventMap } from './wire.ts'

export type EventContext = Omit<ClientEventFrame, 't' | 'data'>

export type Handle<Data> = (data: Data, about: EventContext) => void

interface Listener {
  handle(data: unknown, about: EventContext): void
}

const ANY = '*'

export class EventListeners {
  readonly #byEvent = new Map<string, Set<Listener>>()

  /** @returns what ends it */
  on<Name extends keyof EventMap>(event: Name, handle: Handle<EventMap[Name]>): () => void {
    return this.#add(event, { handle })
  }

  onAny(handle: Handle<unknown>): () => void {
    return this.#add(ANY, { handle })
  }

  tell({ t: _, data, ...about }: ClientEventFrame): void {
    for (const listener of [...(this.#byEvent.get(about.ev) ?? []), ...(this.#byEvent.get(ANY) ?? [])])
      callSafely(() => listener.handle(data, about))
  }

  #add(event: string, listener: Listener): () => void {
    const listeners = this.#byEvent.get(event) ?? new Set()
    this.#byEvent.set(event, listeners.add(listener))
    return () => void listeners.delete(listener)
  }
}

/** What a callback throws is for its page to hear of, and must not keep anybody from what follows. */
export function callSafely(callback: () => void): void {
  try {
    callback()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
