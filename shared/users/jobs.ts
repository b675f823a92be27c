import { declareJob } from '../kit/declare/job.ts'
import { shape } from '../kit/declare/schema.ts'

/** Twice: nothing is left to delete. Late: deletes more. */
export const expireSessionsJob = declareJob('maintenance.forgetSessions', shape({}))
