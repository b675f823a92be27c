import { tellAdmins } from '../../shared/audit/jobs.ts'
import { runExport } from '../../shared/exports/actions.ts'
import { makeExport } from '../../shared/exports/jobs.ts'
import { notifyAdmins } from '../../shared/notifications/actions/audit.ts'
import { handle } from './handler.ts'

export const auditHandlers = [
  handle(tellAdmins, (change, { auditId }) => notifyAdmins(change, auditId)),
  handle(makeExport, (change, { exportId }, progress) => runExport(change, exportId, progress)),
]
