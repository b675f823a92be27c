import { MessageRef } from '../chat/schema.ts'
import { declareJob } from '../kit/declare/job.ts'
import { id, shape } from '../kit/declare/schema.ts'

/**
 * Twice: what was said under this message's name is not said again. Late: answers as things stand then;
 * whom a person answered meanwhile hears nothing.
 */
export const answerMessageJob = declareJob('inbox.answer', MessageRef)

/** Twice: what is forgotten is passed over. Late: forgets more. */
export const expireQuestionsJob = declareJob('maintenance.forgetQuestions', shape({}))

/** Twice: the conversation was welcomed. Late: the customer is welcomed late. */
export const welcomeCustomerJob = declareJob('inbox.welcome', shape({ roomId: id('Room.') }))
