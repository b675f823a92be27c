import { onRoomMessage } from '../../shared/support/actions/on-room-message.ts'
import { checkDeadlines } from '../../shared/support/actions/check-deadlines.ts'
import { onRoomMessageJob, checkDeadlinesJob } from '../../shared/support/jobs.ts'
import { handleJob } from './handler.ts'

export const supportHandlers = [
  handleJob(onRoomMessageJob, onRoomMessage),
  handleJob(checkDeadlinesJob, (change, { ticketId }) => checkDeadlines(change, ticketId)),
]
