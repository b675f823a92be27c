import { watchTicket } from '../../shared/support/actions/watch.ts'
import { watch } from '../../shared/support/jobs.ts'
import { handle } from './handler.ts'

export const supportHandlers = [handle(watch, (change, { ticketId }) => watchTicket(change, ticketId))]
