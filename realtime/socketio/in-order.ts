// Acts in the order in which it was asked to, at once where nothing waits. What has to be looked up first holds up what
// comes after it, so that nobody is told an answer before its question.

export class InOrder {
  /** Characters of frames that wait. */
  waiting = 0
  #tail: Promise<void> | undefined

  /** @param size of what waits, where it has to @param failed what to do instead when the value cannot be had */
  run<T>(
    value: T | Promise<T>,
    size: number,
    act: (value: T) => void,
    failed: (error: unknown) => void,
  ): void {
    if (!this.#tail && !(value instanceof Promise)) return act(value)
    this.waiting += size
    // Listened to from here on: it may fail before its turn.
    const ready = Promise.resolve(value).then(
      (known) => () => act(known),
      (error: unknown) => () => failed(error),
    )
    const tail: Promise<void> = (this.#tail ?? Promise.resolve())
      .then(() => ready)
      .then((turn) => {
        this.waiting -= size
        if (this.#tail === tail) this.#tail = undefined
        turn()
      })
    this.#tail = tail
  }
}
