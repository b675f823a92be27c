import { job } from '../kit/job.ts'
import { id, shape } from '../kit/schema.ts'

/** Twice: it was told. Late: still told, it did happen. */
export const tellEvent = job('notifications.tellEvent', shape({ eventId: id('Event, by our own id.') }))

/** Twice: nothing is left to delete. Late: deletes more. */
export const forgetEvents = job('maintenance.forgetEvents', shape({}))
