import { declareJob } from '../kit/declare/job.ts'
import { id, shape } from '../kit/declare/schema.ts'

/** Twice: it was told. Late: still told, it did happen. */
export const notifyStaffJob = declareJob(
  'notifications.tellEvent',
  shape({ eventId: id('Event, by our own id.') }),
)

/** Twice: nothing is left to delete. Late: deletes more. */
export const expireEventsJob = declareJob('maintenance.forgetEvents', shape({}))
