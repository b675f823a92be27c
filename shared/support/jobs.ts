import { job } from '../kit/job.ts'
import { id, shape } from '../kit/schema.ts'

/** Twice: nothing is left to tell. Late: what is missed by then is told as missed, and not warned of. */
export const watch = job('support.watch', shape({ ticketId: id('Ticket.') }))
