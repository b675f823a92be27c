// What every contender's server process tells the bench that started it: when it is ready, what it used, what it holds.

export type Ask = 'usage' | 'memory'

export interface Usage {
  /** Microseconds of processor, user and system. */
  cpu: number
}

export interface Holding {
  /** Bytes, after collecting garbage. */
  rss: number
  heap: number
}

/** Call it once the server listens. @param port where */
export function answerTheBench(port: number): void {
  process.on('message', (ask) => process.send?.(ask === 'memory' ? holding() : usage()))
  process.on('disconnect', () => process.exit())
  process.send?.(port)
}

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  return { cpu: user + system }
}

function holding(): Holding {
  for (let n = 0; n < 4; n++) globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, heap: heapUsed + external }
}
