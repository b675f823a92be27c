// Runs the jobs of one queue. For each: take its row, run its handler in the same transaction, commit, ship what it caused;
// what reaches outside goes its own way (outside.ts).
// Promise: what a handler does to the database it does once, however often the job rings. Not promised: that it is tried
// only once, or at once.

import { setMaxListeners } from 'node:events'
import type { Config } from '../shared/kit/process/config.ts'
import { systemClock } from '../shared/kit/process/clock.ts'
import { plusMs, SECOND } from '../shared/kit/time/time.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { LONG_QUEUES } from '../shared/kit/declare/job.ts'
import { queuePrefix, Worker, type JobData, type QueuedJob } from '../shared/kit/store/queue.ts'
import { ConcurrencyShares } from '../shared/kit/process/concurrency-shares.ts'
import { openBlocking, type Redis } from '../shared/kit/store/redis.ts'
import { throttledWarning } from '../shared/kit/process/throttled-log.ts'
import { RetryLater, concludeJob, jobOutcomeOf } from './job-outcome.ts'
import { OfNewerRelease, type AnyHandler } from './handlers/handler.ts'
import { reachOutside } from './outside.ts'
import { JobHandedBack, openOutageWait, type OutageWait } from './outage-wait.ts'
import { runCrashSuspect } from './crash-suspects.ts'
import { Gathering } from '../shared/kit/store/gathering.ts'
import { carryOutTogether, type Carried, type Ringing } from './together.ts'

export interface Runner {
  readonly queue: string
  /** Takes no more jobs and waits for those under way; `handBack` gives up on them. */
  close(): Promise<void>
  handBack(): void
}

interface Lane {
  runtime: Runtime
  handlers: ReadonlyMap<string, AnyHandler>
  ending: AbortSignal
  patience: OutageWait
  gathering: Gathering<Ringing, Carried>
  /** Of each organisation. */
  lanes: ConcurrencyShares
  places: number
}

/** An organisation whose jobs take longer holds at most half of the places that others leave. */
const SLOW_AFTER = SECOND

/** Only a handler's own refusals and attempts end a job; one that ends its workers is ended by crash-suspects.ts. */
const ANY_NUMBER = 1_000_000

/** What the queues of a process share. Each waits for its jobs on a connection of its own, made like this one. */
export interface Shared {
  connection: Redis
  /** Of trouble with the servers, which they all have at once. */
  warn: ReturnType<typeof throttledWarning>
}

const openAlone = (runtime: Runtime): Shared => ({
  connection: openBlocking(runtime.config),
  warn: throttledWarning(runtime),
})

/** @param shared with others; closed by whoever opened it */
export function runQueue(
  serving: Runtime,
  queue: string,
  handlers: ReadonlyMap<string, AnyHandler>,
  shared?: Shared,
): Runner {
  const isLong = LONG_QUEUES.includes(queue)
  const runtime = isLong ? { ...serving, db: serving.longDb } : serving
  const { connection, warn } = shared ?? openAlone(serving)
  const ending = new AbortController()
  setMaxListeners(0, ending.signal)
  const places = isLong ? runtime.config.WORKER_LONG_CONCURRENCY : runtime.config.WORKER_CONCURRENCY
  const patience = openOutageWait(runtime, ending.signal, warn)
  const gathering = new Gathering((ringing: readonly Ringing[]) =>
    carryOutTogether(patience, ending.signal, ringing),
  )
  const lanes = new ConcurrencyShares()
  const lane = { runtime, handlers, ending: ending.signal, patience, gathering, lanes, places }
  const worker = new Worker<JobData>(queue, (job, token) => traceJob(lane, job, token), {
    connection,
    prefix: queuePrefix(runtime.config, queue),
    concurrency: places,
    ...optionsOf(runtime.config),
  })
  worker.on('error', (error) => warn({ err: error, queue }, 'queue connection failed'))
  worker.on('failed', (job, error) => {
    if (job?.finishedOn === undefined) sayRetry(runtime, queue, job, error)
  })
  return {
    queue,
    handBack: () => ending.abort(new JobHandedBack('The worker is stopping.')),
    async close() {
      // A worker cannot say goodbye to a Redis that is away: it would wait for it for ever.
      await worker.close(runtime.redis.status !== 'ready')
      if (!shared) connection.disconnect()
    },
  }
}

const optionsOf = ({ JOB_LOCK }: Config) => ({
  // A worker that was killed loses its jobs to another after at most lock + interval.
  lockDuration: JOB_LOCK,
  stalledInterval: Math.ceil(JOB_LOCK / 2),
  maxStalledCount: ANY_NUMBER,
  // What was done and what failed in each minute of a day: Bull Board draws it. Redis counts it in the same step.
  metrics: { maxDataPoints: 24 * 60 },
})

function sayRetry(
  { log }: Runtime,
  queue: string,
  job: QueuedJob<JobData> | undefined,
  error: unknown,
): void {
  log.warn(
    {
      err: error,
      queue,
      job: job?.name,
      jobId: job?.id,
      attempt: job?.attemptsMade,
      requestId: job?.data.requestId,
    },
    'job failed; it will be tried again',
  )
}

/** In the trace of the request that caused it. */
function traceJob(lane: Lane, job: QueuedJob<JobData>, token: string | undefined): Promise<void> {
  const { requestId } = job.data
  const attributes = { 'messaging.message.id': job.id ?? '', 'bellhop.attempt': job.attemptsStarted }
  return lane.runtime.tracing.follow({ name: job.name, kind: 'consumer', requestId, attributes }, () =>
    runJob(lane, job, token),
  )
}

async function runJob(lane: Lane, job: QueuedJob<JobData>, token: string | undefined): Promise<void> {
  const { runtime, handlers, patience, ending } = lane
  const timer = runtime.metrics.jobs.startTimer({ job: job.name })
  try {
    const run = (): Promise<string> => inTurn(lane, job, (begun) => carryOut(lane, job, begun))
    const outcome =
      job.stalledCounter > 0 ? await runCrashSuspect(runtime, patience, ending, job, run) : await run()
    timer({ outcome })
    runtime.log.debug({ job: job.name, jobId: job.id, outcome, requestId: job.data.requestId }, 'job')
  } catch (error) {
    timer({ outcome: jobOutcomeOf(error) })
    throw await concludeJob(runtime, patience, handlers.get(job.name), error, job, token)
  }
}

/**
 * Whose slow jobs have their places already comes back in a moment, by the machine's clock, as queues do; no attempt is
 * charged. The system's own jobs are few; and while a server is away all are slow.
 */
async function inTurn(
  lane: Lane,
  job: QueuedJob<JobData>,
  run: (begun: () => void) => Promise<string>,
): Promise<string> {
  const { orgId } = job.data
  if (!orgId || !lane.patience.isCalm()) return run(() => undefined)
  const wait = lane.lanes.enter(orgId, { all: lane.places, longest: Infinity, slowAfter: SLOW_AFTER })
  if (wait !== undefined) throw new RetryLater(plusMs(systemClock.now(), wait), 'early')
  let hasBegun = false
  const begun = (): void => {
    if (!hasBegun) lane.lanes.begin(orgId)
    hasBegun = true
  }
  try {
    return await run(begun)
  } finally {
    lane.lanes.leave(orgId)
  }
}

/** @param begun to be told when it has its connection: others wait for those, too */
async function carryOut(
  { runtime, handlers, ending, patience, gathering }: Lane,
  job: QueuedJob<JobData>,
  begun: () => void,
): Promise<Carried> {
  if (!job.name) return passShell(runtime, job)
  const handler = handlers.get(job.name)
  const origin = { requestId: job.data.requestId, orgId: job.data.orgId ?? null }
  const ring = {
    id: job.id ?? '',
    isFirst: job.attemptsStarted === 1,
    begun,
    progress: (percent: number) => job.updateProgress(percent),
  }
  if (!handler) throw new OfNewerRelease(`There is no handler for ${job.name}`)
  if ('reach' in handler) return reachOutside(runtime, patience, ending, handler, origin, ring)
  // What may have ended its worker is run alone.
  const line = handler.isGathered && origin.orgId && job.stalledCounter === 0 ? origin.orgId : ring.id
  return gathering.join(`${job.name} ${line}`, { handler, origin, ring })
}

/** Redis lost the job's hash, and kept its id in a list. What is over in the queue and not in its row is shipped again (reconcile.ts). */
function passShell(runtime: Runtime, job: QueuedJob<JobData>): 'repeated' {
  runtime.log.warn({ queue: job.queueName, jobId: job.id }, 'Redis lost what a job was; it is shipped again')
  return 'repeated'
}
