// What is kept in Redis, and shown on the board to whoever operates the installation, of a job that failed: which kind of failure it
// was. What a server answered, what a statement held and where our code was stand in the log, under the job's id.

import { AppError } from '../shared/kit/declare/errors.ts'
import { UnrecoverableError } from '../shared/kit/store/queue.ts'

/** As the board shows it, with the error itself as its cause, for the log. */
export function failureOf(error: unknown): Error {
  if (error instanceof UnrecoverableError) return bare(error)
  if (error instanceof AppError && !error.retryable) return bare(new UnrecoverableError(error.message))
  return bare(new Error(kindOf(error), { cause: error }))
}

/** BullMQ keeps the stack of an error as well. */
function bare(error: Error): Error {
  error.stack = error.message
  return error
}

function kindOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  if (!(error instanceof Error)) return 'failed'
  const code: unknown = 'code' in error ? error.code : undefined
  return typeof code === 'string' ? `${error.name} ${code}` : error.name
}
