// Refusals as Socket.IO clients read them: the problem of REST, with its words under `message`.

import type { ProblemObject } from '../../shared/kit/declare/errors.ts'

export type ErrorPayload = ProblemObject

/** @param question what it answers; one that no row of the table names is told so */
export function errorOf(
  problem: ProblemObject,
  question?: { name: string; row: { missing?: string } | undefined },
): ErrorPayload {
  const { errors, ...rest } = problem
  if (question && !question.row && problem.status === 400) {
    const detail = `${question.name} is not spoken here`
    return { ...rest, detail, message: detail }
  }
  const detail = problem.status === 404 ? (question?.row?.missing ?? problem.detail) : problem.detail
  return { ...rest, detail, message: detail, ...(errors && { errors }) }
}
