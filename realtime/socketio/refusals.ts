// Refusals as Socket.IO clients read them: the problem of REST, with its words under `message`.

import type { ProblemObject } from '../../shared/kit/errors.ts'

export type ErrorPayload = ProblemObject & { message: string }

/** @param question what it answers; one that no row of the table names is told so */
export function errorOf(problem: ProblemObject, question?: { name: string; row: { missing?: string } | undefined }): ErrorPayload {
  const { errors, ...rest } = problem
  if (question && !question.row && problem.status === 400) {
    const detail = `${question.name} is not spoken here`
    return { message: detail, ...rest, detail }
  }
  const detail = problem.status === 404 ? question?.row?.missing ?? problem.detail : problem.detail
  return { message: detail, ...rest, detail, ...(errors && { errors }) }
}
