// Whom an approval concerns.

import { announceFact } from '../../notifications/actions/facts.ts'
import type { Change } from '../../kit/store/change.ts'
import type { Db } from '../../kit/store/db.ts'
import { userChannel, type FactDeclaration } from '../../kit/declare/event.ts'
import { LOCALES, type Locale } from '../../organisations/schema.ts'
import { listDelegationsOf, localeOf, toApproval } from '../queries.ts'
import { delegateAt } from '../rules.ts'
import type { Approval, Delegation, Localised } from '../schema.ts'
import type { ApprovalRow } from '../table.ts'

/** Who can decide at that time: the approver and, while there is one, their delegate. */
export async function decidersOf(db: Db, approval: ApprovalRow, now: Date): Promise<string[]> {
  if (!approval.approverId) return []
  // A row that waits was read with its delegate.
  if (approval.status === 'PENDING')
    return approval.delegate ? [approval.approverId, approval.delegate.id] : [approval.approverId]
  return decidersAmong(approval, await listDelegationsOf(db, approval.approverId), now)
}

export function decidersAmong(
  { approverId, requesterId }: ApprovalRow,
  delegations: readonly Delegation[],
  now: Date,
): string[] {
  if (!approverId) return []
  const delegate = delegateAt(delegations, requesterId, now)
  return delegate ? [approverId, delegate] : [approverId]
}

/** To each in their language; to the organisation's own systems in the first. */
export function emitApproval(
  change: Change,
  event: FactDeclaration<Approval>,
  approval: ApprovalRow,
  userIds: readonly string[],
): void {
  announceFact(change, event, approval, toApproval(approval, LOCALES[0]))
  for (const locale of LOCALES) {
    const readers = userIds.filter((userId) => localeOf(approval, userId) === locale)
    if (readers.length > 0) change.emit(event, readers.map(userChannel), toApproval(approval, locale))
  }
}

/** What a notification says of the subject, a line for each field. */
export function linesOf({ subjectDetails, subjectLabel }: ApprovalRow): Localised {
  const inLocale = (locale: Locale): string =>
    subjectDetails?.fields.map(({ label, value }) => `${label[locale]}: ${value[locale]}`).join('\n') ??
    subjectLabel.code
  return { vi: inLocale('vi'), en: inLocale('en') }
}
