import { MessageRef } from '../chat/schema.ts'
import { declareJob } from '../kit/declare/job.ts'
import { id, shape } from '../kit/declare/schema.ts'

/** Twice: nothing is left to tell. Late: what is missed by then is told as missed, and not warned of. */
export const checkDeadlinesJob = declareJob('support.watch', shape({ ticketId: id('Ticket.') }))

/** Twice: the row is gone. Late: whoever takes care of the ticket by then has heard it in the room, and nobody else is told. */
export const onRoomMessageJob = declareJob('support.hear', MessageRef)
