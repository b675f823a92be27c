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

/** Of all queues together, as their workers count them (workers/runner.ts). A queue that rests does not count on. */
async function readMinutes({ queues }: Runtime, what: 'completed' | 'failed'): Promise<number[]> {
  const all = await Promise.all(queues.all.map((queue) => queue.getMetrics(what, 0, MINUTES - 1)))
  const now = systemClock.now().getTime()
  return Array.from({ length: MINUTES }, (_, at) =>
    all.reduce((sum, { meta, data }) => {
      const rested = meta.prevTS > 0 ? Math.max(0, Math.floor((now - meta.prevTS) / MINUTE)) : MINUTES
      return sum + Number(data[MINUTES - 1 - at - rested] ?? 0)
    }, 0),
  )
}
