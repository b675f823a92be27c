// The recurring jobs, in one table. The turn stands in a row, so that any number of workers begin each period once and
// a Redis that forgot everything changes nothing.

import { makeChange } from '../shared/kit/change.ts'
import { DAY, HOUR, MINUTE } from '../shared/kit/time.ts'
import { every } from '../shared/kit/every.ts'
import type { House } from '../shared/kit/house.ts'
import { forgetKeys } from '../shared/kit/idempotency.ts'
import type { Job } from '../shared/kit/job.ts'
import { takeTurn } from '../shared/kit/turn.ts'
import { forgetMessages } from '../shared/chat/jobs.ts'
import { endSilentGuests } from '../shared/erasure/jobs.ts'
import { sweepExports } from '../shared/exports/jobs.ts'
import { sweepFiles } from '../shared/files/jobs.ts'
import { forgetQuestions } from '../shared/inbox/jobs.ts'
import { forgetEvents } from '../shared/integrations/jobs.ts'
import { forgetNotifications } from '../shared/notifications/jobs.ts'
import { forgetSessions } from '../shared/users/jobs.ts'

const LOOK = MINUTE

const RECURRING: readonly { job: Job<object>; period: number }[] = [
  { job: forgetKeys, period: HOUR },
  { job: forgetSessions, period: DAY },
  { job: endSilentGuests, period: HOUR },
  { job: sweepFiles, period: HOUR },
  { job: sweepExports, period: HOUR },
  { job: forgetMessages, period: DAY },
  { job: forgetQuestions, period: DAY },
  { job: forgetEvents, period: DAY },
  { job: forgetNotifications, period: DAY },
]

export function startSchedule(house: House): () => Promise<void> {
  return every(house, 'schedule', LOOK, () => enqueueDue(house))
}

export async function enqueueDue(house: House): Promise<void> {
  for (const { job, period } of RECURRING) {
    await makeChange(house, { requestId: `schedule ${job.name}` }, async (change) => {
      if (await takeTurn(change.db, job.name, period, change.now)) change.enqueue(job, {})
    })
  }
}
