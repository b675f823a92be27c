import { declareJob } from '../kit/declare/job.ts'
import { shape } from '../kit/declare/schema.ts'

/** Twice: nothing is left to delete. Late: deletes more. */
export const expireSessionsJob = declareJob('maintenance.forgetSessions', shape({}))

/** Twice: nothing is left to seal anew. Late: the older secret has to stay listed until then. */
export const resealSecretsJob = declareJob('maintenance.resealSecrets', shape({}))
