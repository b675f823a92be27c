import { tellAdmins } from '../../shared/audit/jobs.ts'
import { beginExport, endExport, giveUpExport, writeExportFile } from '../../shared/exports/actions/make.ts'
import { makeExport, makeExportBefore } from '../../shared/exports/jobs.ts'
import { notifyAdmins } from '../../shared/notifications/actions/audit.ts'
import { handle, handleOutside } from './handler.ts'

export const auditHandlers = [
  handle(tellAdmins, (change, { auditId }) => notifyAdmins(change, auditId)),
  ...[makeExport, makeExportBefore].map((job) => handleOutside(job, { claim: beginExport, reach: writeExportFile, record: endExport, giveUp: giveUpExport })),
]
