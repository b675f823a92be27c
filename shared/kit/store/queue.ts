// BullMQ, the only importer. A queue is transport: what is to be done stands in the table `jobs` until it is done.

import { DelayedError, Queue, UnrecoverableError, WaitingError, Worker, type Job as QueuedJob } from 'bullmq'
import type { Clock } from '../process/clock.ts'
import type { Config } from '../process/config.ts'
import { QUEUES, type JobRow, type QueueName } from '../declare/job.ts'
import { redactPayload } from '../text/redact.ts'
import type { Redis } from './redis.ts'
import { ALARMS_AHEAD, LAST_PLACE, FairTurns } from './turns.ts'

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
  missing<R extends Pick<JobRow, 'id' | 'name' | 'dueAt'>>(rows: readonly R[]): Promise<R[]>
  /** Where these jobs lie: a job's own hash may outlive the lists and sets that would ring it. Asks more than `missing`. */
  statesOf(rows: readonly Pick<JobRow, 'id' | 'name'>[]): Promise<string[]>
  /** Which places delayed jobs of this queue will have when they ring; those that are gone are passed over. */
  place(queue: string, jobs: readonly { id: string; place: number }[]): Promise<void>
  /** When a delayed job will ring; undefined: it is not delayed. */
  ringsAt(row: Pick<JobRow, 'id' | 'name'>): Promise<Date | undefined>
  /** @returns the queues of which Redis has lost the sign that it is whole, or never had one */
  beginSweep(): Promise<string[]>
  /** Sets the sign, unless Redis lost something again meanwhile. */
  endSweep(queues: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** A key beside those of each queue that is there as long as Redis has lost none of them. */
const SIGN = 'sign'
const WHOLE = 'whole'
/** BullMQ keeps the milliseconds of a delayed job above twelve bits of a counter. */
const DELAYED_UNIT = 0x1000

// BullMQ reads the priority when it moves a job from the delayed ones to those that wait. Nothing is made of a job that is done.
//   KEYS  hash of each job
//   ARGV  its priority, in the same order
const SET_PRIORITIES = `
  for at, key in ipairs(KEYS) do
    if redis.call('exists', key) == 1 then redis.call('hset', key, 'priority', ARGV[at]) end
  end`

type Settings = Pick<Config, 'BULLMQ_PREFIX'>

/** One hash tag per queue: a queue's keys share a slot, and queues spread over a cluster. */
export const queuePrefix = ({ BULLMQ_PREFIX }: Settings, queue: string): string =>
  `{${BULLMQ_PREFIX}.${queue}}`
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

  // Jobs that stand back lie in a sorted set, their priority above the 32 bits of a counter.
  const turns = new FairTurns(async (name) => {
    const [, score] = await redis.zrange(get(name).toKey('prioritized'), '0', '0', 'WITHSCORES')
    return score === undefined ? undefined : Math.floor(Number(score) / 2 ** 32)
  })

  return {
    all,
    get,
    async add(rows) {
      const timestamp = clock.now().getTime()
      const toQueued = (row: JobRow) => {
        const delay = row.dueAt ? Math.max(0, row.dueAt.getTime() - timestamp) : 0
        return {
          name: row.name,
          data: {
            payload: redactPayload(row.payload),
            requestId: row.requestId,
            orgId: row.orgId,
          } satisfies JobData,
          // Which place it will have when an alarm rings, nobody knows before it is about to.
          opts: {
            jobId: row.id,
            timestamp,
            delay,
            priority: delay > ALARMS_AHEAD ? 0 : turns.take(queueOf(row.name), row.orgId),
          },
        }
      }
      await Promise.all(
        all.map(async (queue) => {
          const [first, ...others] = rows.filter((row) => queueOf(row.name) === queue.name).map(toQueued)
          // Mostly there is one, and a transaction around it would be two commands more.
          if (first && others.length === 0) await queue.add(first.name, first.data, first.opts)
          else if (first) await queue.addBulk([first, ...others])
        }),
      )
    },
    async missing(rows) {
      const now = clock.now()
      const knows = async ({ id, name, dueAt }: Pick<JobRow, 'id' | 'name' | 'dueAt'>): Promise<boolean> => {
        const queue = get(queueOf(name))
        // An alarm that is not due lies among the delayed; its hash alone would never ring it.
        if (dueAt && dueAt > now && (await redis.zscore(queue.toKey('delayed'), id)) !== null) return true
        return (
          (await redis.exists(queue.toKey(id))) === 1 &&
          (!dueAt || dueAt <= now || (await queue.getJobState(id)) !== 'unknown')
        )
      }
      const known = await Promise.all(rows.map(knows))
      return rows.filter((_, at) => !known[at])
    },
    async place(name, jobs) {
      const queue = get(name)
      const keys = jobs.map(({ id }) => queue.toKey(id))
      await redis.eval(
        SET_PRIORITIES,
        keys.length,
        ...keys,
        ...jobs.map(({ place }) => String(Math.min(LAST_PLACE, place))),
      )
    },
    async ringsAt({ id, name }) {
      const score = await redis.zscore(get(queueOf(name)).toKey('delayed'), id)
      return score === null ? undefined : new Date(Math.floor(Number(score) / DELAYED_UNIT))
    },
    async beginSweep() {
      const signs = await Promise.all(all.map((queue) => redis.get(queue.toKey(SIGN))))
      const emptied = all.filter((_, at) => signs[at] !== WHOLE)
      await Promise.all(emptied.map((queue) => redis.set(queue.toKey(SIGN), 'swept')))
      return emptied.map(({ name }) => name)
    },
    async endSweep(queues) {
      await Promise.all(queues.map((name) => redis.set(get(name).toKey(SIGN), WHOLE, 'XX')))
    },
    statesOf: (rows) => Promise.all(rows.map(({ id, name }) => get(queueOf(name)).getJobState(id))),
    async close() {
      await Promise.all(all.map((queue) => queue.close()))
    },
  }
}
