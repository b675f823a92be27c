// Forgetting a person: everything that names them goes, in every domain; what they did stays, by somebody without a name.

import { eraseFromApprovals } from '../approvals/actions/erase.ts'
import { eraseFromAudit } from '../audit/actions.ts'
import { auditRecordedEvent } from '../audit/events.ts'
import { eraseFromBookings } from '../bookings/actions/erase.ts'
import { eraseCustomerRoom, eraseMessagesOf } from '../chat/actions/expire.ts'
import { forgetExports } from '../exports/actions.ts'
import { removeFilesOf } from '../files/actions.ts'
import { eraseFromInbox, deleteQuestionText } from '../inbox/actions/erase.ts'
import { messageChangedEvent, messageCreatedEvent } from '../chat/events.ts'
import { listRoomsNamedAfter } from '../chat/queries/rooms.ts'
import type { Change } from '../kit/store/change.ts'
import { blankCopyOf } from '../kit/store/copies.ts'
import { invalid } from '../kit/declare/errors.ts'
import { deleteAnswersAbout } from '../kit/store/idempotency.ts'
import { forgetWordsInJobs } from '../kit/store/outbox.ts'
import type { LogEntry } from '../kit/store/stream.ts'
import { eraseFromIntegrations } from '../integrations/actions/erase.ts'
import { eraseFromNotifications, deleteQuotesOf } from '../notifications/actions/erase.ts'
import { notificationCreatedEvent } from '../notifications/events.ts'
import { listQuoting } from '../notifications/queries.ts'
import { applyPersonChange } from '../people/actions/change.ts'
import { eraseFromSupport } from '../support/actions/erase.ts'
import { eraseUser } from '../users/actions/erase.ts'
import type { User } from '../users/schema.ts'
import { eraseWordsJob } from './jobs.ts'
import type { Actor } from '../organisations/roles.ts'
import { findMessage } from '../chat/queries/messages.ts'

/** @param actor absent: whoever operates the installation. @throws AppError 404, 422 for oneself, 409 for the last ADMIN */
export async function erasePerson(
  change: Change,
  orgId: string,
  userId: string,
  actor?: Actor,
): Promise<User> {
  if (actor?.id === userId) throw invalid('Nobody erases themselves: ask another ADMIN')
  const done = await eraseUser(change, orgId, userId)
  await applyPersonChange(change, done, actor?.id)
  // What their going has caused so far names them, too.
  await change.writeRows()
  await eraseFromNotifications(change, orgId, userId)
  await eraseCustomerRoom(change, orgId, userId)
  await eraseFromInbox(change, orgId, userId)
  await eraseFromSupport(change, orgId, userId)
  await eraseFromBookings(change, orgId, userId)
  await eraseFromApprovals(change, orgId, userId)
  await eraseFromIntegrations(change, done.before)
  // Last, so that what the others wrote down about it names nobody either.
  await deleteAnswersAbout(change, [userId])
  await change.writeRows()
  await eraseFromAudit(change, { orgId, personId: userId, ...(actor && { actorId: actor.id }) })
  change.enqueue(eraseWordsJob, { orgId, userId })
  return done.after
}

export async function eraseWordsOf(change: Change, orgId: string, userId: string): Promise<void> {
  await eraseMessagesOf(change, orgId, userId)
  await removeFilesOf(change, orgId, userId)
  await forgetExports(change, orgId)
  await forgetWordsInJobs(change.db, orgId, userId)
  const told = new Set(await listQuoting(change.db, userId))
  const [self, theirs] = [
    new Set([userId]),
    new Set([userId, ...(await listRoomsNamedAfter(change.db, orgId, userId))]),
  ]
  const holds = ({ event, frame }: LogEntry): boolean =>
    event === notificationCreatedEvent.name || [...theirs].some((id) => frame.includes(id))
  await change.redactWhole(holds, (event, data) => {
    if (event === auditRecordedEvent.name) return { ...fieldsOf(data), description: '…', ip: null }
    const blank = blankCopyOf(data, theirs)
    if (event === notificationCreatedEvent.name && idOf(data, 'id', told))
      return { ...fieldsOf(data), title: '…', message: '…', data: idsOnly(fieldsOf(data)['data']) }
    if (!SAID.has(event) || !idOf(data, 'senderId', self)) return blank
    return {
      ...fieldsOf(blank),
      content: '',
      metadata: null,
      deletedAt: fieldsOf(data)['deletedAt'] ?? change.now,
    }
  })
}

/** A message that was deleted or changed: whatever was made of what it said before. */
export async function deleteCopiesOf(change: Change, messageId: string): Promise<void> {
  await deleteQuotesOf(change, messageId)
  await deleteAnswersAbout(change, [messageId])
  await deleteQuestionText(change, messageId)
  const message = await findMessage(change.db, messageId)
  await change.redactQuotes(messageId, (event, data) => {
    if (message && SAID.has(event)) return message
    return event === notificationCreatedEvent.name
      ? { ...fieldsOf(data), message: '…' }
      : blankCopyOf(data, new Set([messageId]))
  })
}

const SAID: ReadonlySet<string> = new Set([messageCreatedEvent.name, messageChangedEvent.name])

function fieldsOf(data: unknown): Record<string, unknown> {
  return typeof data === 'object' && data !== null ? { ...data } : {}
}

/** What a program outside told goes along with a notification; all else there are ids. */
function idsOnly(data: unknown): Record<string, unknown> {
  const { payload: _, ...ids } = fieldsOf(data)
  return ids
}

function idOf(data: unknown, name: string, ids: ReadonlySet<string>): boolean {
  const id = fieldsOf(data)[name]
  return typeof id === 'string' && ids.has(id)
}
