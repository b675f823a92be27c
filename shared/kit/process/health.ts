// Is this process fit to serve? /livez: it answers at all. /readyz: Postgres, Redis and the queues do. /version: which it is.

import { createHash, timingSafeEqual } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { poolUseOf, rowsOf } from '../store/db.ts'
import { countQueues, readOutboxAge, readQueueLags } from './backlog.ts'
import type { Config } from './config.ts'
import type { Runtime } from './runtime.ts'
import { holdsLease } from '../store/lease.ts'
import { mustAnswer, readRedisMemory } from '../store/redis.ts'
import { MINUTE } from '../time/time.ts'
import type { Metrics } from './metrics.ts'
import { VERSION } from './version.ts'

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

export const OPERATIONS_PATHS = ['/livez', '/readyz', '/version', '/metrics'] as const
type OperationsPath = (typeof OPERATIONS_PATHS)[number]

interface Also {
  /** What this process looks at besides; each is 'ok' or says what is wrong. */
  checks?: () => Record<string, string>
  /** What somebody should look at although this process is ready. */
  warnings?: () => Promise<string[]>
  /** What waits, beside jobs and events; of a process that has it, for of all that have it one tells what waits. */
  backlog?: () => Promise<void>
}

export async function operationsPage(
  runtime: Runtime,
  path: OperationsPath,
  authorization = '',
  also: Also = {},
): Promise<HttpAnswer> {
  if (path === '/livez') return jsonAnswer(200, { status: 'ok' })
  if (path === '/version') return jsonAnswer(200, { version: VERSION, node: process.versions.node })
  if (path === '/readyz') {
    const [found, warnings] = await Promise.all([checkAll(runtime), also.warnings?.() ?? []])
    const checks = { ...found, ...also.checks?.() }
    const ready = Object.values(checks).every((each) => each === 'ok')
    return jsonAnswer(ready ? 200 : 503, { ready, checks, warnings })
  }
  if (!mayReadMetrics(runtime.config, authorization))
    return { ...jsonAnswer(401, {}), headers: { 'WWW-Authenticate': 'Bearer' } }
  await measure(runtime, also)
  return {
    status: 200,
    headers: { 'Content-Type': runtime.metrics.registry.contentType },
    body: await runtime.metrics.registry.metrics(),
  }
}

export function jsonAnswer(status: number, body: object): HttpAnswer {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
}

/** In production nobody may unless there is a token: a port that was meant for machines inside is open sooner than one thinks. */
function mayReadMetrics({ METRICS_TOKEN, NODE_ENV }: Config, authorization: string): boolean {
  if (METRICS_TOKEN === undefined) return NODE_ENV !== 'production'
  return isSame(authorization, `Bearer ${METRICS_TOKEN}`)
}

/** In a time that says nothing about where they differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

async function checkAll(runtime: Runtime): Promise<Record<string, string>> {
  const [postgres, redis, queues] = await Promise.all([
    verdict(runtime.probe.raw('select 1')),
    verdict(mustHold(runtime)),
    verdict(mustKeepUp(runtime)),
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
    return await Promise.race([
      asked.then(() => 'ok'),
      pause(PATIENCE, 'unavailable', { signal: tired.signal }),
    ])
  } catch (error) {
    return error instanceof Behind ? error.message : 'unavailable'
  } finally {
    tired.abort()
  }
}

class Behind extends Error {}

async function mustHold({ redis }: Runtime): Promise<void> {
  await mustAnswer(redis)
  const { evictingPolicy: policy } = await readRedisMemory(redis)
  if (policy !== undefined) throw new Behind(`may throw away jobs: maxmemory-policy is ${policy}`)
}

async function mustKeepUp(runtime: Runtime): Promise<void> {
  const lag = await lagSeconds(runtime)
  if (lag > MOST_LAG_SECONDS) throw new Behind(`behind by ${Math.round(lag)} s`)
}

/** Age of the oldest job that should have been done: what people wait for, whatever it waits for itself. */
async function lagSeconds(runtime: Runtime): Promise<number> {
  const [row] = await rowsOf<{ lag: number }>(
    runtime.probe,
    `select coalesce(extract(epoch from :now::timestamptz - min(coalesce(due_at, created_at))), 0)::float as lag
     from jobs where failed_at is null and (due_at is null or due_at < :now)`,
    { now: runtime.clock.now() },
  )
  return row?.lag ?? 0
}

/** Milliseconds without a look after which another process tells what waits: two looks of a collector. */
const BACKLOG_LEASE = MINUTE

/** Gauges that only a look can tell, taken when somebody asks for metrics. What waits is the same for all, and told by one. */
async function measure(runtime: Runtime, { backlog }: Also): Promise<void> {
  const { metrics, redis, config, db } = runtime
  metrics.databaseConnections.set({ state: 'used' }, poolUseOf(db).used)
  metrics.databaseConnections.set({ state: 'waiting' }, poolUseOf(db).waiting)
  if (!backlog) return
  // While Redis is away each tells it, for it is worth more than that it is told once.
  const lease = holdsLease(redis, config, { name: 'backlog', length: BACKLOG_LEASE })
  if (!(await lease.catch(() => true))) return forgetBacklog(metrics)
  await Promise.all([measureQueues(runtime), measureLag(runtime), backlog()])
}

function forgetBacklog({ queueDepth, queueLag, outboxAge, approvalsOverdue }: Metrics): void {
  queueDepth.reset()
  queueLag.reset()
  outboxAge.remove()
  approvalsOverdue.remove()
}

async function measureQueues(runtime: Runtime): Promise<void> {
  const { metrics } = runtime
  const counted = await countQueues(runtime).catch(() => [])
  metrics.queueDepth.reset()
  for (const { name, counts } of counted)
    for (const [state, count] of Object.entries(counts)) metrics.queueDepth.set({ queue: name, state }, count)
}

async function measureLag(runtime: Runtime): Promise<void> {
  const { metrics } = runtime
  const lags = await readQueueLags(runtime)
  metrics.queueLag.reset()
  for (const { queue, lag } of lags) metrics.queueLag.set({ queue }, lag)
  metrics.outboxAge.set(await readOutboxAge(runtime))
}
