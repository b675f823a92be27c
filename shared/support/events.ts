import { event } from '../kit/event.ts'
import { Ticket } from './schema.ts'

export const ticketCreated = event('ticket.created', Ticket, 'Somebody needs help; to the staff.')
export const ticketUpdated = event('ticket.updated', Ticket, 'A ticket changed, but for its end; to its owner, and to whoever takes care of it.')
export const ticketResolved = event('ticket.resolved', Ticket, 'A ticket was closed; to its owner.')
export const ticketDeleted = event('ticket.deleted', Ticket, 'A ticket was deleted; to its owner.')
