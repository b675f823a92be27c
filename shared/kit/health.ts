// Is this process fit to serve? /livez: it answers at all. /readyz: Postgres, Redis and the queues do.

import { createHash, timingSafeEqual } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { rowsOf } from './db.ts'
import type { House } from './house.ts'
import { findEvictingPolicy, mustAnswer } from './redis.ts'

export interface Page {
  status: number
  headers: Record<string, string>
  body: string
}

export const OPERATIONS_PATHS = ['/livez', '/readyz', '/metrics'] as const
export type OperationsPath = (typeof OPERATIONS_PATHS)[number]

/** @param more what this process looks at besides; each is 'ok' or says what is wrong */
export async function operationsPage(house: House, path: OperationsPath, authorization = '', more: () => Record<string, string> = () => ({})): Promise<Page> {
  if (path === '/livez') return json(200, { status: 'ok' })
  if (path === '/readyz') {
    const checks = { ...await checkAll(house), ...more() }
    const ready = Object.values(checks).every((each) => each === 'ok')
    return json(ready ? 200 : 503, { ready, checks })
  }
  const { METRICS_TOKEN } = house.config
  if (METRICS_TOKEN !== undefined && !isSame(authorization, `Bearer ${METRICS_TOKEN}`)) return { ...json(401, {}), headers: { 'WWW-Authenticate': 'Bearer' } }
  await measure(house)
  return { status: 200, headers: { 'Content-Type': house.metrics.registry.contentType }, body: await house.metrics.registry.metrics() }
}

export function json(status: number, body: object): Page {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
}

/** In a time that says nothing about where they differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

async function checkAll(house: House): Promise<Record<string, string>> {
  const [postgres, redis, queues] = await Promise.all([
    verdict(house.probe.raw('select 1')),
    verdict(mustHold(house)),
    verdict(mustKeepUp(house)),
  ])
  return { postgres, redis, queues }
}

/** Milliseconds in which each server has to say that it is there: whoever asks has a deadline, too. */
const PATIENCE = 1000
/** A queue that is behind by this much makes its whole deployment unready for new work to be routed in time. */
const MOST_LAG_SECONDS = 60

async function verdict(asked: PromiseLike<unknown>): Promise<string> {
  const tired = new AbortController()
  try {
    return await Promise.race([asked.then(() => 'ok'), pause(PATIENCE, 'unavailable', { signal: tired.signal })])
  } catch (error) {
    return error instanceof Behind ? error.message : 'unavailable'
  } finally {
    tired.abort()
  }
}

class Behind extends Error {}

async function mustHold({ redis }: House): Promise<void> {
  await mustAnswer(redis)
  const policy = await findEvictingPolicy(redis)
  if (policy !== undefined) throw new Behind(`may throw away jobs: maxmemory-policy is ${policy}`)
}

async function mustKeepUp(house: House): Promise<void> {
  const lag = await lagSeconds(house)
  if (lag > MOST_LAG_SECONDS) throw new Behind(`behind by ${Math.round(lag)} s`)
}

/** Age of the oldest job that should have been done: what people wait for, whatever it waits for itself. */
async function lagSeconds(house: House): Promise<number> {
  const [row] = await rowsOf<{ lag: number }>(house.probe,
    `select coalesce(extract(epoch from :now::timestamptz - min(coalesce(due_at, created_at))), 0)::float as lag
     from jobs where failed_at is null and (due_at is null or due_at < :now)`,
    { now: house.clock.now() })
  return row?.lag ?? 0
}

/** Gauges that only a look can tell, taken when somebody asks for metrics. */
async function measure(house: House): Promise<void> {
  await Promise.all(house.queues.all.map(async (queue) => {
    const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed')
    for (const [state, count] of Object.entries(counts)) house.metrics.queueDepth.set({ queue: queue.name, state }, count)
  }))
  const lags = await rowsOf<{ queue: string; lag: number }>(house.probe,
    `select split_part(name, '.', 1) as queue, extract(epoch from :now::timestamptz - min(coalesce(due_at, created_at)))::float as lag
     from jobs where failed_at is null and (due_at is null or due_at < :now) group by 1`,
    { now: house.clock.now() })
  house.metrics.queueLag.reset()
  for (const { queue, lag } of lags) house.metrics.queueLag.set({ queue }, lag)
  const [outbox] = await rowsOf<{ age: number }>(house.probe,
    `select coalesce(extract(epoch from clock_timestamp() - least(
       (select min(created_at) from jobs where shipped_at is null), (select min(created_at) from outbox))), 0)::float as age`)
  house.metrics.outboxAge.set(outbox?.age ?? 0)
}
