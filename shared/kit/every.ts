// Does something again and again in one process, never twice at once, and survives its failures.

import type { House } from './house.ts'
import { troubleTeller } from './trouble.ts'

/** @returns how to stop it, resolved when the run under way is over */
export function every(house: House, what: string, milliseconds: number, run: () => Promise<void>): () => Promise<void> {
  const warn = troubleTeller(house)
  let current: Promise<void> | undefined
  const timer = setInterval(() => {
    current ??= run()
      .catch((error: unknown) => warn({ err: error }, `${what} failed; it will be tried again`))
      .finally(() => { current = undefined })
  }, milliseconds)
  return async () => {
    clearInterval(timer)
    await current
  }
}
