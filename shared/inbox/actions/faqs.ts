// Keeping the FAQ, which the staff does.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { AuditAction } from '../../audit/sentences.ts'
import type { Change } from '../../kit/store/change.ts'
import { changedMeanwhile, notFound } from '../../kit/declare/errors.ts'
import { roleChannel } from '../../kit/declare/event.ts'
import { DAY, plusMs } from '../../kit/time/time.ts'
import { STAFF_ROLES, type Actor } from '../../organisations/roles.ts'
import { faqChangedEvent } from '../events.ts'
import { totalFaqs } from '../queries/faqs.ts'
import { charactersOf, mustFitFaqs } from '../rules.ts'
import type { Faq, FaqPatch, NewFaq } from '../schema.ts'
import { deleteUnanswered, insertFaq, lockFaq, updateFaq } from '../table.ts'

const USUAL = {
  keywords: [],
  alternativeQuestions: [],
  category: null,
  confidenceThreshold: 70,
  priority: 0,
  isActive: true,
}

/** @throws AppError 409 */
export async function addFaq(change: Change, actor: Actor, ask: NewFaq): Promise<Faq> {
  const faq = {
    ...USUAL,
    ...ask,
    id: randomUUID(),
    usageCount: 0,
    helpfulCount: 0,
    unhelpfulCount: 0,
    version: 1,
    createdAt: change.now,
    updatedAt: change.now,
  }
  await mustFit(change, actor.orgId, 1, charactersOf(faq))
  await insertFaq(change.db, { ...faq, orgId: actor.orgId })
  recordOn(change, actor, faq, 'faq_created')
  return faq
}

/** @throws AppError 404, 409, 412 */
export async function changeFaq(
  change: Change,
  actor: Actor,
  id: string,
  patch: FaqPatch,
  ifMatch: number | undefined,
): Promise<Faq> {
  const before = await find(change, actor, id, ifMatch)
  await mustFit(change, actor.orgId, 0, charactersOf({ ...before, ...patch }) - charactersOf(before))
  const faq = await updateFaq(change.db, id, patch, change.now)
  recordOn(change, actor, faq, 'faq_changed')
  return faq
}

/** It no longer answers; what it answered stays. @throws AppError 404 */
export async function deleteFaq(change: Change, actor: Actor, id: string): Promise<Faq> {
  await find(change, actor, id, undefined)
  const faq = await updateFaq(change.db, id, { isActive: false, deletedAt: change.now }, change.now)
  recordOn(change, actor, faq, 'faq_deleted')
  return faq
}

/** Questions that nobody asked any more. */
const QUESTION_LIFE = 90 * DAY

export async function expireQuestions(change: Change): Promise<void> {
  await deleteUnanswered(change.db, plusMs(change.now, -QUESTION_LIFE))
}

async function find(change: Change, actor: Actor, id: string, ifMatch: number | undefined): Promise<Faq> {
  const faq = await lockFaq(change.db, actor.orgId, id)
  if (!faq) throw notFound('FAQ')
  if (ifMatch !== undefined && ifMatch !== faq.version) throw changedMeanwhile('FAQ', faq.version, ifMatch)
  return faq
}

/** Two at once may both just fit: whoever prepares them for matching stops at the limit anyway. */
async function mustFit(change: Change, orgId: string, count: number, characters: number): Promise<void> {
  const before = await totalFaqs(change.db, orgId)
  mustFitFaqs(before, { count: before.count + count, characters: before.characters + characters })
}

function recordOn(
  change: Change,
  { id: actorId, orgId }: Actor,
  { id, version }: Faq,
  action: AuditAction,
): void {
  recordAudit(change, { orgId, actorId, action, entity: 'faq', entityId: id })
  change.emit(
    faqChangedEvent,
    STAFF_ROLES.map((role) => roleChannel(orgId, role)),
    { id, version, isDeleted: action === 'faq_deleted' },
  )
}
