import { job } from '../kit/job.ts'
import { id, shape } from '../kit/schema.ts'

const Ask = shape({ exportId: id('Export.') })

/** Twice: it is DONE, or claimed by another. Late: what happened after it was asked for is not in it. A worker that dies leaves nothing; the next one writes the whole of it under the same key. */
export const makeExport = job('exports.make', Ask)

/** What an older release ordered. */
export const makeExportBefore = job('audit.export', Ask)

/** Twice: nothing is left to remove. Late: stays in the storage, but its link is dead. */
export const sweepExports = job('maintenance.sweepExports', shape({}))
