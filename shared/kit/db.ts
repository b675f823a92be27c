// PostgreSQL through knex. Columns are snake_case, code is camelCase: translated here, once.

import knex, { type Knex } from 'knex'
import pg from 'pg'
import { fileURLToPath } from 'node:url'
import type { Config } from './config.ts'

/** A connection pool or an open transaction: what queries take. */
export type Db = Knex
export type Transaction = Knex.Transaction

pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)
// Counts and sequences stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** What the processes may do: everything with rows, but neither change nor remove those of the audit (migration 0010). */
const APPLICATION_ROLE = 'bellhop_application'

export function openDatabase(settings: Pick<Config, 'DATABASE_URL' | 'DATABASE_POOL'>): Db {
  return open(inRole(settings.DATABASE_URL, APPLICATION_ROLE), settings.DATABASE_POOL)
}

/** As whoever the tables belong to: for migrations, never for serving. */
export function openAsOwner(url: string): Db {
  return open(url, 2)
}

/** From the first moment of the connection, so that `reset role` leads nowhere else. */
function inRole(address: string, role: string): string {
  const url = new URL(address)
  url.searchParams.set('options', `${url.searchParams.get('options') ?? ''} -c role=${role}`.trim())
  return url.href
}

function open(url: string, max: number): Db {
  return knex({
    ...knexSettings(url),
    pool: { min: 0, max },
    acquireConnectionTimeout: 10_000,
    wrapIdentifier: (name, quote) => quote(snake(name)),
    postProcessResponse: (result: unknown) => camelRows(result),
  })
}

/** What the knex command line, the migrations and the pool share. */
export function knexSettings(url: string): Knex.Config {
  return {
    client: 'pg',
    connection: { connectionString: url, application_name: 'bellhop' },
    migrations: {
      directory: fileURLToPath(new URL('../migrations', import.meta.url)),
      loadExtensions: ['.ts'],
      extension: 'ts',
      // One migrator at a time; the second waits for the lock's holder instead of failing half way.
      tableName: 'migrations',
    },
  }
}

export function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

export function camel(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function camelRows(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(camelRow)
  if (isPlain(result) && Array.isArray(result['rows'])) return { ...result, rows: result['rows'].map(camelRow) }
  return camelRow(result)
}

/** Only the row's own keys: what stands inside a jsonb column belongs to whoever wrote it. */
function camelRow(row: unknown): unknown {
  if (!isPlain(row)) return row
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [camel(key), value]))
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** Runs raw SQL and gives its rows their type. */
export async function rowsOf<T>(db: Db, sql: string, bindings: Record<string, unknown> | readonly unknown[] = []): Promise<T[]> {
  const result: { rows: T[] } = await db.raw(sql, bindings as Knex.RawBinding[])
  return result.rows
}

/** The same for hot paths: PostgreSQL parses and plans it once per connection. One name, one text. */
export async function preparedRowsOf<T>(db: Db, name: string, sql: string, bindings: Record<string, unknown>): Promise<T[]> {
  const result: { rows: T[] } = await db.raw(sql, bindings as Knex.ValueDict).options({ name })
  return result.rows
}

const UNIQUE_VIOLATION = '23505'

/** The name of the unique index that refused a row, or undefined when the error is another. */
export function violatedUnique(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== UNIQUE_VIOLATION) return undefined
  return 'constraint' in error ? String(error.constraint) : ''
}
