// The rules of support tickets. Pure.

import { cleanContent } from '../chat/rules.ts'
import { conflict, forbidden, malformed } from '../kit/declare/errors.ts'
import { isBlank } from '../kit/text/text.ts'
import type { Deed } from '../notifications/schema.ts'
import type { OrganisationSettings } from '../organisations/schema.ts'
import { TICKET_TYPES, type FieldChange, type Ticket, type TicketPatch, type TimelineWhat } from './schema.ts'
import { isStaff, type Actor, type Role } from '../organisations/roles.ts'

/** The staff answers; everybody else who takes part in the business may ask. */
export const ASKING_ROLES = ['EMPLOYEE', 'DRIVER', 'CUSTOMER'] as const satisfies readonly Role[]

/** To everybody else of the organisation it does not exist. */
export function maySeeTicket(actor: Pick<Actor, 'id' | 'role'>, ticket: Pick<Ticket, 'userId'>): boolean {
  return isStaff(actor.role) || ticket.userId === actor.id
}

/** @throws AppError 400 */
export function mustBeType(type: string, { ticketTypes = [] }: OrganisationSettings): void {
  const types = [...TICKET_TYPES, ...ticketTypes]
  if (!types.includes(type))
    throw malformed([{ path: '/body/type', message: `must be one of ${types.join(', ')}` }])
}

/** The staff works on a ticket; what the help was worth only its owner says, and once it was given. @throws AppError 403, 409 */
export function mustBeAllowed(
  actor: Pick<Actor, 'id' | 'role'>,
  ticket: Pick<Ticket, 'userId' | 'status'>,
  { rating, ...work }: TicketPatch,
): void {
  const [first] = Object.keys(work)
  if (first && !isStaff(actor.role)) throw forbidden(`Only the staff changes ${first}`)
  if (rating === undefined) return
  if (ticket.userId !== actor.id) throw forbidden('Only its owner rates a ticket')
  if (ticket.status !== 'closed') throw conflict('Only a closed ticket can be rated', 'not_closed')
}

type Fields = Pick<Ticket, 'status' | 'response' | 'priority' | 'assigneeId' | 'rating'>
const FIELDS = [
  'status',
  'response',
  'priority',
  'assigneeId',
  'rating',
] as const satisfies readonly (keyof Fields)[]

/** What becomes of the fields. A ticket that is opened again has not been rated yet. */
export function patchTicket(ticket: Fields, { response, ...patch }: TicketPatch): Fields {
  const { status, priority, assigneeId, rating } = { ...ticket, ...patch }
  const said =
    response === undefined
      ? ticket.response
      : response === null || isBlank(response)
        ? null
        : cleanContent(response)
  return {
    status,
    priority,
    assigneeId,
    response: said,
    rating: isReopening(ticket.status, status) ? null : rating,
  }
}

export function fieldChangesBetween(before: Fields, after: Fields): FieldChange[] {
  return FIELDS.filter((field) => before[field] !== after[field]).map((field) => ({
    field,
    from: textOf(before[field]),
    to: textOf(after[field]),
  }))
}

function textOf(value: string | number | null): string | null {
  return value === null ? null : String(value)
}

const isReopening = (before: Ticket['status'], after: Ticket['status']): boolean =>
  before === 'closed' && after !== 'closed'

/** Whoever waits has heard something: a response, or that it is done. */
export function isAnswer(before: Fields, after: Fields): boolean {
  return (
    (after.response !== null && after.response !== before.response) ||
    (before.status !== 'closed' && after.status === 'closed')
  )
}

/** What a change comes to, in one word. */
export function timelineOf(before: Fields, after: Fields): TimelineWhat {
  if (before.status !== after.status && after.status === 'closed') return 'closed'
  if (isReopening(before.status, after.status)) return 'reopened'
  return after.rating !== before.rating ? 'rated' : 'changed'
}

/** What is not to be asked of the staff any more. A ticket that is opened again is told anew. */
export function deedsIn(ticketId: string, before: Fields, after: Fields): Deed[] {
  const [care, answer, solution] = [`care:${ticketId}`, `answer:${ticketId}`, `solution:${ticketId}`] as const
  if (before.status !== 'closed' && after.status === 'closed') return [care, answer, solution]
  if (isAnswer(before, after)) return [care, answer]
  const isTaken = after.assigneeId !== null && after.assigneeId !== before.assigneeId
  return isTaken || (before.status !== after.status && after.status === 'in_progress') ? [care] : []
}

/** How it is told: by what matters most to whoever waits. */
export function newsOf(
  before: Fields,
  after: Fields,
): 'reopened' | 'answered' | 'working' | 'assigned' | 'changed' {
  if (isReopening(before.status, after.status)) return 'reopened'
  if (after.response !== null && after.response !== before.response) return 'answered'
  if (after.status !== before.status && after.status === 'in_progress') return 'working'
  return after.assigneeId !== null && after.assigneeId !== before.assigneeId ? 'assigned' : 'changed'
}
