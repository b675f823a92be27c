// Ships what its own process could not: it died between commit and enqueue, or Redis was away.

import type { Runtime } from '../shared/kit/process/runtime.ts'
import { repeatEvery } from '../shared/kit/process/repeat.ts'

const INTERVAL = 500
/** Younger rows are being shipped by whoever committed them. */
const GRACE = 2000

export function startRelay(runtime: Runtime): () => Promise<void> {
  return repeatEvery(runtime, 'relay', INTERVAL, async () => {
    for (
      let shipped = await runtime.outbox.sweep(GRACE);
      shipped > 0;
      shipped = await runtime.outbox.sweep(GRACE)
    ) {
      runtime.metrics.reshipped.inc({ by: 'sweep' }, shipped)
      runtime.log.info({ shipped }, 'shipped what was left behind')
    }
  })
}
