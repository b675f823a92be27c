// Ships what its own process could not: it died between commit and enqueue, or Redis was away.

import type { House } from '../shared/kit/house.ts'
import { every } from '../shared/kit/every.ts'

const INTERVAL = 500
/** Younger rows are being shipped by whoever committed them. */
const GRACE = 2000

export function startRelay(house: House): () => Promise<void> {
  return every(house, 'relay', INTERVAL, async () => {
    for (let shipped = await house.outbox.sweep(GRACE); shipped > 0; shipped = await house.outbox.sweep(GRACE)) {
      house.metrics.reshipped.inc({ by: 'sweep' }, shipped)
      house.log.info({ shipped }, 'shipped what was left behind')
    }
  })
}
