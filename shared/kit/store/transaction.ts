// A transaction whose BEGIN travels with its first statement, and its COMMIT with its last: two round trips less. The server
// answers in order, and refuses what comes after something that failed: its COMMIT then undoes everything.

import type { JobRow } from '../declare/job.ts'
import type { Db, Transaction } from './db.ts'
import { sendOver, sendStatement, type Statement } from './statement.ts'

/** What a change writes at its end. */
export interface LastStatement extends Statement {
  /** Whether it answers the rows of jobs that it wrote. */
  makesJobs: boolean
}

/**
 * Runs the work, and commits together with its last statement.
 * @param work @returns what comes of it, and a last statement, if there is one, which nothing has to wait for
 * @param onCommit when the commit is about to be sent: before that, what fails has undone everything
 * @returns what came of it, and the jobs that the last statement wrote
 */
export async function runTransaction<T>(
  db: Db,
  work: (transaction: Transaction) => Promise<{ value: T; last: LastStatement | undefined }>,
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
  last: LastStatement | undefined,
  onCommit: () => void,
): Promise<JobRow[]> {
  const { client } = transaction
  const connection: unknown = await client.acquireConnection()
  onCommit()
  const writing = last && sendOver(client, connection, last)
  const committing = transaction.commit()
  const [rows = []] = await Promise.all([writing, committing, transaction.executionPromise])
  return last?.makesJobs ? (rows as JobRow[]) : []
}

/** Within the transaction, to be waited for. @returns the jobs that it wrote */
export async function writeNow(transaction: Transaction, statement: LastStatement): Promise<JobRow[]> {
  const rows = await sendStatement(transaction, statement)
  return statement.makesJobs ? (rows as JobRow[]) : []
}

/** What runs side by side within a transaction: none goes on when it is over. @throws what the first of them threw that failed */
export async function untilAllEnded(runs: readonly Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(runs)) if (end.status === 'rejected') throw end.reason
}
