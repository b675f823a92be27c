import { declareJob } from '../kit/declare/job.ts'
import { shape } from '../kit/declare/schema.ts'

/** Twice: what is marked is not marked again. Late: orphans stay a little longer. */
export const sweepFilesJob = declareJob('maintenance.sweepFiles', shape({}))

/** Twice: bytes that are gone are no error, and their rows are gone too. Late: bytes stay that nobody can read. */
export const eraseFilesJob = declareJob('maintenance.eraseFiles', shape({}))
