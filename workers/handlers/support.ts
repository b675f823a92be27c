import { hearRoom } from '../../shared/support/actions/hear.ts'
import { watchTicket } from '../../shared/support/actions/watch.ts'
import { hear, watch } from '../../shared/support/jobs.ts'
import { handle } from './handler.ts'

export const supportHandlers = [
  handle(hear, hearRoom),
  handle(watch, (change, { ticketId }) => watchTicket(change, ticketId)),
]
