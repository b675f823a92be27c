// The one error that says something to a client. Anything else is a fault of ours: logged at the door, shown as 500.

import { STATUS_CODES } from 'node:http'
import { outageOf, type Outage } from '../store/outage.ts'
import { PROBLEMS_PATH, type ProblemCode } from './problem-codes.ts'

export interface Problem {
  /** JSON pointer into the input, e.g. "/body/scheduledDate". */
  path: string
  message: string
}

interface Details {
  errors?: readonly Problem[]
  /** Seconds after which another try makes sense. */
  retryAfter?: number
  /** Further members of the problem object. */
  more?: Readonly<Record<string, unknown>>
  /** For logs; no client sees it. */
  cause?: unknown
}

export class AppError extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly errors: readonly Problem[] | undefined
  readonly retryAfter: number | undefined
  readonly more: Readonly<Record<string, unknown>> | undefined

  constructor(status: number, code: ProblemCode, detail: string, details: Details = {}) {
    super(detail, 'cause' in details ? { cause: details.cause } : undefined)
    this.name = 'AppError'
    this.status = status
    this.code = code
    this.errors = details.errors
    this.retryAfter = details.retryAfter
    this.more = details.more
  }

  /** A worker tries again only when waiting can help. */
  get retryable(): boolean {
    return this.status === 429 || this.status >= 500
  }
}

/** An answer that lists more is larger than what it answers, and helps nobody. */
const MOST_PROBLEMS = 100

/** @param errors a list that is too long is cut */
export function malformed(errors: readonly Problem[]): AppError {
  const many =
    errors.length < MOST_PROBLEMS
      ? `${errors.length} problems in the request`
      : `${MOST_PROBLEMS} problems or more in the request; these are the first`
  const detail = errors.length === 1 ? sentence(errors) : many
  return new AppError(400, 'malformed', detail, { errors: errors.slice(0, MOST_PROBLEMS) })
}
/** Well formed, yet wrong by a rule. 422 unless a document fixes another status. */
export const invalid = (detail: string, status = 422): AppError => new AppError(status, 'invalid', detail)
export const unauthorized = (detail: string): AppError => new AppError(401, 'unauthorized', detail)
export const forbidden = (detail: string): AppError => new AppError(403, 'forbidden', detail)
export const notFound = (what: string): AppError => new AppError(404, 'not_found', `${what} not found`)
export const conflict = (detail: string, code: ProblemCode = 'conflict'): AppError =>
  new AppError(409, code, detail)
/** @param seen the version that the client named in If-Match · @param more further members of the problem */
export const changedMeanwhile = (
  what: string,
  version: number,
  seen: number,
  more?: Readonly<Record<string, unknown>>,
): AppError =>
  new AppError(
    412,
    'changed_meanwhile',
    `The ${what} was changed meanwhile: it has version ${version}, not ${seen}`,
    more && { more },
  )
export const tooMany = (detail: string, retryAfter: number): AppError =>
  new AppError(429, 'too_many_requests', detail, { retryAfter })
export const unavailable = (detail: string, cause?: unknown): AppError =>
  new AppError(503, 'unavailable', detail, { retryAfter: 1, ...(cause !== undefined && { cause }) })

const OUTAGES: Readonly<Record<Outage, string>> = {
  away: 'A server that this needs cannot be reached right now.',
  busy: 'What this needs is locked, or overloaded, right now.',
  conflict: 'Others were changing the same at this moment.',
}

/** @param outcome what that means for what was asked @returns any other error as it is */
export function outageAsError(error: unknown, outcome: string): unknown {
  const outage = error instanceof AppError ? undefined : outageOf(error)
  return outage ? unavailable(`${OUTAGES[outage]} ${outcome}`, error) : error
}

function sentence(errors: readonly Problem[]): string {
  return errors.map((each) => `${each.path} ${each.message}`).join('; ')
}

/** RFC 9457, on every door. */
export interface ProblemObject {
  type: string
  title: string
  status: number
  /** One of PROBLEM_CODES; a client of an older release may meet one that it does not know. */
  code: string
  detail: string
  /** The same as `detail`, under the name that many clients look for. */
  message: string
  errors?: readonly Problem[]
  requestId?: string
}

/** PostgreSQL's codes for a U+0000 in text and in JSON, which passes every other check. */
const UNKEPT = ['22021', '22P05']

function isUnkept(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNKEPT.includes(String(error.code))
}

/** What a client may know of an error: everything of an AppError, of a server that is away that it is, nothing of any other. */
export function knownError(error: unknown): AppError {
  if (isUnkept(error))
    return malformed([{ path: '', message: 'holds a character that cannot be kept (U+0000)' }])
  const known = outageAsError(error, 'Try again in a moment.')
  return known instanceof AppError ? known : new AppError(500, 'internal', 'Something went wrong on our side')
}

export function problemOf(error: unknown, requestId?: string): ProblemObject {
  const known = knownError(error)
  return {
    type: `${PROBLEMS_PATH}/${known.code}`,
    title: STATUS_CODES[known.status] ?? 'Error',
    status: known.status,
    code: known.code,
    detail: known.message,
    message: known.message,
    ...(known.errors && { errors: known.errors }),
    ...known.more,
    ...(requestId && { requestId }),
  }
}
