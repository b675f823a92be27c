// Whom an approval concerns.

import { announceFact } from '../../notifications/actions/facts.ts'
import type { Change } from '../../kit/store/change.ts'
import type { Db } from '../../kit/store/db.ts'
import { userChannel, type FactDeclaration } from '../../kit/declare/event.ts'
import { LOCALES, type Locale } from '../../organisations/schema.ts'
import type { Deed } from '../../notifications/schema.ts'
import { waitingOf } from '../decision/rules.ts'
import { listDelegationsOf, listDelegationsOfAll, localeOf, toApproval } from '../queries.ts'
import { delegateAt } from '../terms/rules.ts'
import type { Approval, Delegation, Localised } from '../schema.ts'
import type { ApprovalRow } from '../table.ts'

/** Who can decide at that time: those who are asked and, while they have one, their delegates. */
export async function decidersOf(db: Db, approval: ApprovalRow, now: Date): Promise<string[]> {
  if (approval.route) return [...new Set((await openPartsOf(db, approval, now)).map(({ userId }) => userId))]
  if (!approval.approverId) return []
  // A row that waits was read with its delegate.
  if (approval.status === 'PENDING')
    return approval.delegate ? [approval.approverId, approval.delegate.id] : [approval.approverId]
  return decidersAmong(approval, await listDelegationsOf(db, approval.approverId), now)
}

/** Of several people: who decides whose part. */
export async function openPartsOf(
  db: Db,
  { route, requesterId }: ApprovalRow,
  now: Date,
): Promise<{ userId: string; forId: string }[]> {
  const asked = route ? waitingOf(route) : []
  const delegations = await listDelegationsOfAll(db, asked)
  return asked.flatMap((forId) => {
    const own = delegations.filter(({ delegatorId }) => delegatorId === forId)
    const delegate = delegateAt(own, requesterId, now)
    return [{ userId: forId, forId }, ...(delegate ? [{ userId: delegate, forId }] : [])]
  })
}

/** What settles the notifications that ask these people for it: of one approver's all, of several people each their own. */
export function deedsOn({ id, route }: ApprovalRow, userIds: readonly string[]): Deed[] {
  return route ? userIds.map((userId): Deed => `decision:${id}:${userId}`) : [`decision:${id}`]
}

/** What is settled once it needs no decision any more. */
export function deedsAtEnd(approval: ApprovalRow, userIds: readonly string[]): Deed[] {
  return [...deedsOn(approval, userIds), ...(approval.openQuestion ? [answerTo(approval)] : [])]
}

/** What a question asks for. */
export const answerTo = ({ id }: Pick<ApprovalRow, 'id'>): Deed => `answer:${id}`

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
export function linesOf({ subjectDetails, subjectLabel, subjectUrl }: ApprovalRow): Localised {
  const inLocale = (locale: Locale): string => {
    const fields = subjectDetails?.fields ?? []
    const lines = fields.map(({ label, value }) => `${label[locale]}: ${value[locale]}`)
    return [...lines, ...(subjectUrl ? [subjectUrl] : [])].join('\n') || subjectLabel.code
  }
  return { vi: inLocale('vi'), en: inLocale('en') }
}
