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
  handle(forgetNotifications, forgetOldNotifications),
]
