import { eraseWordsOf } from '../../shared/erasure/actions.ts'
import { expireSilentGuests } from '../../shared/erasure/actions/guests.ts'
import { expireSilentGuestsJob, eraseWordsJob } from '../../shared/erasure/jobs.ts'
import { sweepExpiredExports } from '../../shared/exports/actions.ts'
import { sweepExportsJob } from '../../shared/exports/jobs.ts'
import { eraseRemoved, sweepOrphans } from '../../shared/files/actions.ts'
import { eraseFilesJob, sweepFilesJob } from '../../shared/files/jobs.ts'
import { expireKeysJob, expireKeys } from '../../shared/kit/store/idempotency.ts'
import { expireNotifications } from '../../shared/notifications/actions/retry.ts'
import { expireNotificationsJob } from '../../shared/notifications/jobs.ts'
import { expireSessions } from '../../shared/users/actions/sessions.ts'
import { resealSecrets } from '../../shared/users/actions/second-factor.ts'
import { expireSessionsJob, resealSecretsJob } from '../../shared/users/jobs.ts'
import { resealIssuers } from '../../shared/issuers/actions/keep.ts'
import { handleJob } from './handler.ts'

export const maintenanceHandlers = [
  handleJob(expireKeysJob, expireKeys),
  handleJob(expireSessionsJob, expireSessions),
  handleJob(resealSecretsJob, async (change) => {
    await resealSecrets(change)
    await resealIssuers(change)
  }),
  handleJob(sweepFilesJob, sweepOrphans),
  handleJob(eraseFilesJob, eraseRemoved),
  handleJob(sweepExportsJob, sweepExpiredExports),
  handleJob(eraseWordsJob, (change, { orgId, userId }) => eraseWordsOf(change, orgId, userId)),
  handleJob(expireSilentGuestsJob, expireSilentGuests),
  handleJob(expireNotificationsJob, expireNotifications),
]
