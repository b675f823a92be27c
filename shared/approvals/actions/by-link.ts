// Deciding by a link in a mail. It is bound to one person and one approval: it works while that approval waits and that
// person may decide on it, once. Scanners that open every link change nothing, because looking changes nothing.

import { recordAudit } from '../../audit/actions.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import { conflict, notFound } from '../../kit/declare/errors.ts'
import { findActiveActor, getAddressee, type Addressee } from '../../users/queries.ts'
import { findDecisionLink, getApproval } from '../queries.ts'
import type { Approval, Respond } from '../schema.ts'
import { lockDecisionLink, setDecisionLinkUsed } from '../links/table.ts'
import { decideApproval } from './decide.ts'

export interface DecisionPage {
  approval: Approval
  reader: Addressee
  isOpen: boolean
}

/** What the link leads to. @throws AppError 404 when there is no such link, or its person may not see the approval any more */
export async function readByLink(reading: Reading, linkId: string): Promise<DecisionPage> {
  const link = await findDecisionLink(reading.db, linkId)
  const actor = link && (await findActiveActor(reading.db, link.orgId, link.userId))
  if (!link || !actor) throw notFound('Link')
  const approval = await getApproval(reading.db, actor, link.approvalId, reading.now)
  const reader = await getAddressee(reading.db, link.orgId, link.userId)
  return { approval, reader, isOpen: approval.status === 'PENDING' && link.usedAt === null }
}

/** @throws AppError as a decision does, and 409 when the link was used */
export async function decideByLink(change: Change, linkId: string, respond: Respond): Promise<Approval> {
  const link = await lockDecisionLink(change.db, linkId)
  const actor = link && (await findActiveActor(change.db, link.orgId, link.userId))
  if (!link || !actor) throw notFound('Link')
  if (link.usedAt) throw conflict('The link was used', 'already_decided')
  const approval = await decideApproval(change, actor, link.approvalId, respond)
  await setDecisionLinkUsed(change.db, linkId, change.now)
  recordAudit(change, {
    orgId: link.orgId,
    actorId: actor.id,
    action: 'decision_link_used',
    entity: 'approval',
    entityId: approval.id,
  })
  return approval
}
