// Redis may lose everything: a flush, a failover, a full disk. The rows in `jobs` are what is still to be done; whatever
// Redis no longer knows of them is shipped again. One worker at a time does it.

import { rowsOf, type Db } from '../shared/kit/db.ts'
import { every } from '../shared/kit/every.ts'
import type { House } from '../shared/kit/house.ts'
import { queueOf } from '../shared/kit/queue.ts'
import { plus } from '../shared/kit/time.ts'

const INTERVAL = 10_000
/** Rows asked about in one go: one round trip to each of the two servers. */
const PAGE = 1000
/** Rows shipped more recently may be on their way. */
const GRACE = 5000

export function startReconciler(house: House): () => Promise<void> {
  return every(house, 'reconciler', INTERVAL, async () => {
    await reconcile(house)
    await mendFailed(house)
  })
}

/** @returns how many jobs Redis had lost */
export async function reconcile(house: House, grace = GRACE): Promise<number> {
  return house.db.transaction(async (db) => {
    const [lock] = await rowsOf<{ mine: boolean }>(db, `select pg_try_advisory_xact_lock(hashtext('reconcile')) as mine`)
    if (!lock?.mine) return 0
    let lost = 0
    for (let page = await pageAfter(house, db, undefined, grace); page.length > 0; page = await pageAfter(house, db, page.at(-1)?.id, grace)) {
      lost += await markLost(house, db, await house.queues.missing(page))
    }
    lost += await mendOverdue(house, db, grace)
    if (lost > 0) house.log.warn({ lost }, 'Redis lost jobs; they are shipped again')
    return lost
  })
}

/**
 * The relay ships whatever is not marked as shipped; a row that is being carried out is locked, and left alone. Where a job's
 * hash outlived what would ring it, nothing is added under its id again: it is taken away first, unless a living worker holds it.
 */
async function markLost(house: House, db: Db, lost: readonly JobKey[]): Promise<number> {
  if (lost.length === 0) return 0
  const removed = await Promise.all(lost.map(({ id, name }) => house.queues.get(queueOf(name)).remove(id)))
  const ids = lost.filter((_, at) => removed[at] === 1).map(({ id }) => id)
  const marked = await rowsOf(db, 'update jobs set shipped_at = null where id in (select id from jobs where id = any(:ids) for update skip locked) returning id', { ids })
  house.metrics.reshipped.inc({ by: 'reconciler' }, marked.length)
  return marked.length
}

/** What is overdue is looked for where it would be rung from: a queue may have lost some of its lists and sets (evicted, or by hand). */
async function mendOverdue(house: House, db: Db, grace: number): Promise<number> {
  const overdue = await rowsOf<JobKey>(db,
    `select id, name, due_at from jobs where failed_at is null and coalesce(due_at, created_at) < :before and shipped_at < clock_timestamp() - :grace * interval '1 millisecond'
       and ${OURS}
     order by coalesce(due_at, created_at) limit :limit`,
    { before: plus(house.clock.now(), -grace), grace, limit: PAGE, queues: namesOf(house) })
  const states = await house.queues.statesOf(overdue)
  const lost: JobKey[] = []
  for (const [at, job] of overdue.entries()) {
    // Its row would say if it had failed by a refusal or its attempts.
    if (states[at] === 'failed') await (await house.queues.get(queueOf(job.name)).getJob(job.id))?.retry('failed')
    if (states[at] === 'unknown' || states[at] === 'completed') lost.push(job)
  }
  return markLost(house, db, lost)
}

interface JobKey {
  id: string
  name: string
  dueAt: Date | null
}

/** A newer release may have queues that nobody here knows. */
const OURS = `split_part(name, '.', 1) = any(:queues)`
const namesOf = ({ queues }: House): string[] => queues.all.map(({ name }) => name)

async function pageAfter(house: House, db: Db, id: string | undefined, grace: number): Promise<JobKey[]> {
  return rowsOf<JobKey>(db,
    `select id, name, due_at from jobs where shipped_at < clock_timestamp() - :grace * interval '1 millisecond' and id > :id and ${OURS} order by id limit :limit`,
    { grace, id: id ?? '00000000-0000-0000-0000-000000000000', limit: PAGE, queues: namesOf(house) })
}

/**
 * Fails without its handler having said anything against it: whose workers died under it too often, and what a worker of an
 * older release did not know.
 */
const FAILED_UNHEARD = /stalled|^This process has no handler for|^job \S+ is unknown$/

/** What has no row is no longer to be done. */
export async function mendFailed(house: House): Promise<void> {
  for (const queue of house.queues.all) {
    const failed = await queue.getFailed(0, 100)
    if (failed.length === 0) continue
    const known = await idsAmong(house.db, failed.map(({ id }) => id ?? ''))
    for (const job of failed) {
      if (!known.has(job.id ?? '')) await job.remove()
      else if (FAILED_UNHEARD.test(job.failedReason)) await job.retry('failed')
    }
  }
}

async function idsAmong(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await rowsOf<{ id: string }>(db, 'select id from jobs where id::text = any(:ids)', { ids: [...ids] })
  return new Set(rows.map(({ id }) => id))
}
