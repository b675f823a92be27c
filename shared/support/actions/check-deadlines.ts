// The deadlines of a ticket: setting its alarm, and what happens when that rings.

import { recordAudit } from '../../audit/actions.ts'
import { findFirstAnswerAt } from '../../chat/queries/messages.ts'
import { excerptOf } from '../../kit/text/excerpt.ts'
import type { Change } from '../../kit/store/change.ts'
import { notify } from '../../notifications/actions/notify.ts'
import { listActiveAmong, listActiveIdsByRole } from '../../users/queries.ts'
import { STAFF_ROLES } from '../../organisations/roles.ts'
import {
  markAnswered,
  nextAlarm,
  dueAlerts,
  type SlaClock,
  type Hours,
  type DeadlineAlert,
} from '../deadlines.ts'
import { checkDeadlinesJob } from '../jobs.ts'
import { readTicket } from '../queries.ts'
import { insertEntry, lockTicketById, setClock, type SupportTicketRow } from '../table.ts'
import { ticketIds, emitUpdated } from './publish.ts'
import { getCalendar, getOrganisation } from '../../organisations/queries.ts'

export async function hoursOf(change: Change, orgId: string): Promise<Hours> {
  const { settings } = await getOrganisation(change.db, orgId)
  return { settings, calendar: await getCalendar(change.db, orgId) }
}

/** What somebody of the staff said in its room is an answer, too. */
export async function findAnswer(change: Change, ticket: SupportTicketRow): Promise<Date | null> {
  return ticket.answeredAt ?? (await findFirstAnswerAt(change.db, ticket.roomId, ticket.userId)) ?? null
}

/** For what rings next, if that is not ordered already. */
export function setAlarm(change: Change, ticketId: string, clock: SlaClock, before?: SlaClock): void {
  const next = nextAlarm(clock)
  if (next && next.getTime() !== (before && nextAlarm(before))?.getTime())
    change.enqueue(checkDeadlinesJob, { ticketId }, next)
}

export async function checkDeadlines(change: Change, ticketId: string): Promise<void> {
  const ticket = await lockTicketById(change.db, ticketId)
  if (!ticket || ticket.deletedAt) return
  const before = markAnswered(ticket, await findAnswer(change, ticket))
  const { rings, clock } = dueAlerts(before, change.now)
  await setClock(change.db, ticketId, clock)
  setAlarm(change, ticketId, clock, rings.length > 0 ? undefined : ticket)
  if (clock.answeredAt !== ticket.answeredAt || rings.some(({ isMissed }) => isMissed))
    await emitUpdated(change, ticket)
  for (const ring of rings)
    await (ring.isMissed ? tellMissed(change, ticket, ring) : warn(change, ticket, ring))
}

async function warn(change: Change, ticket: SupportTicketRow, ring: DeadlineAlert): Promise<void> {
  const [assignee] = ticket.assigneeId
    ? await listActiveAmong(change.db, ticket.orgId, [ticket.assigneeId])
    : []
  await tell(
    change,
    ticket,
    ring,
    'SUPPORT_TICKET_DUE_SOON',
    assignee ? [assignee.id] : await listActiveIdsByRole(change.db, ticket.orgId, STAFF_ROLES),
  )
}

async function tellMissed(change: Change, ticket: SupportTicketRow, ring: DeadlineAlert): Promise<void> {
  const what = `${ring.goal}_missed` as const
  await insertEntry(change.db, ticket.id, { at: change.now, actorId: null, what, changes: [] })
  recordAudit(change, {
    orgId: ticket.orgId,
    action: `ticket_${what}`,
    entity: 'ticket',
    entityId: ticket.id,
    metadata: { supportId: ticket.supportId, dueAt: ring.dueAt },
  })
  await tell(
    change,
    ticket,
    ring,
    'SUPPORT_TICKET_OVERDUE',
    await listActiveIdsByRole(change.db, ticket.orgId, ['ADMIN', 'SUPERVISOR']),
  )
}

async function tell(
  change: Change,
  { id, orgId, supportId, description, userId: ownerId }: SupportTicketRow,
  { goal, dueAt }: DeadlineAlert,
  type: 'SUPPORT_TICKET_DUE_SOON' | 'SUPPORT_TICKET_OVERDUE',
  people: readonly string[],
): Promise<void> {
  const data = ticketIds(await readTicket(change.db, id))
  for (const userId of people) {
    notify(change, {
      orgId,
      userId,
      type,
      asks: [`${goal}:${id}`],
      data,
      people: [ownerId],
      parameters: { number: String(supportId), kind: goal, deadline: dueAt, text: excerptOf(description) },
    })
  }
}
