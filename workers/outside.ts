// Carries out a job that reaches outside: claim, reach, record. Two short changes, and nothing open between them.
// Promise: the job's row stays until its end is written down, so that a worker that is killed on the way leaves a claim
// behind and somebody tries again. Not promised: that the other side hears it only once.

import type { DeliveryResult } from '../shared/kit/outside/delivery-result.ts'
import type { Change, Origin } from '../shared/kit/store/change.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { holdJob, postponeJob, takeJobs } from '../shared/kit/store/outbox.ts'
import type { LongWork, ExternalWork, ExternalOutcome } from '../shared/kit/outside/external-work.ts'
import { UnrecoverableError } from '../shared/kit/store/queue.ts'
import { RetryLater, FailedEarlier } from './job-outcome.ts'
import type { OutsideHandler } from './handlers/handler.ts'
import { orUntil, type OutageWait } from './outage-wait.ts'

/** The job as it rang: whether for the first time since it was handed to Redis. */
interface RungJob {
  id: string
  isFirst: boolean
  /** Told when work on it begins. */
  begun: () => void
  progress: (percent: number) => Promise<void>
}

/** Each step waits by itself for servers that are away: what was attempted is written down, not attempted again. */
export async function reachOutside(
  runtime: Runtime,
  patience: OutageWait,
  ending: AbortSignal,
  handler: OutsideHandler,
  origin: Origin,
  ring: RungJob,
): Promise<'done' | 'repeated'> {
  const claimed = await patience.change(origin, (claiming) => claim(claiming, handler, ring))
  if (typeof claimed === 'string') return claimed
  if ('notBefore' in claimed) throw new RetryLater(claimed.notBefore, 'early')
  const attempt = await patience.doAgain(origin, () =>
    orUntil(ending, handler.reach(outsideOf(runtime), claimed.work, longWorkOf(runtime, ring))),
  )
  const verdict = await patience.change(origin, (recording) =>
    record(recording, handler, ring.id, claimed.work, attempt),
  )
  if (verdict === 'done') return 'done'
  if ('again' in verdict) throw new RetryLater(verdict.again, 'again')
  // What the other side said stands in the delivery, for whom it concerns; the board is another organisation's.
  throw new UnrecoverableError('The delivery was given up; it says why')
}

const outsideOf = ({ config, clock, mailer, outgoing, outgoingPush }: Runtime): ExternalWork => ({
  config,
  now: clock.now(),
  mailer,
  outgoing,
  outgoingPush,
})

export const longWorkOf = (
  { longDb, clock, stream }: Pick<Runtime, 'longDb' | 'clock' | 'stream'>,
  { progress }: Pick<RungJob, 'progress'>,
): LongWork => ({ db: longDb, now: () => clock.now(), progress, append: (entry) => stream.append(entry) })

type Claim = 'done' | 'repeated' | { notBefore: Date } | { work: unknown }

async function claim(
  change: Change,
  handler: OutsideHandler,
  { id: jobId, isFirst, begun }: RungJob,
): Promise<Claim> {
  begun()
  const row = await holdJob(change.db, jobId)
  if (!row) return 'repeated'
  if (row.failedAt && isFirst) throw new FailedEarlier(row.failedReason ?? 'It failed before.')
  if (row.dueAt && change.now < row.dueAt) return { notBefore: row.dueAt }
  const claimed = await handler.claim(change, row.payload)
  if (!claimed) await takeJobs(change.db, [jobId])
  else if ('notBefore' in claimed) await postponeJob(change.db, jobId, claimed.notBefore)
  return claimed ?? 'done'
}

/**
 * Given up: the row stays, for whoever looks at the board and tries it again. The same lock first as in a
 * claim, so that two do not wait for each other.
 */
async function record(
  change: Change,
  handler: OutsideHandler,
  jobId: string,
  work: unknown,
  attempt: DeliveryResult,
): Promise<ExternalOutcome> {
  if (!(await holdJob(change.db, jobId))) return 'done'
  const verdict = await handler.record(change, work, attempt)
  if (verdict === 'done') await takeJobs(change.db, [jobId])
  else if ('again' in verdict) await postponeJob(change.db, jobId, verdict.again)
  return verdict
}
