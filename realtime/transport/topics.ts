// Topics for connections that their library has none for: server-sent events, Socket.IO, ws. Frames go out as they are.

interface Listener<Frame> {
  send(frame: Frame): void
}

export class Topics<Frame = string> {
  readonly #listeners = new Map<string, Set<Listener<Frame>>>()

  subscribe(channel: string, connection: Listener<Frame>): void {
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners.add(connection))
  }

  unsubscribe(channel: string, connection: Listener<Frame>): void {
    const listeners = this.#listeners.get(channel)
    if (listeners?.delete(connection) && listeners.size === 0) this.#listeners.delete(channel)
  }

  has(channel: string): boolean {
    return this.#listeners.has(channel)
  }

  /** @returns how many heard it */
  publish(channel: string, frame: Frame): number {
    const listeners = this.#listeners.get(channel)
    for (const listener of listeners ?? []) listener.send(frame)
    return listeners?.size ?? 0
  }
}
