import { answerMessage, welcomeCustomer } from '../../shared/inbox/actions/answer.ts'
import { expireQuestions } from '../../shared/inbox/actions/faqs.ts'
import { answerMessageJob, expireQuestionsJob, welcomeCustomerJob } from '../../shared/inbox/jobs.ts'
import { handleJob } from './handler.ts'

export const inboxHandlers = [
  handleJob(answerMessageJob, answerMessage),
  handleJob(expireQuestionsJob, (change) => expireQuestions(change)),
  handleJob(welcomeCustomerJob, (change, { roomId }) => welcomeCustomer(change, roomId)),
]
