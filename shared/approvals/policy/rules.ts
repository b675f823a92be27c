// Which rule of a policy a request meets, and what is wrong with a policy. Pure.

import type { Problem } from '../../kit/declare/errors.ts'
import { parseDuration } from '../../kit/process/config-parsers.ts'
import type { ApprovalType } from '../schema.ts'
import {
  DEFAULT_POLICY,
  FACTS,
  type ApproverRule,
  type Condition,
  type FactName,
  type Facts,
  type FactValue,
  type PolicyRule,
} from './schema.ts'

/** The first that fits; whoever checked the policy saw to it that the last always does. */
export function ruleFor(rules: readonly PolicyRule[], facts: Facts): PolicyRule {
  const rule = rules.find(({ when }) => !when || isMet(when, facts)) ?? DEFAULT_POLICY.rules.at(-1)
  if (!rule) throw new Error('The default policy has no rules.')
  return rule
}

/** How those call it who know only that a manager is asked, told, or neither. */
export function approvalTypeBy({ steps, copyTo = [] }: PolicyRule): ApprovalType {
  if (steps.length > 0) return 'MANAGER_APPROVAL'
  return copyTo.length > 0 ? 'CC_ONLY' : 'AUTO_APPROVED'
}

export function isMet(condition: Condition, facts: Facts): boolean {
  if (condition.all) return condition.all.every((each) => isMet(each, facts))
  if (condition.any) return condition.any.some((each) => isMet(each, facts))
  if (condition.not) return !isMet(condition.not, facts)
  return condition.fact !== undefined && compares(condition.fact, condition, facts[condition.fact])
}

/** Of what is not known nothing holds. */
function compares(fact: FactName, condition: Condition, known: FactValue | null | undefined): boolean {
  if (known === undefined || known === null) return false
  const { equals, in: among, atLeast, atMost } = condition
  const is = rankOf(fact, known)
  return (
    (equals === undefined || is === rankOf(fact, equals)) &&
    (among === undefined || among.some((each) => is === rankOf(fact, each))) &&
    (atLeast === undefined || is >= rankOf(fact, atLeast)) &&
    (atMost === undefined || is <= rankOf(fact, atMost))
  )
}

/** What the rules look at at all. */
export function factsIn(rules: readonly Pick<PolicyRule, 'when'>[]): Set<FactName> {
  return new Set(rules.flatMap(({ when }) => (when ? namedIn(when) : [])))
}

function namedIn({ fact, all = [], any = [], not }: Condition): FactName[] {
  return [...(fact ? [fact] : []), ...[...all, ...any, ...(not ? [not] : [])].flatMap(namedIn)]
}

/** What can be compared: of a list its place there, of a duration its milliseconds. */
function rankOf(fact: FactName, value: FactValue): FactValue {
  const kind: (typeof FACTS)[FactName] = FACTS[fact]
  if (kind === 'duration') return typeof value === 'string' ? parseDuration(value) : value
  return typeof kind === 'string' ? value : (kind as readonly FactValue[]).indexOf(value)
}

/** What the shape of a policy does not say. */
export function problemsOf(rules: readonly PolicyRule[]): Problem[] {
  return rules.flatMap(({ when, steps, copyTo = [] }, at) => {
    const path = `/body/rules/${at}`
    return [
      ...problemsOfPlace(when, at === rules.length - 1, path),
      ...(when ? problemsIn(when, `${path}/when`) : []),
      ...steps.flatMap((step, n) => [
        ...problemsOfApprovers(step.approvers, `${path}/steps/${n}/approvers`),
        ...problemsOfApprovers(step.copyTo ?? [], `${path}/steps/${n}/copyTo`),
      ]),
      ...problemsOfApprovers(copyTo, `${path}/copyTo`),
      ...(steps.length > 0 && copyTo.length > 0
        ? [{ path: `${path}/copyTo`, message: 'is for rules without steps; each step has its own' }]
        : []),
    ]
  })
}

function problemsOfPlace(when: Condition | undefined, isLast: boolean, path: string): Problem[] {
  if (when && isLast)
    return [{ path: `${path}/when`, message: 'must be left out: the last rule fits always' }]
  return when || isLast
    ? []
    : [{ path: `${path}/when`, message: 'is missing: no rule after it would ever fit' }]
}

function problemsOfApprovers(approvers: readonly ApproverRule[], path: string): Problem[] {
  return approvers.flatMap((each, at) =>
    Object.keys(each).length === 1
      ? []
      : [
          {
            path: `${path}/${at}`,
            message: 'must be exactly one of manager, above, role, userIds, departmentHead',
          },
        ],
  )
}

function problemsIn(condition: Condition, path: string): Problem[] {
  const { fact, all, any, not, ...comparisons } = condition
  const parts = [fact, all, any, not].filter((each) => each !== undefined)
  if (parts.length !== 1) return [{ path, message: 'must have exactly one of fact, all, any, not' }]
  if (not) return problemsIn(not, `${path}/not`)
  const several = all ?? any
  if (several) return several.flatMap((each, at) => problemsIn(each, `${path}/${all ? 'all' : 'any'}/${at}`))
  return fact ? problemsOfComparison(fact, comparisons, path) : []
}

function problemsOfComparison(fact: FactName, comparisons: Condition, path: string): Problem[] {
  const { equals, in: among = [], atLeast, atMost } = comparisons
  if (Object.keys(comparisons).length === 0)
    return [{ path, message: 'must compare: equals, in, atLeast or atMost' }]
  const values: [string, FactValue | undefined][] = [
    ['equals', equals],
    ...among.map((each, at): [string, FactValue] => [`in/${at}`, each]),
    ['atLeast', atLeast],
    ['atMost', atMost],
  ]
  return values.flatMap(([name, value]) => {
    const message = value === undefined ? undefined : wrongFor(fact, name, value)
    return message ? [{ path: `${path}/${name}`, message }] : []
  })
}

function wrongFor(fact: FactName, name: string, value: FactValue): string | undefined {
  const kind: (typeof FACTS)[FactName] = FACTS[fact]
  const isOrder = name === 'atLeast' || name === 'atMost'
  if (typeof kind !== 'string') {
    if (isOrder && fact !== 'requester.positionLevel') return `cannot be: ${fact} has no order`
    return kind.some((each) => each === value) ? undefined : `must be one of ${kind.join(', ')}`
  }
  if (isOrder && (kind === 'text' || kind === 'truth')) return `cannot be: ${fact} has no order`
  if (kind === 'duration')
    return typeof value === 'string' && /^\d{1,9}(ms|s|m|h|d)$/.test(value)
      ? undefined
      : 'must be a duration such as 30m, 4h or 2d'
  const type = { text: 'string', truth: 'boolean', number: 'number' }[kind]
  return typeof value === type ? undefined : `must be a ${type}`
}
