// What differs by the kind of subject. Everything else about approvals holds for any.

import type { NotificationType } from '../notifications/catalogue.ts'
import { OWN_SUBJECT, type SubjectLabel } from './schema.ts'
import type { ApprovalRow } from './table.ts'

interface SubjectKind {
  /** As the audit calls it. */
  entity: string
  /** Tells a manager who need not decide. */
  copiedNotice: Extract<NotificationType, 'BOOKING_CC_NOTIFICATION' | 'APPROVAL_COPY'>
}

const BOOKING: SubjectKind = { entity: 'booking', copiedNotice: 'BOOKING_CC_NOTIFICATION' }
/** Of another program. */
const ANYTHING: SubjectKind = { entity: 'approval', copiedNotice: 'APPROVAL_COPY' }

export const subjectKindOf = (type: string): SubjectKind => (type === OWN_SUBJECT ? BOOKING : ANYTHING)

/** For notify(): what a client looks for the thing itself by. */
export const aboutSubject = (type: string, id: string): { bookingId?: string } =>
  type === OWN_SUBJECT ? { bookingId: id } : {}

/** What a notification calls it. */
export function subjectWords({
  subjectType: kind,
  subjectLabel: { code, date },
  externalId,
  subjectDetails,
}: Pick<ApprovalRow, 'subjectType' | 'subjectLabel' | 'externalId' | 'subjectDetails'>): SubjectLabel & {
  kind: string
} {
  // Whoever asked gave it one title, in no language that we know of.
  return { kind, date, code: externalId === null ? code : (subjectDetails?.title.en ?? code) }
}
