// Alive means that jobs get done. A process whose queues stand still although there is work is deaf, whatever its
// connections say: it ends, and its supervisor starts another. So does one that nobody answers although the server does
// answer somebody who comes new. While the server itself is away nobody ends: that would help nobody.

import { repeatEvery } from '../shared/kit/process/repeat.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import type { Queue } from '../shared/kit/store/queue.ts'
import { answersAgain } from '../shared/kit/store/redis.ts'

const LOOK = 10_000
const PATIENCE = 30_000

/** @param look milliseconds between two looks */
export function startLiveness(
  runtime: Runtime,
  queues: readonly string[],
  die: () => void,
  { look, patience } = { look: LOOK, patience: PATIENCE },
): () => Promise<void> {
  const stuckSince = new Map<string, number>()
  const now = (): number => runtime.clock.now().getTime()
  const hasLasted = (what: string): boolean => {
    const since = stuckSince.get(what) ?? now()
    stuckSince.set(what, since)
    return now() - since >= patience
  }
  const end = (fields: object, why: string): void => {
    runtime.log.fatal(fields, why)
    die()
  }

  return repeatEvery(runtime, 'liveness', look, async () => {
    try {
      for (const name of queues) {
        if (!(await isStuck(runtime, runtime.queues.get(name)))) stuckSince.delete(name)
        else if (hasLasted(name)) end({ queue: name }, 'the queue stands still although jobs wait')
      }
      stuckSince.delete(UNANSWERED)
    } catch (error) {
      if (hasLasted(UNANSWERED) && (await answersAgain(runtime.config)))
        end({ err: error }, 'Redis answers others, and not this process')
      throw error
    }
  })
}

/** No queue is called so. */
const UNANSWERED = ''

/** Jobs are due, and nobody works on any. */
async function isStuck(runtime: Runtime, queue: Queue): Promise<boolean> {
  const [overdue, { waiting = 0, prioritized = 0, active = 0 }] = await Promise.all([
    queue.getDelayedCount(runtime.clock.now().getTime() - PATIENCE),
    queue.getJobCounts('waiting', 'prioritized', 'active'),
  ])
  return active === 0 && overdue + waiting + prioritized > 0
}
