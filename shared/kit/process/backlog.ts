// What waits in the whole installation: in its queues, and before them.

import { rowsOf } from '../store/db.ts'
import type { Runtime } from './runtime.ts'

const STATES = ['waiting', 'prioritized', 'active', 'delayed', 'failed'] as const

export function countQueues({
  queues,
}: Runtime): Promise<{ name: string; counts: Record<string, number> }[]> {
  return Promise.all(
    queues.all.map(async (queue) => ({ name: queue.name, counts: await queue.getJobCounts(...STATES) })),
  )
}

/** Seconds that the oldest job waits that should have begun; of queues in which one does. */
export function readQueueLags({ probe, clock }: Runtime): Promise<{ queue: string; lag: number }[]> {
  return rowsOf(
    probe,
    `select split_part(name, '.', 1) as queue, extract(epoch from :now::timestamptz - min(coalesce(due_at, created_at)))::float as lag
     from jobs where failed_at is null and (due_at is null or due_at < :now) group by 1`,
    { now: clock.now() },
  )
}

/** Seconds that the oldest job or event waits that was not handed to Redis. */
export async function readOutboxAge({ probe }: Runtime): Promise<number> {
  const [outbox] = await rowsOf<{ age: number }>(
    probe,
    `select coalesce(extract(epoch from clock_timestamp() - least(
       (select min(created_at) from jobs where shipped_at is null), (select min(created_at) from outbox))), 0)::float as age`,
  )
  return outbox?.age ?? 0
}
