import type { ProblemObject } from '../../shared/kit/declare/errors.ts'
import type { HttpAnswer } from '../../shared/kit/process/health.ts'

/** A refusal before anything was opened, as REST would answer it. */
export function problemPage(problem: ProblemObject): HttpAnswer {
  const headers = {
    'Content-Type': 'application/problem+json',
    ...(problem.status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(problem.status === 503 && { 'Retry-After': '2' }),
  }
  return { status: problem.status, headers, body: JSON.stringify(problem) }
}
