// Is this process fit to serve? /livez: it answers at all. /readyz: Postgres, Redis and the queues do.

import { rowsOf } from './db.ts'
import type { House } from './house.ts'

export interface Readiness {
  ready: boolean
  checks: Record<string, string>
}

/** A queue that is behind by this much makes its whole deployment unready for new work to be routed in time. */
const MOST_LAG_SECONDS = 60

export async function checkReadiness(house: House): Promise<Readiness> {
  const checks = {
    postgres: await verdict(() => house.db.raw('select 1')),
    redis: await verdict(() => house.redis.ping()),
    queues: await verdict(() => mustKeepUp(house)),
  }
  return { ready: Object.values(checks).every((each) => each === 'ok'), checks }
}

async function verdict(check: () => PromiseLike<unknown>): Promise<string> {
  try {
    await check()
    return 'ok'
  } catch (error) {
    return error instanceof Error && error.message.startsWith('behind') ? error.message : 'unavailable'
  }
}

async function mustKeepUp(house: House): Promise<void> {
  const lag = await lagSeconds(house)
  if (lag > MOST_LAG_SECONDS) throw new Error(`behind by ${Math.round(lag)} s`)
}

/** Age of the oldest job that should have been done: what people wait for, whatever it waits for itself. */
async function lagSeconds(house: House): Promise<number> {
  const [row] = await rowsOf<{ lag: number }>(house.db,
    `select coalesce(extract(epoch from :now::timestamptz - min(coalesce(due_at, created_at))), 0)::float as lag from jobs where due_at is null or due_at < :now`,
    { now: house.clock.now() })
  return row?.lag ?? 0
}

/** Gauges that only a look can tell, taken when somebody asks for metrics. */
export async function measure(house: House): Promise<void> {
  await Promise.all(house.queues.all.map(async (queue) => {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed')
    for (const [state, count] of Object.entries(counts)) house.metrics.queueDepth.set({ queue: queue.name, state }, count)
  }))
  const lags = await rowsOf<{ queue: string; lag: number }>(house.db,
    `select split_part(name, '.', 1) as queue, extract(epoch from :now::timestamptz - min(coalesce(due_at, created_at)))::float as lag
     from jobs where due_at is null or due_at < :now group by 1`,
    { now: house.clock.now() })
  house.metrics.queueLag.reset()
  for (const { queue, lag } of lags) house.metrics.queueLag.set({ queue }, lag)
  const [outbox] = await rowsOf<{ age: number }>(house.db,
    `select coalesce(extract(epoch from clock_timestamp() - least(
       (select min(created_at) from jobs where shipped_at is null), (select min(created_at) from outbox))), 0)::float as age`)
  house.metrics.outboxAge.set(outbox?.age ?? 0)
}
