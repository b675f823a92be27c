import type { Reading } from '../../shared/kit/store/change.ts'
import { notFound } from '../../shared/kit/declare/errors.ts'
import { withTotal, type PagePart } from '../../shared/kit/store/keyset.ts'
import { choice, id, idOrNumber, line, shape, Type } from '../../shared/kit/declare/schema.ts'
import { PRIORITIES } from '../../shared/notifications/schema.ts'
import { getResource } from '../../shared/resources/queries.ts'
import { changeTicket, deleteTicket } from '../../shared/support/actions/change-ticket.ts'
import { openTicket } from '../../shared/support/actions/open-ticket.ts'
import {
  countTickets,
  getTicket,
  getTicketStatistics,
  listTickets,
  type TicketFilter,
} from '../../shared/support/queries.ts'
import { ASKING_ROLES } from '../../shared/support/rules.ts'
import {
  NewTicket,
  RatingPatch,
  StatusPatch,
  Ticket,
  TICKET_STATUSES,
  TicketPatch,
  TicketStatistics,
  WholeTicket,
} from '../../shared/support/schema.ts'
import { getUser } from '../../shared/users/queries.ts'
import { isStaff, STAFF_ROLES, type Actor } from '../../shared/organisations/roles.ts'
import type { Route } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'

const ById = shape({ id: idOrNumber('Ticket, by its id or its number.') })
const Filter = shape({
  status: Type.Optional(choice(TICKET_STATUSES, 'Only these.')),
  priority: Type.Optional(choice(PRIORITIES, 'Only these.')),
  type: Type.Optional(line('Only these.', 50)),
  assigneeId: Type.Optional(id('Only these.')),
})

/** Existing clients know both names. */
// oxlint-disable-next-line max-lines-per-function -- a table of declarations, made for each name
export const supportRoutes: Route[] = ['/supports', '/support'].flatMap((base) => [
  write('post', base, {
    scope: 'tickets:write',
    summary: 'Ask for help',
    access: ASKING_ROLES,
    body: NewTicket,
    reply: WholeTicket,
    handle: (change, { body, caller }) => openTicket(change, caller, body),
  }),
  list(base, {
    scope: 'tickets:read',
    asItself: true,
    summary: 'Tickets, newest first: the staff sees all, others their own',
    isFollowed: true,
    query: Filter,
    item: Ticket,
    handle: (reading, { query, caller }) => page(reading, caller, query),
  }),
  read(`${base}/statistics`, {
    scope: 'tickets:read',
    asItself: true,
    summary: 'How many tickets, how fast solved, how rated',
    access: STAFF_ROLES,
    reply: TicketStatistics,
    handle: ({ db, now }, { caller }) => getTicketStatistics(db, caller.orgId, now),
  }),
  list(`${base}/user/:userId`, {
    scope: 'tickets:read',
    asItself: true,
    summary: 'Tickets of a person, for themselves and the staff',
    isFollowed: true,
    params: shape({ userId: id('Person.') }),
    item: Ticket,
    handle: async (reading, { params, query, caller }) => {
      if (!isStaff(caller.role) && caller.id !== params.userId) throw notFound('User')
      await getUser(reading.db, caller.orgId, params.userId)
      return page(reading, caller, { ...query, userId: params.userId })
    },
  }),
  list(`${base}/station/:stationId`, {
    scope: 'tickets:read',
    asItself: true,
    summary: 'Tickets about a resource: the staff sees all, others their own',
    isFollowed: true,
    params: shape({ stationId: id('Resource.') }),
    item: Ticket,
    handle: async (reading, { params, query, caller }) => {
      await getResource(reading.db, caller.orgId, params.stationId)
      return page(reading, caller, { ...query, stationId: params.stationId })
    },
  }),
  list(`${base}/status/:status`, {
    scope: 'tickets:read',
    asItself: true,
    summary: 'Tickets of a status: the staff sees all, others their own',
    isFollowed: true,
    params: shape({ status: choice(TICKET_STATUSES, 'Status.') }),
    item: Ticket,
    handle: (reading, { params, query, caller }) =>
      page(reading, caller, { ...query, status: params.status }),
  }),
  read(`${base}/:id`, {
    scope: 'tickets:read',
    asItself: true,
    summary: 'A ticket and what happened to it',
    isFollowed: true,
    params: ById,
    reply: WholeTicket,
    handle: ({ db }, { params, caller }) => getTicket(db, caller, params.id),
  }),
  write('patch', `${base}/:id`, {
    scope: 'tickets:write',
    summary: 'Work on a ticket (the staff), or rate it (its owner)',
    params: ById,
    body: TicketPatch,
    reply: WholeTicket,
    refuses: ['room_not_active'],
    handle: (change, { params, body, caller }) => changeTicket(change, caller, params.id, body),
  }),
  write('patch', `${base}/:id/status`, {
    scope: 'tickets:write',
    summary: 'Say where it stands',
    params: ById,
    body: StatusPatch,
    reply: WholeTicket,
    handle: (change, { params, body, caller }) => changeTicket(change, caller, params.id, body),
  }),
  write('patch', `${base}/:id/rating`, {
    scope: 'tickets:write',
    summary: 'Rate the help one got',
    params: ById,
    body: RatingPatch,
    reply: WholeTicket,
    refuses: ['not_closed'],
    handle: (change, { params, body, caller }) => changeTicket(change, caller, params.id, body),
  }),
  write('delete', `${base}/:id`, {
    scope: 'tickets:write',
    summary: 'Delete a ticket',
    params: ById,
    reply: WholeTicket,
    handle: (change, { params, caller }) => deleteTicket(change, caller, params.id),
  }),
])

async function page(
  { db }: Reading,
  caller: Actor,
  { limit, offset, cursor, ...filter }: TicketFilter & PagePart,
) {
  const part = { limit, offset, cursor }
  return withTotal(await listTickets(db, caller, filter, part), part, () => countTickets(db, caller, filter))
}
