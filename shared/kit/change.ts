// A change: one transaction plus everything it causes.
// Two hard facts, stated here once:
// 1. A commit in Postgres and an add in Redis cannot be atomic. Hence the outbox, shipped right after commit and swept
//    when that failed. Shipping twice is possible, so jobs and events carry ids.
// 2. An alarm may ring late, twice, or after the matter is closed. It is cancelled by changing the row it is about,
//    never by hunting the job; its handler looks at that row first.

import { randomUUID } from 'node:crypto'
import type { Config } from './config.ts'
import type { Db, Transaction } from './db.ts'
import type { Event, EventRow } from './event.ts'
import type { House } from './house.ts'
import type { Job, JobRow } from './job.ts'
import { writeOutbox } from './outbox.ts'

/** Who or what set a change off, for logs and the audit. */
export interface Origin {
  requestId: string
  ip?: string
}

/** What a read needs; it can cause nothing. */
export interface Reading {
  readonly db: Db
  readonly now: Date
  readonly config: Config
}

export interface Change extends Reading {
  readonly db: Transaction
  readonly origin: Origin
  /** @param due when it should run; now unless given. @throws AppError 400 on a payload that the job does not take */
  enqueue<T>(job: Job<T>, payload: NoInfer<T>, due?: Date): void
  emit<T>(event: Event<T>, channels: readonly string[], data: NoInfer<T>): void
}

/** Runs `work` in a transaction, writes down what it caused, and ships that after the commit. */
export async function makeChange<T>(house: House, origin: Origin, work: (change: Change) => Promise<T>): Promise<T> {
  const jobs: JobRow[] = []
  const events: EventRow[] = []
  const result = await house.db.transaction(async (db) => {
    const now = house.clock.now()
    const value = await work({
      db, now, config: house.config, origin,
      enqueue: (job, payload, due) => {
        jobs.push({ id: randomUUID(), name: job.name, payload: job.check(payload, `job ${job.name}`), dueAt: due ?? null, requestId: origin.requestId })
      },
      emit: (event, channels, data) => {
        events.push({ id: randomUUID(), name: event.name, channels: [...new Set(channels)], data, at: now })
      },
    })
    await writeOutbox(db, jobs, events)
    return value
  })
  house.outbox.shipSoon(jobs, events)
  return result
}
