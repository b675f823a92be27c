// Keeping the automatic replies, which the staff does; and sending one by hand.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { AuditAction } from '../../audit/sentences.ts'
import type { Change } from '../../kit/store/change.ts'
import { changedMeanwhile, conflict, notFound } from '../../kit/declare/errors.ts'
import type { Actor } from '../../organisations/roles.ts'
import { getConversation } from '../queries/conversations.ts'
import { MAX_AUTO_RESPONSES, mustBeFillable, quickRepliesOf } from '../rules.ts'
import type { AutoResponse, AutoResponsePatch, NewAutoResponse } from '../schema.ts'
import { insertAutoResponse, lockAutoResponse, lockConversation, updateAutoResponse } from '../table.ts'
import { readDeskState, sendResponse } from './automatic.ts'
import { countAutoResponses } from '../queries/faqs.ts'

/** @throws AppError 422 on a placeholder that there is not, 409 when there are too many */
export async function addAutoResponse(
  change: Change,
  actor: Actor,
  { quickReplies = [], isActive = true, ...ask }: NewAutoResponse,
): Promise<AutoResponse> {
  mustBeFillable(ask.message)
  // They are all looked at whenever the desk says something by itself.
  if ((await countAutoResponses(change.db, actor.orgId)) >= MAX_AUTO_RESPONSES)
    throw conflict(`At most ${MAX_AUTO_RESPONSES} automatic replies are allowed`, 'too_many_auto_responses')
  const response = {
    ...ask,
    id: randomUUID(),
    quickReplies: quickRepliesOf(quickReplies),
    isActive,
    usageCount: 0,
    version: 1,
    createdAt: change.now,
    updatedAt: change.now,
  }
  await insertAutoResponse(change.db, { ...response, orgId: actor.orgId })
  recordOn(change, actor, response, 'auto_response_created')
  return response
}

/** @throws AppError 404, 412, 422 */
export async function changeAutoResponse(
  change: Change,
  actor: Actor,
  id: string,
  { quickReplies, ...patch }: AutoResponsePatch,
  ifMatch: number | undefined,
): Promise<AutoResponse> {
  const { version } = await find(change, actor, id)
  if (ifMatch !== undefined && ifMatch !== version)
    throw changedMeanwhile('automatic reply', version, ifMatch)
  if (patch.message !== undefined) mustBeFillable(patch.message)
  const response = await updateAutoResponse(
    change.db,
    id,
    { ...patch, ...(quickReplies && { quickReplies: quickRepliesOf(quickReplies) }) },
    change.now,
  )
  recordOn(change, actor, response, 'auto_response_changed')
  return response
}

/** @throws AppError 404 */
export async function deleteAutoResponse(change: Change, actor: Actor, id: string): Promise<AutoResponse> {
  await find(change, actor, id)
  const response = await updateAutoResponse(
    change.db,
    id,
    { isActive: false, deletedAt: change.now },
    change.now,
  )
  recordOn(change, actor, response, 'auto_response_deleted')
  return response
}

/** What the staff says often, with its placeholders filled in. @throws AppError 404, 409 when the room takes no messages */
export async function sendAutoResponse(
  change: Change,
  actor: Actor,
  roomId: string,
  id: string,
): Promise<{ messageId: string }> {
  await getConversation(change, actor, roomId)
  const conversation = await lockConversation(change.db, roomId)
  const response = await find(change, actor, id)
  if (!conversation) throw notFound('Room')
  const messageId = await sendResponse(
    change,
    conversation,
    await readDeskState(change, conversation),
    response,
    `sent-${randomUUID()}`,
  )
  if (!messageId) throw conflict('The room takes no messages', 'room_not_active')
  return { messageId }
}

async function find(change: Change, actor: Actor, id: string): Promise<AutoResponse> {
  const response = await lockAutoResponse(change.db, actor.orgId, id)
  if (!response) throw notFound('Automatic reply')
  return response
}

function recordOn(change: Change, actor: Actor, { id }: AutoResponse, action: AuditAction): void {
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action,
    entity: 'auto_response',
    entityId: id,
  })
}
