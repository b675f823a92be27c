// Topics for connections that the transport has none for: server-sent events, Socket.IO. Frames go out as they are.

import type { Connection, Publish } from './connection.ts'

export class Topics {
  readonly #listeners = new Map<string, Set<Pick<Connection, 'send'>>>()

  subscribe(channel: string, connection: Pick<Connection, 'send'>): void {
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners.add(connection))
  }

  unsubscribe(channel: string, connection: Pick<Connection, 'send'>): void {
    const listeners = this.#listeners.get(channel)
    if (listeners?.delete(connection) && listeners.size === 0) this.#listeners.delete(channel)
  }

  publish: Publish = (channel, frame) => {
    const listeners = this.#listeners.get(channel)
    for (const listener of listeners ?? []) listener.send(frame)
    return listeners?.size ?? 0
  }
}
