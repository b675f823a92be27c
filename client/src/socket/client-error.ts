import { ProblemError } from '../problem-error.ts'
import type { ProblemObject } from './wire.ts'

/** Why a command was not carried out: the problem object of the server, or one of the client's own, whose status is 0. */
export class ClientError extends ProblemError {
  constructor(problem: ProblemObject) {
    super(problem)
    this.name = 'Refusal'
  }
}

/** What only the client knows. */
export const clientError = (code: string, detail: string): ClientError =>
  new ClientError({
    type: `urn:bellhop:problem:${code}`,
    title: 'No answer',
    status: 0,
    code,
    detail,
    message: detail,
  })
