// What failed for good because a server was away is tried once more. Jobs wait for servers today (outage-wait.ts), but older
// releases spent their attempts on them, and a storage of files, say, has no more than its attempts.

import { rowsOf, type Db } from '../shared/kit/store/db.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { reviveJobs } from '../shared/kit/store/outbox.ts'
import { saysOutage } from '../shared/kit/store/outage.ts'
import { queueOf } from '../shared/kit/store/queue.ts'

/** Failed rows that are judged in one pass; each is judged once. */
const PAGE = 1000

interface FailedRow {
  id: string
  name: string
  failedReason: string | null
}

/** A row that has not failed is due: the reconciler has it rung. @returns how many */
export async function reviveFailed(runtime: Runtime, db: Db): Promise<number> {
  const failed = await rowsOf<FailedRow>(
    db,
    `update jobs set failure_judged_at = clock_timestamp() where id in (
       select id from jobs where failed_at is not null and failure_judged_at is null
       and split_part(name, '.', 1) = any(:queues) limit :limit for update skip locked)
     returning id, name, failed_reason`,
    { queues: runtime.queues.all.map(({ name }) => name), limit: PAGE },
  )
  const reasons = await Promise.all(failed.map((row) => reasonOf(runtime, row)))
  const ids = failed.filter((_, at) => saysOutage(reasons[at] ?? '')).map(({ id }) => id)
  if (ids.length === 0) return 0
  await reviveJobs(db, ids)
  runtime.log.warn(
    { jobs: ids.length, jobIds: ids.slice(0, 10) },
    'jobs that failed because a server was away are tried again',
  )
  return ids.length
}

/** Older releases left it to Redis. */
async function reasonOf({ queues }: Runtime, { id, name, failedReason }: FailedRow): Promise<string> {
  return failedReason ?? (await queues.get(queueOf(name)).getJob(id))?.failedReason ?? ''
}
