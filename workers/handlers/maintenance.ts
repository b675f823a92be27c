import { eraseWordsOf } from '../../shared/erasure/actions.ts'
import { endGuestsWhoNeverWrote } from '../../shared/erasure/actions/guests.ts'
import { endSilentGuests, eraseWords } from '../../shared/erasure/jobs.ts'
import { removeExpired } from '../../shared/exports/actions.ts'
import { sweepExports } from '../../shared/exports/jobs.ts'
import { eraseRemoved, sweepOrphans } from '../../shared/files/actions.ts'
import { eraseFiles, sweepFiles } from '../../shared/files/jobs.ts'
import { forgetKeys, forgetOldKeys } from '../../shared/kit/idempotency.ts'
import { forgetOldNotifications } from '../../shared/notifications/actions/keep.ts'
import { forgetNotifications } from '../../shared/notifications/jobs.ts'
import { forgetOldSessions } from '../../shared/users/actions/sessions.ts'
import { forgetSessions } from '../../shared/users/jobs.ts'
import { handle } from './handler.ts'

export const maintenanceHandlers = [
  handle(forgetKeys, forgetOldKeys),
  handle(forgetSessions, forgetOldSessions),
  handle(sweepFiles, sweepOrphans),
  handle(eraseFiles, eraseRemoved),
  handle(sweepExports, removeExpired),
  handle(eraseWords, (change, { orgId, userId }) => eraseWordsOf(change, orgId, userId)),
  handle(endSilentGuests, endGuestsWhoNeverWrote),
  handle(forgetNotifications, forgetOldNotifications),
]
