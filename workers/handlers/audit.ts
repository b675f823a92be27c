import { tellAdmins } from '../../shared/audit/jobs.ts'
import { notifyAdmins } from '../../shared/notifications/actions/audit.ts'
import { handle } from './handler.ts'

export const auditHandlers = [handle(tellAdmins, (change, { auditId }) => notifyAdmins(change, auditId))]
