// Two things at the same moment, on purpose: one is held where it stands until the other has come as far as it can.

import { rowsOf } from '../../shared/kit/store/db.ts'
import { until } from './until.ts'
import type { World } from './world.ts'

export interface Gate {
  opened: Promise<void>
  open(): void
}

export function gate(): Gate {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/** Waits until `other` is over or waits for a lock that somebody holds. */
export async function untilItWaits(w: World, other: Promise<unknown>): Promise<void> {
  let isOver = false
  const over = (): void => {
    isOver = true
  }
  void other.then(over, over)
  await until('the other one waits', async () => {
    const waiting = await rowsOf(
      w.owner,
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return isOver || waiting.length > 0
  })
}
