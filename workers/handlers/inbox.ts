import { answerMessage, welcomeCustomer } from '../../shared/inbox/actions/answer.ts'
import { forgetOldQuestions } from '../../shared/inbox/actions/faqs.ts'
import { answer, forgetQuestions, welcome } from '../../shared/inbox/jobs.ts'
import { handle } from './handler.ts'

export const inboxHandlers = [
  handle(answer, answerMessage),
  handle(forgetQuestions, (change) => forgetOldQuestions(change)),
  handle(welcome, (change, { roomId }) => welcomeCustomer(change, roomId)),
]
