// Working on a ticket, rating it, deleting it.

import { recordAudit } from '../../audit/actions.ts'
import { replaceMember } from '../../chat/actions/members.ts'
import { setRoomStatus } from '../../chat/actions/rooms.ts'
import type { Change } from '../../kit/store/change.ts'
import { forbidden, invalid, notFound } from '../../kit/declare/errors.ts'
import { settleNotifications } from '../../notifications/actions/notify.ts'
import { lockUserForWork } from '../../users/actions/hold.ts'
import { listActiveAmong, listNames } from '../../users/queries.ts'
import type { User } from '../../users/schema.ts'
import { isStaff, type Actor } from '../../organisations/roles.ts'
import { slaClockAfter } from '../deadlines.ts'
import { getTicket, listTimeline, readTicket } from '../queries.ts'
import {
  fieldChangesBetween,
  deedsIn,
  isAnswer,
  maySeeTicket,
  mustBeAllowed,
  newsOf,
  patchTicket,
  timelineOf,
} from '../rules.ts'
import type { TicketPatch, TimelineWhat, WholeTicket } from '../schema.ts'
import {
  insertEntry,
  lockTicket,
  lockTicketsOf,
  setClock,
  updateTicket,
  type SupportTicketRow,
} from '../table.ts'
import { emitUpdated, publishDeleted, publishResolved, publishUnassigned, publishUpdated } from './publish.ts'
import { findAnswer, hoursOf, setAlarm } from './check-deadlines.ts'

/** What changes nothing is not told. @param which id or number @throws AppError 403, 404, 409, 422 */
export async function changeTicket(
  change: Change,
  actor: Actor,
  which: string,
  ask: TicketPatch,
): Promise<WholeTicket> {
  const before = await lockVisible(change, actor, which)
  mustBeAllowed(actor, before, ask)
  const patch = await withoutLeaver(change, before, ask)
  if (patch.assigneeId && patch.assigneeId !== before.assigneeId)
    await mustBeOfStaff(change, actor, patch.assigneeId)
  const after = patchTicket(before, patch)
  const changes = fieldChangesBetween(before, after)
  if (changes.length === 0) return getTicket(change.db, actor, before.id)

  const what = timelineOf(before, after)
  await adjustClock(change, before, after)
  await saveTicket(change, before.id, after, what)
  await insertEntry(change.db, before.id, { at: change.now, actorId: actor.id, what, changes })
  await followInRoom(change, actor.id, before, after)
  const fields = changes.map(({ field }) => field)
  recordOn(change, actor.id, before, what, fields)
  await settleNotifications(change, deedsIn(before.id, before, after))
  if (what === 'closed') await publishResolved(change, actor, before.id)
  else await publishUpdated(change, actor, before.id, newsOf(before, after))
  if (what === 'reopened' && before.assigneeId && !after.assigneeId)
    await tellReleased(change, actor, before, before.assigneeId)
  return getTicket(change.db, actor, before.id)
}

type WorkedOn = ReturnType<typeof patchTicket>

async function adjustClock(change: Change, before: SupportTicketRow, after: WorkedOn): Promise<void> {
  const answeredAt = (await findAnswer(change, before)) ?? (isAnswer(before, after) ? change.now : null)
  const clock = slaClockAfter(before, after, answeredAt, await hoursOf(change, before.orgId), change.now)
  setAlarm(change, before.id, clock, before)
  await setClock(change.db, before.id, clock)
}

async function saveTicket(change: Change, id: string, after: WorkedOn, what: TimelineWhat): Promise<void> {
  const resolvedAt = what === 'closed' ? change.now : what === 'reopened' ? null : undefined
  const patch = resolvedAt === undefined ? after : { ...after, resolvedAt }
  await updateTicket(change.db, id, patch, change.now)
}

/** It disappears from every list; its number is not given again. @throws AppError 403, 404 */
export async function deleteTicket(change: Change, actor: Actor, which: string): Promise<WholeTicket> {
  const ticket = await lockVisible(change, actor, which)
  if (!isStaff(actor.role)) throw forbidden('Only the staff deletes tickets')
  await updateTicket(change.db, ticket.id, { deletedAt: change.now }, change.now)
  await insertEntry(change.db, ticket.id, { at: change.now, actorId: actor.id, what: 'deleted', changes: [] })
  await setRoomStatus(change, actor.orgId, ticket.roomId, 'CLOSED', actor.id)
  recordOn(change, actor.id, ticket, 'deleted')
  await settleNotifications(change, [`care:${ticket.id}`, `answer:${ticket.id}`, `solution:${ticket.id}`])
  await publishDeleted(change, actor, ticket.id)
  return { ...(await readTicket(change.db, ticket.id)), timeline: await listTimeline(change.db, ticket.id) }
}

/**
 * Of somebody who left, or is not of the staff any more: what is not closed waits for the others, who are
 * told. @param actorId absent: the system
 */
export async function releaseTickets(
  change: Change,
  { orgId, userId, actorId }: { orgId: string; userId: string; actorId?: string | undefined },
  name: string,
): Promise<void> {
  const tickets = await lockTicketsOf(change.db, orgId, userId)
  for (const before of tickets) {
    await updateTicket(change.db, before.id, { assigneeId: null }, change.now)
    await insertEntry(change.db, before.id, {
      at: change.now,
      actorId: actorId ?? null,
      what: 'changed',
      changes: fieldChangesBetween(before, { ...before, assigneeId: null }),
    })
    await followInRoom(change, actorId, before, { ...before, assigneeId: null })
    recordOn(change, actorId, before, 'changed', ['assigneeId'])
    await emitUpdated(change, before)
  }
  await publishUnassigned(change, { orgId, actorId }, tickets, name)
}

/** What somebody takes care of goes to another of the staff. @returns how many went */
export async function handOverTickets(
  change: Change,
  actor: Actor,
  userId: string,
  to: Pick<User, 'id' | 'isActive' | 'role'>,
): Promise<number> {
  if (!to.isActive || !isStaff(to.role)) return 0
  const held = await lockTicketsOf(change.db, actor.orgId, userId)
  for (const { id } of held) await changeTicket(change, actor, id, { assigneeId: to.id })
  return held.length
}

/** Who left, or is not of the staff any more, while it was closed, is not waited for when it is opened again. */
async function withoutLeaver(
  change: Change,
  { orgId, status, assigneeId }: SupportTicketRow,
  patch: TicketPatch,
): Promise<TicketPatch> {
  const isReopened = status === 'closed' && patch.status !== undefined && patch.status !== 'closed'
  if (!isReopened || !assigneeId || patch.assigneeId !== undefined) return patch
  const [assignee] = await listActiveAmong(change.db, orgId, [assigneeId])
  return assignee && isStaff(assignee.role) ? patch : { ...patch, assigneeId: null }
}

async function tellReleased(
  change: Change,
  { id: actorId, orgId }: Actor,
  ticket: SupportTicketRow,
  formerId: string,
): Promise<void> {
  const names = await listNames(change.db, orgId, [formerId])
  await publishUnassigned(change, { orgId, actorId }, [ticket], names.get(formerId) ?? '…')
}

async function lockVisible(change: Change, actor: Actor, which: string): Promise<SupportTicketRow> {
  const ticket = await lockTicket(change.db, actor.orgId, which)
  if (!ticket || !maySeeTicket(actor, ticket)) throw notFound('Ticket')
  return ticket
}

async function mustBeOfStaff(change: Change, actor: Actor, userId: string): Promise<void> {
  const user = await lockUserForWork(change, actor.orgId, userId)
  if (!user?.isActive || !isStaff(user.role))
    throw invalid('assigneeId: there is no such person of the staff')
}

/** Of a ticket that is closed the room rests; who takes care of it is in it, and who did no longer. */
async function followInRoom(
  change: Change,
  actorId: string | undefined,
  before: SupportTicketRow,
  after: Pick<SupportTicketRow, 'status' | 'assigneeId'>,
): Promise<void> {
  const where = { orgId: before.orgId, roomId: before.roomId, ...(actorId && { actorId }) }
  const former = before.assigneeId === before.userId ? null : before.assigneeId
  if (before.assigneeId !== after.assigneeId)
    await replaceMember(
      change,
      where,
      former,
      after.assigneeId ? { userId: after.assigneeId, roleInRoom: 'staff' } : null,
    )
  await setRoomStatus(
    change,
    before.orgId,
    before.roomId,
    after.status === 'closed' ? 'ARCHIVED' : 'ACTIVE',
    actorId,
  )
}

function recordOn(
  change: Change,
  actorId: string | undefined,
  { id, orgId, supportId }: SupportTicketRow,
  what: TimelineWhat,
  fields?: string[],
): void {
  recordAudit(change, {
    orgId,
    ...(actorId && { actorId }),
    action: `ticket_${what}`,
    entity: 'ticket',
    entityId: id,
    metadata: { supportId, fields },
  })
}
