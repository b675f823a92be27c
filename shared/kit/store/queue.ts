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
  /** Which of these jobs Redis does not know any more. A few commands for each queue, unless Redis knows some and not others. */
  missing<R extends Pick<JobRow, 'id' | 'name' | 'dueAt'>>(rows: readonly R[]): Promise<R[]>
  /** Whether Redis has nothing of any of these jobs. */
  hasNone(rows: readonly Pick<JobRow, 'id' | 'name'>[]): Promise<boolean>
  /** Takes away what is left of jobs that nothing would ring. @returns those of which nothing is left now: the others a worker holds */
  clear<R extends Pick<JobRow, 'id' | 'name'>>(rows: readonly R[]): Promise<R[]>
  /** Where these jobs lie: a job's own hash may outlive the lists and sets that would ring it. Asks more than `missing`. */
  statesOf(rows: readonly Pick<JobRow, 'id' | 'name'>[]): Promise<string[]>
  /** Which places delayed jobs of this queue will have when they ring; those that are gone are passed over. */
  place(queue: string, jobs: readonly { id: string; place: number }[]): Promise<void>
  /** When a delayed job will ring; undefined: it is not delayed. */
  ringsAt(row: Pick<JobRow, 'id' | 'name'>): Promise<Date | undefined>
  /** Whether one of the queues, in turn, still has its sign: a Redis that lost everything has none of them. */
  hasSign(turn: number): Promise<boolean>
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
  const all = QUEUES.map((name) => openQueue(redis, settings, name))
  const get = (name: string): Queue => {
    const found = all.find((queue) => queue.name === name)
    if (!found) throw new Error(`There is no queue ${name}.`)
    return found
  }
  const ofJob = (name: string): Queue => get(queueOf(name))
  const turns = openTurns(redis, get)

  return {
    all,
    get,
    async add(rows) {
      const toQueued = queuedAt(clock.now().getTime(), turns)
      await Promise.all(all.map((queue) => addTo(queue, rowsOfQueue(queue, rows).map(toQueued))))
    },
    async missing(rows) {
      const now = clock.now()
      const missing = all.map((queue) => missingOf(redis, queue, rowsOfQueue(queue, rows), now))
      return (await Promise.all(missing)).flat()
    },
    async clear(rows) {
      return (await Promise.all(all.map((queue) => clearOf(redis, queue, rowsOfQueue(queue, rows))))).flat()
    },
    place: (name, jobs) => setPlaces(redis, get(name), jobs),
    async ringsAt({ id, name }) {
      const score = await redis.zscore(ofJob(name).toKey('delayed'), id)
      return score === null ? undefined : new Date(Math.floor(Number(score) / DELAYED_UNIT))
    },
    ...sweeps(redis, all),
    statesOf: (rows) => Promise.all(rows.map(({ id, name }) => ofJob(name).getJobState(id))),
    async close() {
      await Promise.all(all.map((queue) => queue.close()))
    },
  }
}

function openQueue(redis: Redis, settings: Settings, name: QueueName): Queue {
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

function sweeps(
  redis: Redis,
  all: readonly Queue[],
): Pick<Queues, 'hasNone' | 'hasSign' | 'beginSweep' | 'endSweep'> {
  return {
    async hasNone(rows) {
      const found = all.map((queue) => hasAny(redis, queue, rowsOfQueue(queue, rows)))
      return (await Promise.all(found)).every((any) => !any)
    },
    async hasSign(turn) {
      const queue = all[turn % all.length]
      return !queue || (await redis.get(queue.toKey(SIGN))) === WHOLE
    },
    async beginSweep() {
      const signs = await Promise.all(all.map((queue) => redis.get(queue.toKey(SIGN))))
      const emptied = all.filter((_, at) => signs[at] !== WHOLE)
      await Promise.all(emptied.map((queue) => redis.set(queue.toKey(SIGN), 'swept')))
      return emptied.map(({ name }) => name)
    },
    async endSweep(names) {
      const swept = all.filter(({ name }) => names.includes(name))
      await Promise.all(swept.map((queue) => redis.set(queue.toKey(SIGN), WHOLE, 'XX')))
    },
  }
}

/** Jobs that stand back lie in a sorted set, their priority above the 32 bits of a counter. */
function openTurns(redis: Redis, get: (name: string) => Queue): FairTurns {
  return new FairTurns(async (name) => {
    const [, score] = await redis.zrange(get(name).toKey('prioritized'), '0', '0', 'WITHSCORES')
    return score === undefined ? undefined : Math.floor(Number(score) / 2 ** 32)
  })
}

type Queued = ReturnType<ReturnType<typeof queuedAt>>

/** How a row is handed over. @param timestamp milliseconds */
const queuedAt = (timestamp: number, turns: FairTurns) => (row: JobRow) => {
  const delay = row.dueAt ? Math.max(0, row.dueAt.getTime() - timestamp) : 0
  // Which place it will have when an alarm rings, nobody knows before it is about to.
  const priority = delay > ALARMS_AHEAD ? 0 : turns.take(queueOf(row.name), row.orgId)
  const data: JobData = { payload: redactPayload(row.payload), requestId: row.requestId, orgId: row.orgId }
  return { name: row.name, data, opts: { jobId: row.id, timestamp, delay, priority } }
}

async function addTo(queue: Queue, [first, ...others]: readonly Queued[]): Promise<void> {
  // Mostly there is one, and a transaction around it would be two commands more.
  if (first && others.length === 0) await queue.add(first.name, first.data, first.opts)
  else if (first) await queue.addBulk([first, ...others])
}

const rowsOfQueue = <R extends Pick<JobRow, 'name'>>(queue: Queue, rows: readonly R[]): R[] =>
  rows.filter(({ name }) => queueOf(name) === queue.name)

async function missingOf<R extends Pick<JobRow, 'id' | 'dueAt'>>(
  redis: Redis,
  queue: Queue,
  rows: readonly R[],
  now: Date,
): Promise<R[]> {
  // An alarm that is not due lies among the delayed; its hash alone would never ring it.
  const alarms = rows.filter(({ dueAt }) => dueAt && dueAt > now).map(({ id }) => id)
  const scores = alarms.length > 0 ? await redis.zmscore(queue.toKey('delayed'), ...alarms) : []
  const delayed = new Set(alarms.filter((_, at) => scores[at] !== null))
  const suspects = rows.filter(({ id }) => !delayed.has(id))
  if (suspects.length === 0 || !(await hasAny(redis, queue, suspects))) return suspects
  const known = await Promise.all(suspects.map((row) => isKnown(redis, queue, row, now)))
  return suspects.filter((_, at) => !known[at])
}

async function clearOf<R extends Pick<JobRow, 'id'>>(
  redis: Redis,
  queue: Queue,
  rows: readonly R[],
): Promise<R[]> {
  if (rows.length === 0 || !(await hasAny(redis, queue, rows))) return [...rows]
  const cleared = await Promise.all(rows.map(({ id }) => queue.remove(id)))
  return rows.filter((_, at) => cleared[at] === 1)
}

async function hasAny(redis: Redis, queue: Queue, rows: readonly Pick<JobRow, 'id'>[]): Promise<boolean> {
  return rows.length > 0 && (await redis.exists(...rows.map(({ id }) => queue.toKey(id)))) > 0
}

async function isKnown(
  redis: Redis,
  queue: Queue,
  { id, dueAt }: Pick<JobRow, 'id' | 'dueAt'>,
  now: Date,
): Promise<boolean> {
  return (
    (await redis.exists(queue.toKey(id))) === 1 &&
    (!dueAt || dueAt <= now || (await queue.getJobState(id)) !== 'unknown')
  )
}

async function setPlaces(
  redis: Redis,
  queue: Queue,
  jobs: readonly { id: string; place: number }[],
): Promise<void> {
  await redis.eval(
    SET_PRIORITIES,
    jobs.length,
    ...jobs.map(({ id }) => queue.toKey(id)),
    ...jobs.map(({ place }) => String(Math.min(LAST_PLACE, place))),
  )
}
