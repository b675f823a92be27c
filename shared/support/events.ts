import { event, roleChannel, userChannel } from '../kit/event.ts'
import { isStaff, STAFF_ROLES } from '../organisations/roles.ts'
import { Ticket } from './schema.ts'

export const ticketCreated = event('ticket.created', Ticket, 'Somebody needs help; to the staff and its owner.')
export const ticketUpdated = event('ticket.updated', Ticket, 'A ticket changed, but for its end; to its owner and the staff.')
export const ticketResolved = event('ticket.resolved', Ticket, 'A ticket was closed; to its owner and the staff.')
export const ticketDeleted = event('ticket.deleted', Ticket, 'A ticket was deleted; to its owner and the staff.')

/** Everybody who may see it, so that what they look at stays true. An owner of the staff is left to the role's channel. */
export function channelsOf(orgId: string, { user }: Pick<Ticket, 'user'>): string[] {
  const owner = isStaff(user.role) ? [] : [userChannel(user.id)]
  return [...owner, ...STAFF_ROLES.map((role) => roleChannel(orgId, role))]
}
