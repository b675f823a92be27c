// Working on a ticket, rating it, deleting it.

import { record } from '../../audit/actions.ts'
import { replaceMember } from '../../chat/actions/members.ts'
import { setStatus } from '../../chat/actions/rooms.ts'
import type { Change } from '../../kit/change.ts'
import { forbidden, invalid, notFound } from '../../kit/errors.ts'
import { findUser } from '../../users/queries.ts'
import { isStaff, type Actor } from '../../users/schema.ts'
import { clockAfter } from '../deadlines.ts'
import { getTicket, listTimeline, readTicket } from '../queries.ts'
import { changesBetween, isAnswer, maySee, mustBeAllowed, newsOf, patched, whatHappens } from '../rules.ts'
import type { TicketPatch, WholeTicket } from '../schema.ts'
import { insertEntry, lockTicket, setClock, updateTicket, type TicketRow } from '../table.ts'
import { tellDeleted, tellResolved, tellUpdated } from './tell.ts'
import { findAnswer, hoursOf, setAlarm } from './watch.ts'

/** What changes nothing is not told. @param which id or number @throws AppError 403, 404, 409, 422 */
export async function changeTicket(change: Change, actor: Actor, which: string, patch: TicketPatch): Promise<WholeTicket> {
  const before = await lockVisible(change, actor, which)
  mustBeAllowed(actor, before, patch)
  if (patch.assigneeId) await mustBeOfStaff(change, actor, patch.assigneeId)
  const after = patched(before, patch)
  const changes = changesBetween(before, after)
  if (changes.length === 0) return getTicket(change.db, actor, before.id)

  const what = whatHappens(before, after)
  const answeredAt = await findAnswer(change, before) ?? (isAnswer(before, after) ? change.now : null)
  const clock = clockAfter(before, after, answeredAt, await hoursOf(change, before.orgId), change.now)
  setAlarm(change, before.id, clock, before)
  await setClock(change.db, before.id, clock)
  await updateTicket(change.db, before.id, { ...after, ...(what === 'closed' && { resolvedAt: change.now }), ...(what === 'reopened' && { resolvedAt: null }) }, change.now)
  await insertEntry(change.db, before.id, { at: change.now, actorId: actor.id, what, changes })
  await followInRoom(change, actor, before, after)
  await recordOn(change, actor, before, what, changes.map(({ field }) => field))
  if (what === 'closed') await tellResolved(change, actor, before.id)
  else await tellUpdated(change, actor, before.id, newsOf(before, after))
  return getTicket(change.db, actor, before.id)
}

/** It disappears from every list; its number is not given again. @throws AppError 403, 404 */
export async function deleteTicket(change: Change, actor: Actor, which: string): Promise<WholeTicket> {
  const ticket = await lockVisible(change, actor, which)
  if (!isStaff(actor.role)) throw forbidden('Only the staff deletes tickets')
  await updateTicket(change.db, ticket.id, { deletedAt: change.now }, change.now)
  await insertEntry(change.db, ticket.id, { at: change.now, actorId: actor.id, what: 'deleted', changes: [] })
  await setStatus(change, actor.orgId, ticket.roomId, 'CLOSED', actor.id)
  await recordOn(change, actor, ticket, 'deleted')
  await tellDeleted(change, actor, ticket.id)
  return { ...await readTicket(change.db, ticket.id), timeline: await listTimeline(change.db, ticket.id) }
}

async function lockVisible(change: Change, actor: Actor, which: string): Promise<TicketRow> {
  const ticket = await lockTicket(change.db, actor.orgId, which)
  if (!ticket || !maySee(actor, ticket)) throw notFound('Ticket')
  return ticket
}

async function mustBeOfStaff(change: Change, actor: Actor, userId: string): Promise<void> {
  const user = await findUser(change.db, actor.orgId, userId)
  if (!user?.isActive || !isStaff(user.role)) throw invalid('assigneeId: there is no such person of the staff')
}

/** Of a ticket that is closed the room rests; who takes care of it is in it, and who did no longer. */
async function followInRoom(change: Change, actor: Actor, before: TicketRow, after: Pick<TicketRow, 'status' | 'assigneeId'>): Promise<void> {
  const where = { orgId: before.orgId, roomId: before.roomId, actorId: actor.id }
  const former = before.assigneeId === before.userId ? null : before.assigneeId
  if (before.assigneeId !== after.assigneeId) await replaceMember(change, where, former, after.assigneeId ? { userId: after.assigneeId, roleInRoom: 'staff' } : null)
  await setStatus(change, before.orgId, before.roomId, after.status === 'closed' ? 'ARCHIVED' : 'ACTIVE', actor.id)
}

async function recordOn(change: Change, actor: Actor, { id, supportId }: TicketRow, what: string, fields?: string[]): Promise<void> {
  await record(change, { orgId: actor.orgId, actorId: actor.id, action: `ticket_${what}`, entity: 'ticket', entityId: id, metadata: { supportId, fields } })
}
