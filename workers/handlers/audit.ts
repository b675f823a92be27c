import { notifyAdminsJob } from '../../shared/audit/jobs.ts'
import { beginExport, endExport, giveUpExport, writeExportFile } from '../../shared/exports/actions/make.ts'
import { makeExportJob, makeExportOldJob } from '../../shared/exports/jobs.ts'
import { notifyAdminsOf } from '../../shared/notifications/actions/audit.ts'
import { handleJob, handleOutsideJob } from './handler.ts'

export const auditHandlers = [
  handleJob(notifyAdminsJob, (change, { auditId }) => notifyAdminsOf(change, auditId)),
  ...[makeExportJob, makeExportOldJob].map((job) =>
    handleOutsideJob(job, {
      claim: beginExport,
      reach: writeExportFile,
      record: endExport,
      giveUp: giveUpExport,
    }),
  ),
]
