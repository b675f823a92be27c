// Which codes an operation may refuse with: those that can come of its kind, and those that it declares. Each set of them
// is one named answer, so that a generated client knows the codes.

import { PROBLEM_CODES, type ProblemCode } from '../../shared/kit/declare/problem-codes.ts'
import { isWrite, namesThing, takesVersion } from './openapi-kinds.ts'
import type { Route } from './route.ts'

/** Of every other code it is 409. */
const STATUS_OF: Partial<Record<ProblemCode, number>> = {
  malformed: 400,
  broken_off: 400,
  unauthorized: 401,
  second_factor_required: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  timeout: 408,
  changed_meanwhile: 412,
  too_large: 413,
  unsupported: 415,
  range: 416,
  invalid: 422,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
}

/** What can come of any route of its kind. A fault of ours is the default answer of all. */
function ofItsKind(route: Route): ProblemCode[] {
  const isChange = isWrite(route)
  const isUpload = route.kind === 'upload'
  const isOpen = route.access === 'open'
  const possible: Partial<Record<ProblemCode, boolean>> = {
    malformed: true,
    broken_off: isUpload,
    unauthorized: !isOpen || isChange,
    // Also a key that is not good for it.
    forbidden: !isOpen,
    not_found: namesThing(route) || isChange,
    timeout: isUpload,
    conflict: isChange,
    changed_meanwhile: takesVersion(route),
    too_large: isChange,
    unsupported: isChange,
    range: route.kind === 'download',
    invalid: isChange,
    too_many_requests: true,
  }
  return Object.keys(possible).filter((code): code is ProblemCode => possible[code as ProblemCode] === true)
}

/** Every code with which a route may refuse. 500 and 503, which come of any, the document says once. */
export const codesOf = (route: Route): ProblemCode[] => [...new Set([...ofItsKind(route), ...route.refuses])]

export const statusOf = (code: ProblemCode): number => STATUS_OF[code] ?? 409

/** Every code by its status: `400 malformed, broken_off; 401 …`. */
export function codesByStatus(): string {
  const all = Object.keys(PROBLEM_CODES) as ProblemCode[]
  const statuses = [...new Set(all.map(statusOf))].toSorted((one, other) => one - other)
  return statuses
    .map((status) => `${status} ${all.filter((code) => statusOf(code) === status).join(', ')}`)
    .join('; ')
}

/** Refusals as answers of the document: each set of codes once, under a name of its own. */
export class NamedRefusals {
  readonly #used = new Map<string, { name: string; answer: object }>()

  refer(codes: readonly ProblemCode[]): object {
    const sorted = codes.toSorted((one, other) => statusOf(one) - statusOf(other) || (one < other ? -1 : 1))
    const key = sorted.join()
    const known = this.#used.get(key) ?? { name: `No${this.#used.size + 1}`, answer: refusal(sorted) }
    this.#used.set(key, known)
    return { $ref: `#/components/responses/${known.name}` }
  }

  used(): Record<string, object> {
    return Object.fromEntries([...this.#used.values()].map(({ name, answer }) => [name, answer]))
  }
}

const PROBLEM = { $ref: '#/components/schemas/Problem' }

function refusal(codes: readonly ProblemCode[]): object {
  const schema = { allOf: [PROBLEM, { properties: { code: { enum: codes } } }] }
  return { description: 'A problem.', content: { 'application/problem+json': { schema } } }
}
