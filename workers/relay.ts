// Ships what its own process could not: it died between commit and enqueue, or Redis was away. Hands over alarms that ring soon.

import type { Runtime } from '../shared/kit/process/runtime.ts'
import { repeatEvery } from '../shared/kit/process/repeat.ts'

const INTERVAL = 500
/** Younger rows are being shipped by whoever committed them. */
const GRACE = 2000

export function startRelay(runtime: Runtime): () => Promise<void> {
  return repeatEvery(runtime, 'relay', INTERVAL, () => relayRows(runtime))
}

/** Until there is no more than one go takes: what comes meanwhile is for the next time. */
export async function relayRows(
  { outbox, metrics, log }: Pick<Runtime, 'outbox' | 'metrics' | 'log'>,
  grace = GRACE,
): Promise<void> {
  for (;;) {
    const { left, isMore } = await outbox.sweep(grace)
    metrics.reshipped.inc({ by: 'sweep' }, left)
    if (left > 0) log.info({ shipped: left }, 'shipped what was left behind')
    if (!isMore) return
  }
}
