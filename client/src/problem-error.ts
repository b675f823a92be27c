import type { ProblemObject } from './socket/wire.ts'

/** What the server refused, as it said it. Of what only the client knows, e.g. that there is no network, `status` is 0. */
export class ProblemError extends Error implements ProblemObject {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly errors: ProblemObject['errors']
  readonly requestId: string | undefined
  /** All that it said, with what only this problem has: a `challenge`, `conflicts`. */
  readonly problem: Readonly<Record<string, unknown>>

  constructor(problem: Omit<ProblemObject, 'message'>, options?: { cause?: unknown }) {
    super(problem.detail, options)
    this.name = 'ProblemError'
    this.type = problem.type
    this.title = problem.title
    this.status = problem.status
    this.code = problem.code
    this.detail = problem.detail
    this.errors = problem.errors
    this.requestId = problem.requestId
    this.problem = { ...problem }
  }

  /** Whether the same may succeed later: the network, a server that is away, or too many requests. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

/** What only the client knows. */
export const unreachable = (cause: unknown): ProblemError =>
  new ProblemError(
    {
      type: 'urn:bellhop:problem:unreachable',
      title: 'No answer',
      status: 0,
      code: 'unreachable',
      detail: 'There is no network, or no server',
    },
    { cause },
  )
