// What a change causes, written down in its own transaction (tables `jobs` and `outbox`) and shipped after commit.
// An alarm stays a row alone until shortly before it rings: however many wait, Redis and a pass over it cost the same, most
// approvals are decided before, and a Redis that lost everything lost few of them.
// Promise: a row leaves `jobs` only in the transaction that carries the job out, so that Redis may lose everything
// and nothing is forgotten or done twice; a row leaves `outbox` only after its event stands in the log.
// Not promised: that anything is handed to Redis only once. Ids make that harmless.

import { blankCopyOf } from './copies.ts'
import type { Db } from './db.ts'
import { preparedRowsOf, rowsOf } from './db.ts'
import { quotedBy, type OutboxEvent } from '../declare/event.ts'
import type { JobRow, KeptJob } from '../declare/job.ts'
import type { Clock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import type { Queues } from './queue.ts'
import { MINUTE, plusMs, SECOND } from '../time/time.ts'
import type { Stream } from './stream.ts'

export interface Outbox {
  /** Ships without being waited for; what fails stays in its table for the sweep. */
  shipSoon(jobs: readonly JobRow[], events: readonly OutboxEvent[]): void
  /** Hears the events of this process's own changes at once, before anybody else does. */
  hear(listener: (event: OutboxEvent) => void): void
  /** Ships rows whose process died or could not reach Redis, and alarms that ring soon. */
  sweep(olderThanMs: number): Promise<Swept>
  /** Waits for what `shipSoon` still holds. */
  settled(): Promise<void>
}

interface Swept {
  /** How many rows were left behind by others. */
  left: number
  /** Whether there may be more than was shipped at one go. */
  isMore: boolean
}

interface Shipped {
  jobs: JobRow[]
  events: OutboxEvent[]
}

const nothing = (): Shipped => ({ jobs: [], events: [] })

/** What is shipped within so many milliseconds is marked in one statement: most jobs are done by then, and their rows gone. */
const MARK_AFTER = 250

/** Rows per sweep: small enough to hold their locks for milliseconds only. */
const BATCH = 200

/** An alarm is handed to Redis so many milliseconds before it rings: longer than workers take to be started again. */
export const ALARM_HORIZON = 10 * MINUTE
/** Those that ring within so many milliseconds are handed over together, the last of them so much earlier: it costs Redis a third less. */
const ALARMS_TOGETHER = 15 * SECOND

export function openOutbox(db: Db, queues: Queues, stream: Stream, clock: Clock, log: Log): Outbox {
  const underway = new Set<Promise<void>>()
  const marks = new ShippedMarks(db, log)
  const listeners: ((event: OutboxEvent) => void)[] = []
  return {
    hear: (listener) => void listeners.push(listener),
    shipSoon(caused, events) {
      for (const listener of listeners) events.forEach(listener)
      const horizon = plusMs(clock.now(), ALARM_HORIZON)
      const jobs = caused.filter(({ dueAt }) => !dueAt || dueAt <= horizon)
      if (jobs.length + events.length === 0) return
      const shipping = ship(queues, stream, jobs, events)
        .then(() => marks.add(jobs, events))
        .catch((error: unknown) =>
          log.warn({ err: error, jobs: jobs.length, events: events.length }, 'not shipped; the sweep will'),
        )
        .finally(() => underway.delete(shipping))
      underway.add(shipping)
    },
    async sweep(olderThanMs) {
      return db.transaction(async (trx) => {
        const { jobs, events } = await claimUnshipped(trx, olderThanMs, horizonOfSweep(clock.now()))
        await ship(queues, stream, jobs, events)
        await markShipped(trx, jobs, events)
        const left = jobs.filter(({ isAlarm }) => !isAlarm).length + events.length
        return { left, isMore: Math.max(jobs.length, events.length) === BATCH }
      })
    },
    async settled() {
      do {
        await Promise.all(underway)
        await marks.write()
      } while (underway.size > 0)
    },
  }
}

function horizonOfSweep(now: Date): Date {
  return new Date(Math.ceil(now.getTime() / ALARMS_TOGETHER) * ALARMS_TOGETHER + ALARM_HORIZON)
}

async function ship(
  queues: Queues,
  stream: Stream,
  jobs: readonly JobRow[],
  events: readonly OutboxEvent[],
): Promise<void> {
  await Promise.all([
    queues.add(jobs),
    ...events.flatMap((event) =>
      event.channels.map((channel) =>
        stream.append({
          key: `${event.id}.${channel}`,
          channel,
          event: event.name,
          at: event.at,
          data: event.data,
          quotes: quotedBy(event.name, event.data),
        }),
      ),
    ),
  ])
}

/** What was shipped, to be marked together in a moment. */
class ShippedMarks {
  readonly #db: Db
  readonly #log: Log
  #shipped = nothing()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(db: Db, log: Log) {
    this.#db = db
    this.#log = log
  }

  add(jobs: readonly JobRow[], events: readonly OutboxEvent[]): void {
    this.#shipped.jobs.push(...jobs)
    this.#shipped.events.push(...events)
    this.#timer ??= setTimeout(() => this.write(), MARK_AFTER)
  }

  write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { jobs, events } = this.#shipped
    this.#shipped = nothing()
    if (jobs.length + events.length === 0) return this.#writing
    this.#writing = this.#writing
      .then(() => markShipped(this.#db, jobs, events))
      .catch((error: unknown) =>
        this.#log.warn(
          { err: error, jobs: jobs.length, events: events.length },
          'shipped, but not marked; the sweep ships it again',
        ),
      )
    return this.#writing
  }
}

/**
 * Jobs stay, marked; events have reached their end. A row that is locked is being carried out at this moment: waiting for
 * that would hold a connection, and everybody who needs one. Should that fail, the sweep ships it once more.
 */
async function markShipped(db: Db, jobs: readonly JobRow[], events: readonly OutboxEvent[]): Promise<void> {
  await preparedRowsOf(
    db,
    'mark_shipped',
    `with mine as (select id from jobs where id = any(:jobs) for update skip locked),
     j as (update jobs set shipped_at = clock_timestamp() from mine where jobs.id = mine.id)
     delete from outbox where id = any(:events)`,
    { jobs: jobs.map((row) => row.id), events: events.map((row) => row.id) },
  )
}

/** Skips what another sweep holds. Served by the partial index on unshipped jobs, and by `outbox` being near empty. */
async function claimUnshipped(
  db: Db,
  olderThanMs: number,
  horizon: Date,
): Promise<{ jobs: (JobRow & { isAlarm: boolean })[]; events: OutboxEvent[] }> {
  const jobs = await rowsOf<JobRow & { isAlarm: boolean }>(
    db,
    `select id, name, payload, due_at, request_id, org_id,
       coalesce(due_at > created_at + :ahead * interval '1 millisecond', false) as is_alarm from jobs
     where shipped_at is null and coalesce(due_at, '-infinity') <= :horizon
       and created_at < clock_timestamp() - :age * interval '1 millisecond'
     order by coalesce(due_at, '-infinity'), created_at limit :limit for update skip locked`,
    { age: olderThanMs, limit: BATCH, horizon, ahead: ALARM_HORIZON },
  )
  const events = await rowsOf<OutboxEvent>(
    db,
    `select id, name, channels, data, at from outbox
     where created_at < clock_timestamp() - :age * interval '1 millisecond'
     order by created_at limit :limit for update skip locked`,
    { age: olderThanMs, limit: BATCH },
  )
  return { jobs, events }
}

const KEPT = 'id, name, payload, due_at, request_id, org_id, failed_at, failed_reason'

/**
 * Takes jobs out of the table, inside the transaction that carries them out. Which is not there was done already, or never was.
 * The row lock makes a second runner of the same job wait, and then find nothing.
 */
export async function takeJobs(db: Db, ids: readonly string[]): Promise<KeptJob[]> {
  return preparedRowsOf(db, 'take_jobs', `delete from jobs where id = any(:ids) returning ${KEPT}`, {
    ids: [...ids],
  })
}

/** For a job that takes more than one change: it stays until the last one. The lock lets its changes come one after the other. */
export async function holdJob(db: Db, id: string): Promise<KeptJob | undefined> {
  const [row] = await preparedRowsOf<KeptJob>(
    db,
    'hold_job',
    `select ${KEPT} from jobs where id = :id for update`,
    { id },
  )
  return row
}

/** It rings again then; somebody works on it again, if nobody did. */
export async function postponeJob(db: Db, id: string, dueAt: Date): Promise<void> {
  await db.raw('update jobs set due_at = ?, failed_at = null, failed_reason = null where id = ?', [dueAt, id])
}

/** Nobody tries any more until an operator does. */
export async function markFailed(db: Db, id: string, reason: string): Promise<void> {
  await db.raw('update jobs set failed_at = clock_timestamp(), failed_reason = ? where id = ?', [reason, id])
}

/** Somebody tries them again: as rows that have not failed they are due, and the reconciler has them rung. */
export async function reviveJobs(db: Db, ids: readonly string[]): Promise<void> {
  await db.raw('update jobs set failed_at = null, failed_reason = null where id = any(?)', [[...ids]])
}

/** `held`: somebody is carrying it out in a transaction that is open. */
export async function findJobState(db: Db, id: string): Promise<'waiting' | 'held' | 'done'> {
  const [row] = await rowsOf<{ there: string | null; free: string | null }>(
    db,
    'select (select id from jobs where id = :id) as there, (select id from jobs where id = :id for update skip locked) as free',
    { id },
  )
  if (!row?.there) return 'done'
  return row.free ? 'waiting' : 'held'
}

/** Before a job runs that may end its worker. @returns how many it has ended, this time included if it does; undefined: it is done */
export async function countCrash(db: Db, id: string): Promise<number | undefined> {
  const [row] = await rowsOf<{ crashes: number }>(
    db,
    'update jobs set crashes = crashes + 1 where id = ? returning crashes',
    [id],
  )
  return row?.crashes
}

/** It came back: its worker lives. */
export async function takeBackCrash(db: Db, id: string): Promise<void> {
  await db.raw('update jobs set crashes = crashes - 1 where id = ?', [id])
}

/** What somebody wrote that stands in jobs which wait, or failed; ids stay, so that they can still be carried out. */
export async function forgetWordsInJobs(db: Db, orgId: string, personId: string): Promise<void> {
  const rows = await rowsOf<Pick<JobRow, 'id' | 'payload'>>(
    db,
    `select id, payload from jobs where org_id = :orgId and position(:personId in payload::text) > 0 order by id for update`,
    { orgId, personId },
  )
  for (const { id, payload } of rows)
    await db('jobs')
      .where({ id })
      .update({ payload: JSON.stringify(blankCopyOf(payload, new Set([personId]))) })
}
