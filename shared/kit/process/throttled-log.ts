// Trouble that comes again and again, as of everybody who needs a server that is away.

import type { Runtime } from './runtime.ts'
import { plusMs, SECOND } from '../time/time.ts'

const QUIET = 10 * SECOND

/** Warns once in ten seconds, and says then how many warnings (`alike`) were left out before it. */
export function throttledWarning({
  log,
  clock,
}: Pick<Runtime, 'log' | 'clock'>): (fields: object, message: string) => void {
  let quietUntil = new Date(0)
  let alike = 0
  return (fields, message) => {
    const now = clock.now()
    if (now < quietUntil) {
      alike++
      return
    }
    log.warn(alike > 0 ? { ...fields, alike } : fields, message)
    quietUntil = plusMs(now, QUIET)
    alike = 0
  }
}
