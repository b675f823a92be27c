import { setTimeout as pause } from 'node:timers/promises'

export interface Steady {
  /** Resolved when the one under way is over. @throws what it threw */
  stop(): Promise<void>
}

/** Does something so many times a second, one after the other, until it is stopped. */
export function steadily(perSecond: number, act: () => Promise<void>): Steady {
  let isOver = false
  const since = performance.now()
  const running = (async () => {
    for (let done = 0; !isOver; done++) {
      await act()
      await pause(Math.max(0, since + (done * 1000) / perSecond - performance.now()))
    }
  })()
  // Whoever stops it hears of it.
  running.catch(() => undefined)
  return {
    async stop() {
      isOver = true
      await running
    },
  }
}
