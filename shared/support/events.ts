import { declareFact, roleChannel, userChannel } from '../kit/declare/event.ts'
import { isStaff, STAFF_ROLES } from '../organisations/roles.ts'
import { Ticket } from './schema.ts'

export const ticketCreatedEvent = declareFact(
  'ticket.created',
  Ticket,
  'Somebody needs help; to the staff and its owner.',
)
export const ticketUpdatedEvent = declareFact(
  'ticket.updated',
  Ticket,
  'A ticket changed, but for its end; to its owner and the staff.',
)
export const ticketResolvedEvent = declareFact(
  'ticket.resolved',
  Ticket,
  'A ticket was closed; to its owner and the staff.',
)
export const ticketDeletedEvent = declareFact(
  'ticket.deleted',
  Ticket,
  'A ticket was deleted; to its owner and the staff.',
)

/** Everybody who may see it, so that what they look at stays true. An owner of the staff is left to the role's channel. */
export function ticketChannels(orgId: string, { user }: Pick<Ticket, 'user'>): string[] {
  const owner = isStaff(user.role) ? [] : [userChannel(user.id)]
  return [...owner, ...STAFF_ROLES.map((role) => roleChannel(orgId, role))]
}
