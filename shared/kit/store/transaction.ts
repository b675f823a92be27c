// A transaction whose BEGIN travels with its first statement, and its COMMIT with its last: two round trips less. The server
// answers in order, and refuses what comes after something that failed: its COMMIT then undoes everything.

import type { JobRow } from '../declare/job.ts'
import type { Db, Transaction } from './db.ts'

/** SQL with numbered parameters ($1). */
export interface Statement {
  /** Under which PostgreSQL keeps its plan; one name, one text. */
  name: string
  sql: string
  bindings: unknown[]
  /** Whether it answers the rows of jobs that it wrote. */
  makesJobs?: boolean
}

/** What knex does not say of itself: `query` sends at once, in the same turn. */
interface Sender {
  acquireConnection(): Promise<unknown>
  query(
    connection: unknown,
    statement: { sql: string; bindings: unknown[]; options: { name: string } },
  ): Promise<{ response?: { rows: JobRow[] } }>
}

/**
 * Runs the work, and commits together with its last statement.
 * @param work @returns what comes of it, and a last statement, if there is one, which nothing has to wait for
 * @param onCommit when the commit is about to be sent: before that, what fails has undone everything
 * @returns what came of it, and the jobs that the last statement wrote
 */
export async function runTransaction<T>(
  db: Db,
  work: (transaction: Transaction) => Promise<{ value: T; last: Statement | undefined }>,
  onCommit: () => void,
): Promise<{ value: T; jobs: JobRow[] }> {
  const transaction: Transaction = await db.transaction()
  let broken: unknown
  transaction.executionPromise.catch((error: unknown) => {
    broken = error
  })
  try {
    const { value, last } = await work(transaction)
    return { value, jobs: await commit(transaction, last, onCommit) }
  } catch (error) {
    // A connection that broke meanwhile says so itself; what was asked afterwards only says that it is over.
    if (transaction.isCompleted()) throw broken ?? error
    await Promise.resolve(transaction.rollback(error)).catch(() => undefined)
    throw error
  }
}

async function commit(
  transaction: Transaction,
  last: Statement | undefined,
  onCommit: () => void,
): Promise<JobRow[]> {
  const client: Sender = transaction.client
  const connection = await client.acquireConnection()
  onCommit()
  const writing = last && client.query(connection, toQuery(last))
  const committing = transaction.commit()
  const [written] = await Promise.all([writing, committing, transaction.executionPromise])
  return last?.makesJobs ? (written?.response?.rows ?? []) : []
}

/** Within the transaction, to be waited for. @returns the jobs that it wrote */
export async function sendStatement(transaction: Transaction, statement: Statement): Promise<JobRow[]> {
  const client: Sender = transaction.client
  const written = await client.query(await client.acquireConnection(), toQuery(statement))
  return statement.makesJobs ? (written.response?.rows ?? []) : []
}

const toQuery = ({ name, sql, bindings }: Statement) => ({ sql, bindings, options: { name } })
