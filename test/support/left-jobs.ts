// Waits until jobs are done, and where some are not, says what became of them: a stall should explain itself.

import type { Db } from '../../shared/kit/store/db.ts'
import { rowsOf } from '../../shared/kit/store/db.ts'
import type { Queues } from '../../shared/kit/store/queue.ts'
import { until } from './until.ts'

/** Of so many of those that are left. */
const SHOWN = 5

/** @param like the names of the jobs, as SQL has it */
export async function untilJobsDone(
  { db, queues }: { db: Db; queues: Queues },
  like: string,
  within: number,
): Promise<void> {
  await until(
    'the jobs are done',
    async () => (await db('jobs').where('name', 'like', like).limit(1)).length === 0,
    within,
  ).catch(async (error: unknown) => {
    throw new Error(`${String(error)}; left: ${await describeLeft(db, queues, like)}`)
  })
}

async function describeLeft(db: Db, queues: Queues, like: string): Promise<string> {
  const left = await rowsOf<{ id: string; name: string; dueAt: Date | null }>(
    db,
    `select id, name, created_at, due_at, shipped_at, failed_at, failed_reason, crashes, count(*) over () as of_all
     from jobs where name like :like order by created_at limit :limit`,
    { like, limit: SHOWN },
  )
  const states = await queues.statesOf(left)
  return JSON.stringify(left.map((row, at) => ({ ...row, inRedis: states[at] })))
}
