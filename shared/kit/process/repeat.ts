// Does something again and again in one process, never twice at once, and survives its failures.

import type { Runtime } from './runtime.ts'
import { throttledWarning } from './throttled-log.ts'

/** @returns how to stop it, resolved when the run under way is over */
export function repeatEvery(
  runtime: Runtime,
  what: string,
  milliseconds: number,
  run: () => Promise<void>,
): () => Promise<void> {
  const warn = throttledWarning(runtime)
  let current: Promise<void> | undefined
  const timer = setInterval(() => {
    current ??= run()
      .catch((error: unknown) => warn({ err: error }, `${what} failed; it will be tried again`))
      .finally(() => {
        current = undefined
      })
  }, milliseconds)
  return async () => {
    clearInterval(timer)
    await current
  }
}
