// Alive means that jobs get done. A process whose queues stand still although there is work is deaf, whatever its
// connections say: it ends, and its supervisor starts another.

import { every } from '../shared/kit/every.ts'
import type { House } from '../shared/kit/house.ts'
import type { Queue } from '../shared/kit/queue.ts'

const LOOK = 10_000
const PATIENCE = 30_000

export function startLiveness(house: House, queues: readonly string[], die: () => void): () => Promise<void> {
  const stuckSince = new Map<string, number>()
  return every(house, 'liveness', LOOK, async () => {
    if (house.redis.status !== 'ready') return
    for (const name of queues) {
      if (!(await isStuck(house, house.queues.get(name)))) { stuckSince.delete(name); continue }
      const since = stuckSince.get(name) ?? house.clock.now().getTime()
      stuckSince.set(name, since)
      if (house.clock.now().getTime() - since < PATIENCE) continue
      house.log.fatal({ queue: name }, 'the queue stands still although jobs wait')
      die()
    }
  })
}

/** Jobs are due, and nobody works on any. */
async function isStuck(house: House, queue: Queue): Promise<boolean> {
  const [overdue, { waiting = 0, active = 0 }] = await Promise.all([
    queue.getDelayedCount(house.clock.now().getTime() - PATIENCE),
    queue.getJobCounts('waiting', 'active'),
  ])
  return active === 0 && (overdue > 0 || waiting > 0)
}
