import { declareJob } from '../kit/declare/job.ts'
import { id, shape } from '../kit/declare/schema.ts'

/** What somebody said and uploaded: may be a lot. Carries no name. Twice: nothing is left. Late: stays until then. */
export const eraseWordsJob = declareJob(
  'maintenance.eraseWords',
  shape({ orgId: id('Organisation.'), userId: id('Whose.') }),
)

/** Guests who came and wrote nothing. Twice: they are gone. Late: they stay until then. */
export const expireSilentGuestsJob = declareJob('maintenance.endSilentGuests', shape({}))
