import { declareJob } from '../kit/declare/job.ts'
import { shape, Type } from '../kit/declare/schema.ts'

/** Twice: tells it twice; the row of the job stands in the way. Late: tells it then. */
export const notifyAdminsJob = declareJob(
  'audit.tellAdmins',
  shape({ auditId: Type.Integer({ description: 'Row of the audit.' }) }),
)
