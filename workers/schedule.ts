// The recurring jobs, in one table. The turn stands in a row, so that any number of workers begin each period once and
// a Redis that forgot everything changes nothing.

import { makeChange } from '../shared/kit/store/change.ts'
import { DAY, HOUR, MINUTE } from '../shared/kit/time/time.ts'
import { repeatEvery } from '../shared/kit/process/repeat.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { expireKeysJob } from '../shared/kit/store/idempotency.ts'
import type { JobDeclaration } from '../shared/kit/declare/job.ts'
import { takeTurn } from '../shared/kit/store/turn.ts'
import { expireMessagesJob } from '../shared/chat/jobs.ts'
import { expireSilentGuestsJob } from '../shared/erasure/jobs.ts'
import { sweepExportsJob } from '../shared/exports/jobs.ts'
import { sweepFilesJob } from '../shared/files/jobs.ts'
import { expireQuestionsJob } from '../shared/inbox/jobs.ts'
import { expireEventsJob } from '../shared/integrations/jobs.ts'
import { expireNotificationsJob } from '../shared/notifications/jobs.ts'
import { expireSessionsJob, resealSecretsJob } from '../shared/users/jobs.ts'

const LOOK = MINUTE

const RECURRING: readonly { job: JobDeclaration<object>; period: number }[] = [
  { job: expireKeysJob, period: HOUR },
  { job: expireSessionsJob, period: DAY },
  { job: resealSecretsJob, period: HOUR },
  { job: expireSilentGuestsJob, period: HOUR },
  { job: sweepFilesJob, period: HOUR },
  { job: sweepExportsJob, period: HOUR },
  { job: expireMessagesJob, period: DAY },
  { job: expireQuestionsJob, period: DAY },
  { job: expireEventsJob, period: DAY },
  { job: expireNotificationsJob, period: DAY },
]

export function startSchedule(runtime: Runtime): () => Promise<void> {
  return repeatEvery(runtime, 'schedule', LOOK, () => enqueueDue(runtime))
}

export async function enqueueDue(runtime: Runtime): Promise<void> {
  for (const { job, period } of RECURRING) {
    await makeChange(runtime, { requestId: `schedule ${job.name}` }, async (change) => {
      if (await takeTurn(change.db, job.name, period, change.now)) change.enqueue(job, {})
    })
  }
}
