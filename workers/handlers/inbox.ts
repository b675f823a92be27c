import { answerMessage, welcomeCustomer } from '../../shared/inbox/actions/answer.ts'
import { answer, welcome } from '../../shared/inbox/jobs.ts'
import { handle } from './handler.ts'

export const inboxHandlers = [
  handle(answer, answerMessage),
  handle(welcome, (change, { roomId }) => welcomeCustomer(change, roomId)),
]
