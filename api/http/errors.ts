// The one place where an error becomes an answer (application/problem+json).

import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { AppError, knownError, malformed, notFound, problemOf } from '../../shared/kit/declare/errors.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { RequestLimits } from './rate-limit.ts'
import { outageOf } from '../../shared/kit/store/outage.ts'
import { throttledWarning } from '../../shared/kit/process/throttled-log.ts'
import { keysAsSent } from './key-style.ts'

/** @param showPage to whoever asks for a page: it says that there is none */
export const unknownPath =
  (limits: RequestLimits, showPage: RequestHandler): RequestHandler =>
  async (req, res, next) => {
    await limits.countRequest(req, res)
    if (!wantsPage(req)) throw notFound('Path')
    return showPage(req, res.status(404), next)
  }

/** Said in so many words, as browsers do: of a program that takes anything, JSON is expected. */
export const wantsPage = (req: Request): boolean =>
  ['GET', 'HEAD'].includes(req.method) && /\btext\/html\b/.test(req.get('accept') ?? '')

export function answerErrors(runtime: Runtime): ErrorRequestHandler {
  const warn = throttledWarning(runtime)
  return (thrown: unknown, req, res, next) => {
    if (res.headersSent) return next(thrown)
    const error = fromExpress(thrown)
    const { errors, ...rest } = problemOf(error, req.requestId)
    const spell = keysAsSent(req, req.keyStyle)
    const problem = {
      ...rest,
      ...(errors && { errors: errors.map((each) => ({ ...each, path: spell(each.path) })) }),
    }
    const about = { err: error, requestId: req.requestId, method: req.method, path: req.path }
    if (outageOf(error)) warn(about, 'a request failed because a server is away or busy')
    else if (problem.status >= 500) runtime.log.error(about, 'request failed')
    runtime.metrics.refusals.inc({ code: problem.code })
    sendProblem(res, error, problem)
  }
}

function sendProblem(res: Response, error: unknown, problem: ReturnType<typeof problemOf>): void {
  const { retryAfter } = knownError(error)
  if (retryAfter !== undefined) res.set('Retry-After', String(Math.ceil(retryAfter)))
  if (problem.status === 401) res.set('WWW-Authenticate', 'Bearer')
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

/** What Express and its body parser refuse on their own: JSON that is none, a body too large, a path that does not decode. */
function fromExpress(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof AppError || !('status' in thrown)) return thrown
  if (thrown.status === 413)
    return new AppError(
      413,
      'too_large',
      `The body is larger than ${'limit' in thrown ? thrown.limit : 'its limit of'} bytes`,
    )
  if (thrown.status === 415)
    return new AppError(415, 'unsupported', 'The body is encoded in a way that is not supported')
  if (thrown.status === 400)
    return malformed([
      {
        path: '/body',
        message:
          'type' in thrown && thrown.type === 'entity.parse.failed' ? 'is not valid JSON' : 'cannot be read',
      },
    ])
  return thrown
}
