// Whom an approval concerns.

import type { Db } from '../../kit/db.ts'
import { userChannel } from '../../kit/event.ts'
import { listDelegationsOf } from '../queries.ts'
import { delegateAt } from '../rules.ts'
import type { ApprovalRow } from '../table.ts'

/** Who can decide at that time: the approver and, while there is one, their delegate. */
export async function decidersOf(db: Db, approval: ApprovalRow, now: Date): Promise<string[]> {
  if (!approval.approverId) return []
  const delegate = delegateAt(await listDelegationsOf(db, approval.approverId), approval.requesterId, now)
  return delegate ? [approval.approverId, delegate] : [approval.approverId]
}

export function channelsOf(approval: ApprovalRow, deciders: readonly string[]): string[] {
  return [...deciders, approval.requesterId].map(userChannel)
}
