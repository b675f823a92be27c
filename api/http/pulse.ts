// How the installation does at this moment, for whoever operates it: requests of this process, queues of all.

import { randomUUID } from 'node:crypto'
import { countQueues, readOutboxAge, readQueueLags } from '../../shared/kit/process/backlog.ts'
import { systemClock } from '../../shared/kit/process/clock.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { MINUTE } from '../../shared/kit/time/time.ts'
import type { Pulse } from '../../shared/operations/schema.ts'

export type PulseReader = () => Promise<Pulse>

const MINUTES = 60

export function openPulse(runtime: Runtime): PulseReader {
  const process = randomUUID()
  return async () => {
    const [requests, counted, lags, outboxAge, done, failed] = await Promise.all([
      readRequests(runtime),
      countQueues(runtime),
      readQueueLags(runtime),
      readOutboxAge(runtime),
      readMinutes(runtime, 'completed'),
      readMinutes(runtime, 'failed'),
    ])
    const lagOf = (name: string): number => Math.max(0, lags.find(({ queue }) => queue === name)?.lag ?? 0)
    const queues = counted.map(({ name, counts }) => ({
      name,
      waiting: (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0),
      active: counts['active'] ?? 0,
      delayed: counts['delayed'] ?? 0,
      failed: counts['failed'] ?? 0,
      lag: lagOf(name),
    }))
    return { at: runtime.clock.now(), process, requests, queues, outboxAge, done, failed }
  }
}

async function readRequests({ metrics }: Runtime): Promise<Pulse['requests']> {
  const { values } = await metrics.requests.get()
  const sumOf = (part: string, isMeant = (_status: unknown): boolean => true): number =>
    values
      .filter(({ metricName, labels }) => metricName?.endsWith(part) && isMeant(labels.status))
      .reduce((sum, { value }) => sum + value, 0)
  return {
    count: sumOf('_count'),
    seconds: sumOf('_sum'),
    failed: sumOf('_count', (status) => Number(status) >= 500),
  }
}

/** Of all queues together, as their workers count them (workers/runner.ts). */
async function readMinutes({ queues }: Runtime, what: 'completed' | 'failed'): Promise<number[]> {
  const all = await Promise.all(queues.all.map((queue) => queue.getMetrics(what, 0, MINUTES - 1)))
  const each = all.map((counted) => countByMinute(counted, systemClock.now()))
  return Array.from({ length: MINUTES }, (_, at) => each.reduce((sum, counts) => sum + (counts[at] ?? 0), 0))
}

/**
 * BullMQ counts what is done in a minute by the calendar, and notes it down with the first job of a later one: of a queue that
 * rests, its last minute is what was counted since. @returns of each whole minute before now, oldest first
 */
export function countByMinute(
  { meta, data }: { meta: Record<'count' | 'prevCount' | 'prevTS', number>; data: readonly number[] },
  now: Date,
): number[] {
  const noted = [meta.count - meta.prevCount, ...data]
  const rested = Math.floor(now.getTime() / MINUTE) - Math.floor(meta.prevTS / MINUTE)
  return Array.from({ length: MINUTES }, (_, at) => noted[MINUTES - at - rested] ?? 0)
}
