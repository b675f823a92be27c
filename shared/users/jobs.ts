import { declareJob } from '../kit/job.ts'
import { shape } from '../kit/schema.ts'

/** Twice: nothing is left to delete. Late: deletes more. */
export const expireSessionsJob = declareJob('maintenance.forgetSessions', shape({}))
