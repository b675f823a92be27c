// BullMQ, the only importer. A queue is transport: what is to be done stands in the table `jobs` until it is done.

import { DelayedError, Queue, UnrecoverableError, WaitingError, Worker, type Job as QueuedJob } from 'bullmq'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { QUEUES, type JobRow, type QueueName } from './job.ts'
import type { Redis } from './redis.ts'

export type { Queue, QueuedJob }
export { DelayedError, UnrecoverableError, WaitingError, Worker }

const DAY_SECONDS = 24 * 3600

const JOB_OPTIONS = {
  attempts: 6,
  backoff: { type: 'exponential', delay: 2000, jitter: 0.5 },
  // Long enough for an operator to see what happened, short enough for Redis to stay small.
  removeOnComplete: { age: DAY_SECONDS, count: 1000 },
  removeOnFail: false,
} as const

/** For people who look at the board and for logs; what is carried out is the row. */
export interface JobData {
  payload: unknown
  requestId: string
  /** Absent in what an older release handed over. */
  orgId?: string | null
}

export interface Queues {
  all: readonly Queue[]
  get(name: string): Queue
  /** Hands jobs to Redis. Handing one over twice is harmless: its id is the row's. */
  add(rows: readonly JobRow[]): Promise<void>
  /** Which of these jobs Redis does not know any more. */
  missing(rows: readonly Pick<JobRow, 'id' | 'name'>[]): Promise<string[]>
  close(): Promise<void>
}

type Settings = Pick<Config, 'BULLMQ_PREFIX'>

/** One hash tag per queue: a queue's keys share a slot, and queues spread over a cluster. */
export const queuePrefix = ({ BULLMQ_PREFIX }: Settings, queue: string): string => `{${BULLMQ_PREFIX}.${queue}}`
export const queueOf = (jobName: string): string => jobName.slice(0, jobName.indexOf('.'))

export function openQueues(redis: Redis, clock: Clock, settings: Settings): Queues {
  const open = (name: QueueName): Queue => {
    const queue = new Queue(name, {
      connection: redis,
      prefix: queuePrefix(settings, name),
      skipWaitingForReady: true,
      skipVersionCheck: true,
      streams: { events: { maxLen: 1000 } },
      defaultJobOptions: JOB_OPTIONS,
    })
    // The failed command itself tells whoever asked; the bare event would end the process.
    queue.on('error', () => undefined)
    return queue
  }
  const all = QUEUES.map(open)
  const get = (name: string): Queue => {
    const found = all.find((queue) => queue.name === name)
    if (!found) throw new Error(`There is no queue ${name}.`)
    return found
  }

  return {
    all,
    get,
    async add(rows) {
      const timestamp = clock.now().getTime()
      const toQueued = (row: JobRow) => ({
        name: row.name,
        data: { payload: row.payload, requestId: row.requestId, orgId: row.orgId } satisfies JobData,
        opts: { jobId: row.id, timestamp, delay: row.dueAt ? Math.max(0, row.dueAt.getTime() - timestamp) : 0 },
      })
      await Promise.all(all.map(async (queue) => {
        const [first, ...others] = rows.filter((row) => queueOf(row.name) === queue.name).map(toQueued)
        // Mostly there is one, and a transaction around it would be two commands more.
        if (first && others.length === 0) await queue.add(first.name, first.data, first.opts)
        else if (first) await queue.addBulk([first, ...others])
      }))
    },
    async missing(rows) {
      const found = await Promise.all(rows.map((row) => redis.exists(get(queueOf(row.name)).toKey(row.id))))
      return rows.filter((_, at) => found[at] === 0).map((row) => row.id)
    },
    async close() {
      await Promise.all(all.map((queue) => queue.close()))
    },
  }
}
