import { declareEvent } from '../kit/declare/event.ts'
import { AuditRecorded } from './schema.ts'

export const auditRecordedEvent = declareEvent(
  'audit.recorded',
  AuditRecorded,
  'Something happened that the audit keeps; for ADMINs, in the order of `n`. What people say in rooms is not among it.',
)
