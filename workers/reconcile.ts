// Redis may lose everything: a flush, a failover, a full disk. The rows in `jobs` are what is still to be done; whatever
// Redis no longer knows of them is shipped again. One worker at a time does it.
// Promise: what is due is done, whatever Redis believes, and a pass costs the same however many alarms wait for their time.
// Not promised: that an alarm whose entry alone was lost is missed before it is due.

import { rowsOf, type Db } from '../shared/kit/store/db.ts'
import { repeatEvery } from '../shared/kit/process/repeat.ts'
import type { JobRow } from '../shared/kit/declare/job.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { queueOf } from '../shared/kit/store/queue.ts'
import { MINUTE, plusMs } from '../shared/kit/time/time.ts'
import { reviveFailed } from './revive.ts'

const LOOK = 1000
/** So many looks at a sign are one pass over all of them, and over what is overdue. */
const LOOKS_OF_PASS = 10
/** Rows asked about in one go: one round trip to each of the two servers. */
const PAGE = 1000
/** Rows that a sweep hands to Redis in one go, and how many goes travel together: well within what a producer waits for. */
const GO = 250
const SWEPT_PAGE = 4 * GO
/** What rings before that is back at once. */
const SOON = 30_000
/** What became due, or was shipped, more recently may be on its way. */
const GRACE = 5000
/** Longer than any pause between two attempts (queue.ts): an entry that is to ring so much later has the wrong time. */
const FAR = 2 * MINUTE

/** How far the look at overdue rows has come: all of them are looked at in turn, a page in each pass. */
export interface Walk {
  after: { at: string; id: string } | undefined
}

export function startReconciler(runtime: Runtime): () => Promise<void> {
  const walk: Walk = { after: undefined }
  let looks = 0
  return repeatEvery(runtime, 'reconciler', LOOK, async () => {
    // A Redis that lost everything is noticed at the first look, by whichever sign.
    if (++looks % LOOKS_OF_PASS > 0 && (await runtime.queues.hasSign(looks))) return
    await reconcileQueues(runtime, GRACE, walk)
    await recoverFailedJobs(runtime)
  })
}

/** @returns how many jobs Redis had lost */
export async function reconcileQueues(
  runtime: Runtime,
  grace = GRACE,
  walk: Walk = { after: undefined },
): Promise<number> {
  return runtime.db.transaction(async (db) => {
    const [lock] = await rowsOf<{ mine: boolean }>(
      db,
      `select pg_try_advisory_xact_lock(hashtext('reconcile')) as mine`,
    )
    if (!lock?.mine) return 0
    await reviveFailed(runtime, db)
    const lost = (await sweepEmptied(runtime, db)) + (await mendOverdue(runtime, db, grace, walk))
    if (lost > 0) runtime.log.warn({ lost }, 'Redis lost jobs; they are shipped again')
    return lost
  })
}

/** All rows of a queue are asked after when Redis has lost that it was whole: then it has lost more. */
async function sweepEmptied(runtime: Runtime, db: Db): Promise<number> {
  const emptied = await runtime.queues.beginSweep()
  if (emptied.length === 0) return 0
  let lost = await leaveToRelay(runtime, db, emptied)
  // PostgreSQL reads a page while Redis takes the one before.
  for (let reading = pageAfter(db, emptied); ;) {
    const page = await reading
    if (page.length === 0) break
    reading = pageAfter(db, emptied, page.at(-1)?.id)
    // What fails here is heard by whoever awaits it next.
    reading.catch(() => undefined)
    lost += await shipAgain(runtime, page)
  }
  await runtime.queues.endSweep(emptied)
  return lost
}

/**
 * Where Redis has nothing left, an alarm that does not ring soon becomes a row alone again: the relay hands those over in the
 * order in which they ring. However many there were, this takes PostgreSQL a moment, and nobody waits behind alarms of later.
 */
async function leaveToRelay(
  { queues, clock, metrics }: Runtime,
  db: Db,
  emptied: readonly string[],
): Promise<number> {
  const later = { soon: plusMs(clock.now(), SOON), queues: [...emptied], limit: PAGE }
  const some = await rowsOf<JobKey>(
    db,
    `select id, name, due_at from jobs where ${LATER} limit :limit`,
    later,
  )
  if (some.length === 0 || !(await queues.hasNone(some))) return 0
  const [left] = await rowsOf<{ count: number }>(
    db,
    `with later as (select id from jobs where ${LATER} for update skip locked),
       marked as (update jobs set shipped_at = null from later where jobs.id = later.id returning 1)
     select count(*)::int as count from marked`,
    later,
  )
  metrics.reshipped.inc({ by: 'reconciler' }, left?.count ?? 0)
  return left?.count ?? 0
}

/** Without marking the rows: the sign is set only when all are shipped. What is done meanwhile finds no row. */
async function shipAgain({ queues, metrics }: Runtime, page: readonly JobRow[]): Promise<number> {
  const goes = Array.from({ length: Math.ceil(page.length / GO) }, (_, at) =>
    page.slice(at * GO, (at + 1) * GO),
  )
  const counts = await Promise.all(
    goes.map(async (rows) => {
      const lost = await queues.clear(await queues.missing(rows))
      await queues.add(lost)
      return lost.length
    }),
  )
  const lost = counts.reduce((sum, each) => sum + each, 0)
  metrics.reshipped.inc({ by: 'reconciler' }, lost)
  return lost
}

/**
 * The relay ships whatever is not marked as shipped; a row that is being carried out is locked, and left alone. Where a job's
 * hash outlived what would ring it, nothing is added under its id again: it is taken away first, unless a living worker holds it.
 */
async function markLost(runtime: Runtime, db: Db, lost: readonly JobKey[]): Promise<number> {
  if (lost.length === 0) return 0
  const ids = (await runtime.queues.clear(lost)).map(({ id }) => id)
  const marked = await rowsOf(
    db,
    'update jobs set shipped_at = null where id in (select id from jobs where id = any(:ids) for update skip locked) returning id',
    { ids },
  )
  runtime.metrics.reshipped.inc({ by: 'reconciler' }, marked.length)
  return marked.length
}

/** What is overdue is looked for where it would be rung from: a queue may have lost some of its lists and sets (evicted, or by hand). */
async function mendOverdue(runtime: Runtime, db: Db, grace: number, walk: Walk): Promise<number> {
  const overdue = await overdueAfter(runtime, db, grace, walk)
  const last = overdue.length === PAGE ? overdue.at(-1) : undefined
  walk.after = last && { at: last.at, id: last.id }
  const states = await runtime.queues.statesOf(overdue)
  const lost = overdue.filter((_, at) => states[at] === 'unknown' || states[at] === 'completed')
  for (const [at, job] of overdue.entries()) await ringNow(runtime, job, states[at])
  return markLost(runtime, db, lost)
}

/** Whoever begins it meanwhile has been first, and then nothing is left to be done. */
async function ringNow(runtime: Runtime, { id, name }: JobKey, state: string | undefined): Promise<void> {
  const queue = runtime.queues.get(queueOf(name))
  // Its row would say if it had failed by a refusal or its attempts.
  if (state === 'failed')
    await (await queue.getJob(id))?.retry('failed', { resetAttemptsMade: true }).catch(() => undefined)
  if (state !== 'delayed') return
  const ringsAt = await runtime.queues.ringsAt({ id, name })
  if (ringsAt && ringsAt > plusMs(runtime.clock.now(), FAR))
    await (await queue.getJob(id))?.promote().catch(() => undefined)
}

interface JobKey {
  id: string
  name: string
  dueAt: Date | null
}

/** A newer release may have queues that nobody here knows. */
const OURS = `split_part(name, '.', 1) = any(:queues)`

/** Instants as PostgreSQL writes them: they are finer than ours. */
async function overdueAfter(
  runtime: Runtime,
  db: Db,
  grace: number,
  { after }: Walk,
): Promise<(JobKey & { at: string })[]> {
  return rowsOf(
    db,
    `select id, name, due_at, coalesce(due_at, created_at)::text as at from jobs
     where failed_at is null and coalesce(due_at, created_at) < :before
     and shipped_at < clock_timestamp() - :grace * interval '1 millisecond' and ${OURS}
       and (coalesce(due_at, created_at), id) > (:at::timestamptz, :id::uuid)
     order by coalesce(due_at, created_at), id limit :limit`,
    {
      before: plusMs(runtime.clock.now(), -grace),
      grace,
      limit: PAGE,
      queues: runtime.queues.all.map(({ name }) => name),
      at: after?.at ?? '-infinity',
      id: after?.id ?? FIRST_ID,
    },
  )
}

const LATER = `shipped_at is not null and failed_at is null and due_at > :soon and ${OURS}`

const FIRST_ID = '00000000-0000-0000-0000-000000000000'

async function pageAfter(db: Db, queues: readonly string[], id = FIRST_ID): Promise<JobRow[]> {
  return rowsOf<JobRow>(
    db,
    `select id, name, payload, due_at, request_id, org_id from jobs
     where shipped_at is not null and id > :id and ${OURS} order by id limit :limit`,
    { id, limit: SWEPT_PAGE, queues: [...queues] },
  )
}

/**
 * Fails without its handler having said anything against it: whose workers died under it too often, and what a worker of an
 * older release did not know.
 */
const FAILED_UNHEARD = /stalled|^This process has no handler for|^job \S+ is unknown$/

/** What has no row is no longer to be done. */
export async function recoverFailedJobs(runtime: Runtime): Promise<void> {
  for (const queue of runtime.queues.all) {
    const failed = await queue.getFailed(0, 100)
    if (failed.length === 0) continue
    const known = await idsAmong(
      runtime.db,
      failed.map(({ id }) => id ?? ''),
    )
    for (const job of failed) {
      if (!known.has(job.id ?? '')) await job.remove()
      else if (FAILED_UNHEARD.test(job.failedReason)) await job.retry('failed')
    }
  }
}

async function idsAmong(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await rowsOf<{ id: string }>(db, 'select id from jobs where id::text = any(:ids)', {
    ids: [...ids],
  })
  return new Set(rows.map(({ id }) => id))
}
