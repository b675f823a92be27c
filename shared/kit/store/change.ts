// A change: one transaction plus everything it causes.
// Two hard facts, stated here once:
// 1. A commit in Postgres and an add in Redis cannot be atomic. Hence the outbox, shipped right after commit and swept
//    when that failed. Shipping twice is possible, so jobs and events carry ids.
// 2. An alarm may ring late, twice, or after the matter is closed. It is cancelled by changing the row it is about,
//    never by hunting the job; its handler looks at that row first.

import { randomUUID } from 'node:crypto'
import type { Config } from '../process/config.ts'
import { wasNothingSent, type Db, type Transaction } from './db.ts'
import { AppError, unavailable } from '../declare/errors.ts'
import type { EventDeclaration } from '../declare/event.ts'
import type { Runtime } from '../process/runtime.ts'
import type { JobDeclaration, JobRow } from '../declare/job.ts'
import type { Limiter } from './limiter.ts'
import { outageOf, saysPostgres } from './outage.ts'
import { Causes, type Batch, type LateTable } from './causes.ts'
import { runTransaction, writeNow } from './transaction.ts'
import type { PresenceStore } from './presence.ts'
import { retryOnOutage } from './retry-on-outage.ts'
import { redactQuotes, redactWhole, type Rewrite } from './log-redaction.ts'
import type { Entry, LogEntry } from './stream.ts'

/** Who or what set a change off, for logs and the audit. */
export interface Origin {
  requestId: string
  ip?: string
  /** Whose people, program or job it is. What it causes is theirs: organisations take turns. */
  orgId?: string | null
  /** Of the program that asked, for a person or in its own name. */
  keyId?: string | undefined
}

/** What a read needs; it can cause nothing. */
export interface Reading {
  readonly db: Db
  readonly now: Date
  readonly config: Config
  /** Which of these people have a live socket, on any device. */
  readonly online: PresenceStore['online']
  /** @throws AppError 429 */
  readonly count: Limiter['count']
  /** @throws AppError 429 */
  readonly mustHaveRoom: Limiter['mustHaveRoom']
}

export function readingOf(runtime: Runtime): Reading {
  return {
    db: runtime.db,
    now: runtime.clock.now(),
    config: runtime.config,
    online: runtime.presence.online,
    count: runtime.limiter.count,
    mustHaveRoom: runtime.limiter.mustHaveRoom,
  }
}

export interface Change extends Reading {
  readonly db: Transaction
  readonly origin: Origin
  /** @param due when it should run; now unless given. @returns its id @throws AppError 400 on a payload that the job does not take */
  enqueue<T>(job: JobDeclaration<T>, payload: NoInfer<T>, due?: Date): string
  emit<T>(event: EventDeclaration<T>, channels: readonly string[], data: NoInfer<T>): void
  /** Written with all that the change causes, by one statement at its end: nothing in the change can read it. */
  addRow<T extends object>(table: LateTable<T>, row: T): void
  /** Writes the rows that were collected so far, for a statement that has to see them. */
  writeRows(): Promise<void>
  /** Done at the end of the change, for all of its kind together. */
  addToBatch<T>(batch: Batch<Change, T>, item: T): void
  /** For an action whose own statement writes the job's row: only makes the row. */
  makeJob<T>(job: JobDeclaration<T>, payload: NoInfer<T>): JobRow
  /** Ships a row that was written so, after the commit. */
  shipWritten(row: JobRow): void
  /** Into the log at once, before the commit: for what another commit has made so, where the order of telling matters. */
  append(entry: Entry): Promise<string>
  /** Takes the words of a message out of the log, where they stand (log-redaction.ts). */
  redactQuotes(messageId: string, rewrite: Rewrite): Promise<void>
  /** The same for whatever entries may hold; reads the whole log, so it is for what is seldom done. */
  redactWhole(holds: (entry: LogEntry) => boolean, rewrite: Rewrite): Promise<void>
}

/** A read is repeated while the database is away for a moment. @throws AppError 503 */
export function makeReading<T>(runtime: Runtime, read: (reading: Reading) => Promise<T>): Promise<T> {
  return retryOnOutage(() => read(readingOf(runtime)))
}

/**
 * Runs `work` in a transaction, writes down what it caused, and ships that after the commit. Until the commit is sent a
 * failure of the database has undone everything, and `work` runs again from its start: it must not keep anything between.
 * @throws AppError 503 that says whether nothing was done, or that this is not known
 */
export async function makeChange<T>(
  runtime: Runtime,
  origin: Origin,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  return makeChanges(runtime, (begin) => work(begin(origin)))
}

/**
 * The same for several changes, which are one transaction: all of them are done, or none. What they cause is written by one
 * statement.
 * @param work is given what begins a change of somebody
 */
export async function makeChanges<T>(
  runtime: Runtime,
  work: (begin: (origin: Origin) => Change) => Promise<T>,
): Promise<T> {
  return retryOnOutage(async () => {
    const causes = new Causes<Change>()
    let isCommitting = false
    const { value: result, jobs } = await runTransaction(
      runtime.db,
      async (db) => {
        const begun: { change: Change; own: Causes<Change> }[] = []
        const value = await work((origin) => {
          const own = new Causes<Change>()
          const change = changeOn(runtime, db, origin, own)
          begun.push({ change, own })
          return change
        })
        await Promise.all(begun.map(({ change, own }) => own.runBatches(change)))
        for (const { own } of begun) causes.takeOver(own)
        return { value, last: causes.statement() }
      },
      () => {
        isCommitting = true
      },
    ).catch((error: unknown) => {
      throw isCommitting ? unlessKnown(error) : error
    })
    runtime.outbox.shipSoon([...causes.jobs, ...causes.written, ...jobs], causes.events)
    return result
  })
}

/** The server's own word says that nothing was written; a connection that is cut says nothing. */
function unlessKnown(error: unknown): unknown {
  const isKnown =
    error instanceof AppError || outageOf(error) === undefined || saysPostgres(error) || wasNothingSent(error)
  return isKnown
    ? error
    : unavailable(
        'The database went away while this was being written. It is not known whether it was done: look, or ' +
          'send the same again under the same key',
        error,
      )
}

/**
 * For hot paths: a change that is one statement, which is a transaction of its own, without BEGIN and COMMIT around it.
 * It writes the rows of its jobs itself (`makeJob`), and causes nothing else.
 */
export async function makeStatement<T>(
  runtime: Runtime,
  origin: Origin,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  return makeStatements(runtime, (begin) => work(begin(origin)))
}

/** The same for several changes that are one statement together. @param work is given what begins a change of somebody */
export async function makeStatements<T>(
  runtime: Runtime,
  work: (begin: (origin: Origin) => Change) => Promise<T>,
): Promise<T> {
  return retryOnOutage(async () => {
    const causes = new Causes<Change>()
    // A pool takes the same queries as a transaction.
    const begin = (origin: Origin): Change => changeOn(runtime, runtime.db as Transaction, origin, causes)
    const result = await work(begin).catch((error: unknown) => {
      throw unlessKnown(error)
    })
    if (!causes.isEmpty) throw new Error('A change that is one statement cannot write down what it causes.')
    runtime.outbox.shipSoon(causes.written, [])
    return result
  })
}

/** A job that names an organisation is theirs, whoever caused it. */
function orgIdOf(payload: unknown): string | undefined {
  return typeof payload === 'object' &&
    payload !== null &&
    'orgId' in payload &&
    typeof payload.orgId === 'string'
    ? payload.orgId
    : undefined
}

function changeOn(runtime: Runtime, db: Transaction, origin: Origin, causes: Causes<Change>): Change {
  const reading = readingOf(runtime)
  const rowOf = <J>(job: JobDeclaration<J>, payload: J, due?: Date): JobRow => ({
    id: randomUUID(),
    name: job.name,
    payload: job.check(payload, `job ${job.name}`),
    dueAt: due ?? null,
    requestId: origin.requestId,
    orgId: orgIdOf(payload) ?? origin.orgId ?? null,
  })
  const change: Change = {
    ...reading,
    db,
    origin,
    enqueue(job, payload, due) {
      const row = rowOf(job, payload, due)
      causes.jobs.push(row)
      return row.id
    },
    emit: (event, channels, data) =>
      void causes.events.push({
        id: randomUUID(),
        name: event.name,
        channels: [...new Set(channels)],
        data,
        at: reading.now,
      }),
    addRow: (table, row) => causes.addRow(table, row),
    async writeRows() {
      await causes.runBatches(change)
      const rows = causes.takeRows()
      if (rows) causes.written.push(...(await writeNow(db, rows)))
    },
    addToBatch: (batch, item) => causes.addToBatch(batch, item),
    makeJob: (job, payload) => rowOf(job, payload),
    shipWritten: (row) => void causes.written.push(row),
    ...writesLog(runtime, reading.now),
  }
  return change
}

/** What reaches the log at once, and not after the commit. */
function writesLog(
  { redis, stream }: Runtime,
  now: Date,
): Pick<Change, 'append' | 'redactQuotes' | 'redactWhole'> {
  return {
    append: (entry) => stream.append(entry),
    redactQuotes: (messageId, rewrite) => redactQuotes(redis, stream, messageId, rewrite, now),
    redactWhole: (holds, rewrite) => redactWhole(redis, stream, holds, rewrite, now),
  }
}
