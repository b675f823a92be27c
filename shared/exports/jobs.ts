import { declareJob } from '../kit/declare/job.ts'
import { id, shape } from '../kit/declare/schema.ts'

const Ask = shape({ exportId: id('Export.') })

/**
 * Twice: it is DONE, or claimed by another. Late: what happened after it was asked for is not in it. A
 * worker that dies leaves nothing; the next one writes the whole of it under the same key.
 */
export const makeExportJob = declareJob('exports.make', Ask)

/** What an older release ordered. */
export const makeExportOldJob = declareJob('audit.export', Ask)

/** Twice: nothing is left to remove. Late: stays in the storage, but its link is dead. */
export const sweepExportsJob = declareJob('maintenance.sweepExports', shape({}))
