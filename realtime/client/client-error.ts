import type { ProblemObject } from './wire.ts'

/** Why a command was not carried out: the problem object of the server, or one of the client's own, whose status is 0. */
export class ClientError extends Error implements ProblemObject {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly errors: ProblemObject['errors']

  constructor(problem: ProblemObject) {
    super(problem.detail)
    this.name = 'Refusal'
    this.type = problem.type
    this.title = problem.title
    this.status = problem.status
    this.code = problem.code
    this.detail = problem.detail
    this.errors = problem.errors
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
