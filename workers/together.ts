// Carries jobs out: takes their rows and runs their handlers in one transaction. Jobs of one kind and organisation that wait at the
// same time go together: their statements travel together, and they share one COMMIT and the statement that writes what they cause.
// Promise: a job that fails keeps no other back: all that went with it is undone, and each is carried out alone.

import type { Change, Origin } from '../shared/kit/store/change.ts'
import { takeJobs } from '../shared/kit/store/outbox.ts'
import type { KeptJob } from '../shared/kit/declare/job.ts'
import type { Due, Handler } from './handlers/handler.ts'
import { FailedEarlier, RetryLater } from './job-outcome.ts'
import { orUntil, type OutageWait } from './outage-wait.ts'

export type Carried = 'done' | 'repeated'

/** A job that rings; those that go together have the same handler. */
export interface Ringing {
  handler: Handler
  origin: Origin
  ring: { id: string; isFirst: boolean; begun: () => void }
}

export async function carryOutTogether(
  patience: OutageWait,
  ending: AbortSignal,
  ringing: readonly Ringing[],
): Promise<Carried[]> {
  const [first] = ringing
  if (!first) return []
  return patience.changes(first.origin, async (begin) => {
    const changes = ringing.map(({ origin, ring }) => {
      ring.begun()
      return begin(origin)
    })
    const rows = await takeRows(changes, ringing)
    const due = changes.flatMap((change, at) => dueOf(change, rows, ringing[at]))
    await orUntil(ending, first.handler.run(due))
    return ringing.map(({ ring }) => (rows.has(ring.id) ? 'done' : 'repeated'))
  })
}

async function takeRows(
  [change]: readonly Change[],
  ringing: readonly Ringing[],
): Promise<ReadonlyMap<string, KeptJob>> {
  const ids = ringing.map(({ ring }) => ring.id)
  const rows = change ? await takeJobs(change.db, ids) : []
  return new Map(rows.map((row) => [row.id, row]))
}

/** @returns none when its row is gone: it was carried out before */
function dueOf(
  change: Change,
  rows: ReadonlyMap<string, KeptJob>,
  ringing: Ringing | undefined,
): Due<unknown>[] {
  const row = ringing && rows.get(ringing.ring.id)
  if (!row) return []
  if (row.failedAt && ringing.ring.isFirst) throw new FailedEarlier(row.failedReason ?? 'It failed before.')
  if (row.dueAt && change.now < row.dueAt) throw new RetryLater(row.dueAt, 'early')
  return [{ change, payload: row.payload }]
}
