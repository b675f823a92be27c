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

/** Seconds that the oldest job or event waits that was not handed to Redis. Alarms of later are rows alone, and wait for nothing. */
export async function readOutboxAge({ probe, clock }: Runtime): Promise<number> {
  const [outbox] = await rowsOf<{ age: number }>(
    probe,
    `select greatest(0,
       extract(epoch from clock_timestamp() - least(
         (select created_at from jobs where shipped_at is null and ${UNDATED} order by created_at limit 1),
         (select min(created_at) from outbox))),
       extract(epoch from :now::timestamptz -
         (select due_at from jobs where shipped_at is null and not ${UNDATED} and ${DUE} <= :now order by ${DUE} limit 1)))::float as age`,
    { now: clock.now() },
  )
  return outbox?.age ?? 0
}

/** As the index of what is not handed over has it. */
const DUE = `coalesce(due_at, '-infinity')`
const UNDATED = `${DUE} = '-infinity'`
