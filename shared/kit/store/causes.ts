// What a change causes, collected while it runs and written by one statement at its end: rows that nothing in the change reads,
// jobs, and events.

import type { OutboxEvent } from '../declare/event.ts'
import type { JobRow } from '../declare/job.ts'
import { toSnakeCase } from './db.ts'
import type { LastStatement } from './transaction.ts'

/** A table into which rows are written at the end: the PostgreSQL type of each column, under the name that it has in code. */
export interface LateTable<T> {
  name: string
  columns: Readonly<Record<keyof T & string, string>>
  /**
   * Instead of writing each row as it is: what is written of all of them, and the jobs of that, which are shipped.
   * @param rows the rows under a name, in their order (`ordinality`)
   */
  insertWithJobs?: (rows: (alias: string) => string) => {
    inserting: string
    jobs: (inserted: string) => string
  }
}

/** What is done at the end of a change for all of its kind together. */
export type Batch<C, T> = (change: C, items: readonly T[]) => Promise<void>

export class Causes<C> {
  readonly jobs: JobRow[] = []
  /** Jobs whose rows the action wrote. */
  readonly written: JobRow[] = []
  readonly events: OutboxEvent[] = []
  readonly #rows = new Map<LateTable<never>, object[]>()
  readonly #batches = new Map<Batch<C, never>, unknown[]>()

  /** What another change of the same transaction has caused, to be written with this. */
  takeOver(other: Causes<C>): void {
    this.jobs.push(...other.jobs)
    this.written.push(...other.written)
    this.events.push(...other.events)
    for (const [table, rows] of other.#rows) for (const row of rows) push(this.#rows, table, row)
  }

  get isEmpty(): boolean {
    return this.jobs.length + this.events.length + this.#rows.size + this.#batches.size === 0
  }

  addRow<T extends object>(table: LateTable<T>, row: T): void {
    push(this.#rows, table as LateTable<never>, row)
  }

  addToBatch<T>(batch: Batch<C, T>, item: T): void {
    push(this.#batches, batch as Batch<C, never>, item)
  }

  /** What they do may cause more. */
  async runBatches(change: C): Promise<void> {
    for (const [batch, items] of this.#batches) {
      this.#batches.delete(batch)
      await batch(change, items as never[])
    }
  }

  /** The rows that were added so far, to be written before the end. */
  takeRows(): LastStatement | undefined {
    const statement = statementFor([...this.#rows])
    this.#rows.clear()
    return statement
  }

  /** @returns undefined: nothing was caused. One text for each set of tables, so that its plan is kept. */
  statement(): LastStatement | undefined {
    const tables: TableRows[] = [...this.#rows]
    if (this.jobs.length > 0) tables.push([JOBS as LateTable<never>, this.jobs])
    if (this.events.length > 0) tables.push([OUTBOX as LateTable<never>, this.events])
    return statementFor(tables)
  }
}

type TableRows = [LateTable<never>, readonly object[]]

function statementFor(unsorted: readonly TableRows[]): LastStatement | undefined {
  if (unsorted.length === 0) return undefined
  const tables = unsorted.toSorted(([a], [b]) => (a.name < b.name ? -1 : 1))
  // PostgreSQL knows 63 characters of it.
  const name = `causes ${tables.map(([table]) => table.name.slice(0, 5)).join(' ')}`
  const sql = texts.get(name) ?? insertInto(tables.map(([table]) => table))
  texts.set(name, sql)
  const makesJobs = tables.some(([table]) => table.insertWithJobs !== undefined)
  return { name, sql, bindings: tables.map(([, rows]) => JSON.stringify(rows)), makesJobs }
}

/** One for each set of tables. */
const texts = new Map<string, string>()

function insertInto(tables: readonly LateTable<never>[]): string {
  const inserts = tables.map((table, at) => `w${at} as (${insertOf(table, at + 1)})`)
  const orders = tables.flatMap((table, at) =>
    table.insertWithJobs ? [jobsOf(table, at + 1, `w${at}`)] : [],
  )
  const jobs = orders.map((order, at) => `j${at} as (${order})`)
  return `with ${[...inserts, ...jobs].join(', ')} select ${jobs.length > 0 ? '* from j0' : ''}`
}

/** Under the names that a job's row has in code. */
const AS_JOB = 'id, name, payload, due_at as "dueAt", request_id as "requestId", org_id as "orgId"'

function jobsOf(table: LateTable<never>, parameter: number, inserted: string): string {
  const { jobs } = table.insertWithJobs?.((alias) => rowsOf(table, parameter, alias)) ?? { jobs: () => '' }
  return `insert into ${JOBS.name} (id, name, payload, request_id, org_id) ${jobs(inserted)} returning ${AS_JOB}`
}

/** In their order, which a column `ordinality` tells. */
function rowsOf({ columns }: LateTable<never>, parameter: number, alias: string): string {
  const types: Readonly<Record<string, string>> = columns
  const typed = Object.keys(types).map((each) => `"${each}" ${types[each]}`)
  return `rows from (jsonb_to_recordset($${parameter}::jsonb) as (${typed.join(', ')})) with ordinality as ${alias}`
}

const JOBS: LateTable<JobRow> = {
  name: 'jobs',
  columns: {
    id: 'uuid',
    name: 'text',
    payload: 'jsonb',
    dueAt: 'timestamptz',
    requestId: 'text',
    orgId: 'uuid',
  },
}

const OUTBOX: LateTable<OutboxEvent> = {
  name: 'outbox',
  columns: { id: 'uuid', name: 'text', channels: 'text[]', data: 'jsonb', at: 'timestamptz' },
}

function insertOf(table: LateTable<never>, parameter: number): string {
  const { name, columns, insertWithJobs } = table
  if (insertWithJobs) return insertWithJobs((alias) => rowsOf(table, parameter, alias)).inserting
  const names: string[] = Object.keys(columns)
  const types: Readonly<Record<string, string>> = columns
  return `insert into ${name} (${names.map(toSnakeCase).join(', ')})
    select * from jsonb_to_recordset($${parameter}::jsonb) as r(${names.map((each) => `"${each}" ${types[each]}`).join(', ')})`
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
