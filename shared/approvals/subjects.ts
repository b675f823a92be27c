// What differs by the kind of subject. Everything else about approvals holds for any.

import type { NotificationType } from '../notifications/catalogue.ts'
import type { SUBJECT_TYPES } from './schema.ts'

interface SubjectKind {
  /** As the audit calls it. */
  entity: string
  /** Tells a manager who need not decide. */
  copiedNotice: NotificationType
  /** What a notification carries, for clients that look for the thing itself. */
  notice: (id: string) => { bookingId?: string }
}

const SUBJECTS = {
  BOOKING: {
    entity: 'booking',
    copiedNotice: 'BOOKING_CC_NOTIFICATION',
    notice: (id) => ({ bookingId: id }),
  },
} as const satisfies Record<(typeof SUBJECT_TYPES)[number], SubjectKind>

type SubjectType = keyof typeof SUBJECTS

export const subjectKindOf = (type: SubjectType) => SUBJECTS[type]

/** For notify(). */
export const aboutSubject = (type: SubjectType, id: string): { bookingId?: string } =>
  SUBJECTS[type].notice(id)
