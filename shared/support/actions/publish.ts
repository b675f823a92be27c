// Who is told of a ticket. The event shows it to whoever looks, all who may see it. The notification is for whom it concerns,
// and is there when they come back: the staff of a new one, its owner of the rest, and whoever takes care of it of what changes.

import { emitFact } from '../../notifications/actions/facts.ts'
import { excerptOf } from '../../kit/text/excerpt.ts'
import type { FactDeclaration } from '../../kit/declare/event.ts'
import type { Change } from '../../kit/store/change.ts'
import { notify } from '../../notifications/actions/notify.ts'
import { listActiveIdsByRole } from '../../users/queries.ts'
import { STAFF_ROLES, type Actor } from '../../organisations/roles.ts'
import {
  ticketChannels,
  ticketCreatedEvent,
  ticketDeletedEvent,
  ticketResolvedEvent,
  ticketUpdatedEvent,
} from '../events.ts'
import { readTicket } from '../queries.ts'
import type { newsOf } from '../rules.ts'
import type { Ticket } from '../schema.ts'
import type { SupportTicketRow } from '../table.ts'

function emitTicketFact(change: Change, fact: FactDeclaration<Ticket>, orgId: string, ticket: Ticket): void {
  emitFact(change, fact, { orgId, id: ticket.id }, ticketChannels(orgId, ticket), ticket)
}

export async function publishCreated(change: Change, orgId: string, id: string): Promise<void> {
  const ticket = await readTicket(change.db, id)
  emitTicketFact(change, ticketCreatedEvent, orgId, ticket)
  for (const userId of await listActiveIdsByRole(change.db, orgId, STAFF_ROLES)) {
    notify(change, {
      orgId,
      userId,
      type: 'SUPPORT_TICKET_CREATED',
      asks: [`care:${id}`],
      people: [ticket.userId],
      data: ticketIds(ticket),
      parameters: {
        number: String(ticket.supportId),
        requester: ticket.user.fullName,
        text: excerptOf(ticket.description),
      },
    })
  }
}

export async function publishUpdated(
  change: Change,
  actor: Actor,
  id: string,
  kind: ReturnType<typeof newsOf>,
): Promise<void> {
  const ticket = await readTicket(change.db, id)
  const people = new Set(
    [ticket.userId, ticket.assigneeId ?? ticket.userId].filter((each) => each !== actor.id),
  )
  emitTicketFact(change, ticketUpdatedEvent, actor.orgId, ticket)
  const text = kind === 'answered' ? excerptOf(ticket.response ?? '') : excerptOf(ticket.description)
  for (const userId of people) {
    notify(change, {
      orgId: actor.orgId,
      userId,
      type: 'SUPPORT_TICKET_UPDATED',
      people: [ticket.userId],
      data: ticketIds(ticket),
      parameters: { number: String(ticket.supportId), kind, text },
    })
  }
}

/** What time did to it: nobody is told, but whoever looks sees it. */
export async function emitUpdated(
  change: Change,
  { id, orgId }: { id: string; orgId: string },
): Promise<void> {
  const ticket = await readTicket(change.db, id)
  emitTicketFact(change, ticketUpdatedEvent, orgId, ticket)
}

export async function publishResolved(change: Change, actor: Actor, id: string): Promise<void> {
  const ticket = await readTicket(change.db, id)
  emitTicketFact(change, ticketResolvedEvent, actor.orgId, ticket)
  tellOwner(change, actor, ticket, 'SUPPORT_TICKET_RESOLVED')
}

export async function publishDeleted(change: Change, actor: Actor, id: string): Promise<void> {
  const ticket = await readTicket(change.db, id)
  emitTicketFact(change, ticketDeletedEvent, actor.orgId, ticket)
  tellOwner(change, actor, ticket, 'SUPPORT_TICKET_DELETED')
}

/** As many as a notification names. */
const NAMED = 10

/** One notification for all of them. @param name of whoever took care of them */
export async function publishUnassigned(
  change: Change,
  { orgId, actorId }: { orgId: string; actorId?: string | undefined },
  tickets: readonly Pick<SupportTicketRow, 'id' | 'supportId'>[],
  name: string,
): Promise<void> {
  if (tickets.length === 0) return
  const text = tickets
    .slice(0, NAMED)
    .map(({ supportId }) => `#${supportId}`)
    .join(', ')
  const staff = await listActiveIdsByRole(change.db, orgId, STAFF_ROLES)
  for (const userId of staff.filter((each) => each !== actorId)) {
    notify(change, {
      orgId,
      userId,
      type: 'TICKETS_UNASSIGNED',
      asks: tickets.map(({ id }) => `care:${id}` as const),
      data: { ticketIds: tickets.map(({ id }) => id) },
      parameters: { subject: name, number: String(tickets.length), text },
    })
  }
}

/** Nobody is told what they did themselves. */
function tellOwner(
  change: Change,
  actor: Actor,
  ticket: Ticket,
  type: 'SUPPORT_TICKET_RESOLVED' | 'SUPPORT_TICKET_DELETED',
): void {
  if (ticket.userId === actor.id) return
  notify(change, {
    orgId: actor.orgId,
    userId: ticket.userId,
    type,
    people: [ticket.userId],
    data: ticketIds(ticket),
    parameters: { number: String(ticket.supportId), text: excerptOf(ticket.response ?? ticket.description) },
  })
}

export function ticketIds({
  id,
  supportId,
  userId,
  stationId,
  type,
  status,
  priority,
}: Ticket): Record<string, unknown> {
  return { ticketId: id, supportId, userId, stationId, type, status, priority }
}
