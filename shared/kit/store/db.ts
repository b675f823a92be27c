// PostgreSQL through knex. Columns are snake_case, code is camelCase: translated here, once.

import knex, { type Knex } from 'knex'
import pg from 'pg'
import type { Socket } from 'node:net'
import type { Config } from '../process/config.ts'
import { SECOND } from '../time/time.ts'
import { migrationSource } from './migrations.ts'
import { sendStatement, toStatement } from './statement.ts'

/** A connection pool or an open transaction: what queries take. */
export type Db = Knex
export type Transaction = Knex.Transaction
/** A statement that is still being put together, and what it may be asked to answer. */
export type Query = Knex.QueryBuilder
export type Columns = readonly (string | Knex.Raw)[]

pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)
// Counts and sequences stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** What the processes may do: everything with rows, but neither change nor remove those of the audit (migration 0010). */
const APPLICATION_ROLE = 'bellhop_application'

/** How long one kind of work may take, in milliseconds, before PostgreSQL ends it (0: for ever). */
export interface DatabaseLimits {
  statement: number
  /** Waiting for rows or a table that somebody else holds. */
  lock: number
  /** Doing nothing with a transaction open. */
  idle: number
}

export const DATABASE_LIMITS = {
  /** Somebody waits for the answer. */
  requests: { statement: 10 * SECOND, lock: 5 * SECOND, idle: 15 * SECOND },
  jobs: { statement: 30 * SECOND, lock: 10 * SECOND, idle: 120 * SECOND },
  /** Exports and sweeps: nobody waits for the single statement. */
  long: { statement: 120 * SECOND, lock: 10 * SECOND, idle: 120 * SECOND },
  /** An operator's machine asks whether we are well, and asks again soon. */
  probe: { statement: SECOND, lock: SECOND, idle: SECOND },
  /** Everybody who wants the table waits behind a migration that waits for it. */
  migrations: { statement: 0, lock: 10 * SECOND, idle: 0 },
} satisfies Record<string, DatabaseLimits>

/** @param limits of what is done with it; a pool is for one kind of work */
export function openDatabase(
  settings: Pick<Config, 'DATABASE_URL' | 'DATABASE_POOL'>,
  limits: DatabaseLimits = DATABASE_LIMITS.requests,
): Db {
  return open(inRole(settings.DATABASE_URL, APPLICATION_ROLE), settings.DATABASE_POOL, limits)
}

/** Connections that are in use, and work that waits for one. */
export function poolUseOf(db: Db): { used: number; waiting: number } {
  const pool: { numUsed(): number; numPendingAcquires(): number } = db.client.pool
  return { used: pool.numUsed(), waiting: pool.numPendingAcquires() }
}

/** As whoever the tables belong to: for migrations, never for serving. */
export function openAsOwner(url: string): Db {
  return open(url, 2, DATABASE_LIMITS.migrations)
}

/** From the first moment of the connection, so that `reset role` leads nowhere else. */
function inRole(address: string, role: string): string {
  const url = new URL(address)
  url.searchParams.set('options', `${url.searchParams.get('options') ?? ''} -c role=${role}`.trim())
  return url.href
}

/** Longer than the statement may take: a server that is there has said so by then. */
const GRACE = 2 * SECOND
const CONNECT_WITHIN = 3 * SECOND

function open(url: string, max: number, { statement, lock, idle }: DatabaseLimits): Db {
  const settings = knexSettings(url)
  const limits = {
    statement_timeout: statement,
    lock_timeout: lock,
    idle_in_transaction_session_timeout: idle,
  }
  const silence = new SilenceWatch(statement > 0 ? statement + GRACE : 0)
  const db = knex({
    ...settings,
    connection: {
      ...Object(settings.connection),
      ...limits,
      // What is asked in one turn travels together; the server answers in order.
      pipeline: true,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10 * SECOND,
      connectionTimeoutMillis: CONNECT_WITHIN,
    },
    pool: {
      min: 0,
      max,
      afterCreate: (connection: Watched, done: () => void) => {
        silence.watch(connection)
        sendOncePerTurn(connection)
        done()
      },
    },
    acquireConnectionTimeout: 10 * SECOND,
    // What is wrong with a connection shows in what is asked over it.
    log: { warn: () => undefined },
    wrapIdentifier: (name, quote) => quote(columnOf(name)),
    postProcessResponse: (result: unknown) => camelRows(result),
  })
  markBeforeSending(db.client)
  beginWithoutWaiting(db.client)
  return db
}

interface Watched {
  /** False while an answer is awaited. */
  readyForQuery: boolean
  connection: { stream: Socket }
  query(...asked: unknown[]): unknown
  once(event: 'end', act: () => void): unknown
}

/** Each statement would be a write of its own, which on some machines takes longer than the statement. */
function sendOncePerTurn(connection: Watched): void {
  const query = connection.query.bind(connection)
  const { stream } = connection.connection
  let isHeld = false
  connection.query = (...asked) => {
    if (!isHeld) {
      isHeld = true
      stream.cork()
      process.nextTick(() => {
        isHeld = false
        stream.uncork()
      })
    }
    return query(...asked)
  }
}

/**
 * A network that swallows what is sent, and resets nothing, leaves connections that wait for ever. One on which an answer
 * is overdue is given up, and with it those that nobody uses at the moment: they may lead into the same silence.
 */
class SilenceWatch {
  readonly #patience: number
  readonly #open = new Set<Watched>()

  /** @param patience milliseconds; 0: an answer may take for ever */
  constructor(patience: number) {
    this.#patience = patience
  }

  watch(connection: Watched): void {
    this.#open.add(connection)
    connection.once('end', () => this.#open.delete(connection))
    connection.connection.stream.setTimeout(this.#patience, () => {
      if (!connection.readyForQuery) this.#giveUp(connection)
    })
  }

  #giveUp(silent: Watched): void {
    const why = new Error(`The database did not answer within ${this.#patience / SECOND} s`)
    for (const each of this.#open)
      if (each === silent || each.readyForQuery) each.connection.stream.destroy(why)
  }
}

/** Marks what fails while a connection is made: whatever was to be asked over it has not been. */
function markBeforeSending(client: { acquireRawConnection: () => Promise<unknown> }): void {
  const connect = client.acquireRawConnection.bind(client)
  client.acquireRawConnection = () =>
    connect().catch((error: unknown) => {
      throw Object.assign(Object(error), { isBeforeSending: true })
    })
}

interface TransactionMaker {
  transaction(...args: unknown[]): { begin: (connection: unknown) => Promise<unknown> }
}

/** BEGIN travels with a transaction's first statement (transaction.ts): what fails of it, fails what follows. */
function beginWithoutWaiting(client: TransactionMaker): void {
  const { transaction: make } = client
  // Of whichever client it is called on: knex copies them, for its migrations.
  client.transaction = function (this: TransactionMaker, ...args) {
    const transaction = make.apply(this, args)
    const begin = transaction.begin.bind(transaction)
    transaction.begin = (connection) => {
      void begin(connection)
      return Promise.resolve()
    }
    return transaction
  }
}

/** Whether it failed before the statement was sent, so that nothing can have come of it. */
export function wasNothingSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (
    'isBeforeSending' in error ||
    error instanceof knex.KnexTimeoutError ||
    error.message.endsWith('is not queryable')
  )
}

/** What the knex command line, the migrations and the pool share. */
export function knexSettings(url: string): Knex.Config {
  return {
    client: 'pg',
    // An error names the statement that failed, not what stood in it.
    compileSqlOnError: false,
    connection: { connectionString: url, application_name: 'bellhop' },
    migrations: {
      migrationSource,
      // One migrator at a time; the second waits for the lock's holder instead of failing half way.
      tableName: 'migrations',
      // An older release starts on the database of a newer one: what it does not know has been carried out.
      disableMigrationsListValidation: true,
    },
  }
}

export function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

export function toCamelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** Of names that come with every row and every query: those of tables and columns, some hundreds. */
function spellOnce(spell: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>()
  return (name) => {
    const spelled = known.get(name) ?? spell(name)
    known.set(name, spelled)
    return spelled
  }
}

const columnOf = spellOnce(toSnakeCase)
const fieldOf = spellOnce(toCamelCase)

function camelRows(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(camelRow)
  if (isPlain(result) && Array.isArray(result['rows']))
    return { ...result, rows: result['rows'].map(camelRow) }
  return camelRow(result)
}

/** Only the row's own keys: what stands inside a jsonb column belongs to whoever wrote it. */
function camelRow(row: unknown): unknown {
  if (!isPlain(row)) return row
  const camel: Record<string, unknown> = {}
  for (const key of Object.keys(row)) camel[fieldOf(key)] = row[key]
  return camel
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** Runs raw SQL and gives its rows their type. */
export async function rowsOf<T>(
  db: Db,
  sql: string,
  bindings: Record<string, unknown> | readonly unknown[] = [],
): Promise<T[]> {
  const result: { rows: T[] } = await db.raw(sql, bindings as Knex.RawBinding[])
  return result.rows
}

/** The same for hot paths: PostgreSQL parses and plans it once per connection. One name, one text. */
export async function preparedRowsOf<T>(
  db: Db,
  name: string,
  sql: string,
  bindings: Record<string, unknown>,
): Promise<T[]> {
  return (await sendStatement(db, toStatement(name, sql, bindings))).map(camelRow) as T[]
}

const UNIQUE_VIOLATION = '23505'
const EXCLUSION_VIOLATION = '23P01'

/** Whether an exclusion constraint refused a row. */
export function violatesExclusion(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === EXCLUSION_VIOLATION
}

/** The name of the unique index that refused a row, or undefined when the error is another. */
export function violatedUnique(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== UNIQUE_VIOLATION) return undefined
  return 'constraint' in error ? String(error.constraint) : ''
}
