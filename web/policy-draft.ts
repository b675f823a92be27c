// A policy while it is written: what may be chosen, and what its conditions say, as far as a form can show them.

import type { ReplyOf } from '../client/src/index.ts'
import { bookingText } from './texts/booking.ts'
import { organisationText } from './texts/organisation.ts'
import { peopleText } from './texts/people.ts'
import { policyText } from './texts/policy.ts'
import type { Choices } from './elements/inputs.ts'

export type Rule = ReplyOf<'getOrganisationApprovalPolicies'>['rules'][number]
export type Step = Rule['steps'][number]
export type Approver = Step['approvers'][number]
type Condition = NonNullable<Rule['when']>
export type Fact = NonNullable<Condition['fact']>

/** What a part of the form needs to know. */
export interface Drawing {
  people: readonly { id: string; fullName: string }[]
  /** What is written has changed. */
  changed: () => void
}

export const LEVELS = ['STAFF', 'SENIOR', 'TEAM_LEAD', 'MGR', 'SR_MGR', 'DIRECTOR', 'VP', 'C_LEVEL'] as const
export const ROLES = Object.keys(peopleText.roles) as (keyof typeof peopleText.roles)[]
export const WAYS = ['equals', 'in', 'atLeast', 'atMost'] as const
export type Way = (typeof WAYS)[number]

const asThey = (values: readonly string[]): Choices => values.map((each) => [each, each])
const KINDS = {
  'subject.type': 'text',
  bookingType: Object.entries(bookingText.type),
  isBusinessTrip: Object.entries(policyText.truth),
  passengerCount: 'number',
  days: 'number',
  distanceKm: 'number',
  amount: 'number',
  resourceKind: asThey(['VEHICLE', 'STATION', 'PROPERTY']),
  weekday: organisationText.days.map((day, at) => [String(at), day] as const),
  leadTime: 'duration',
  'requester.role': Object.entries(peopleText.roles),
  'requester.positionLevel': asThey(LEVELS),
  'requester.userSegment': asThey(['DAILY', 'SOMETIMES']),
  'requester.department': 'text',
} as const satisfies Record<Fact, 'text' | 'number' | 'duration' | Choices>
export const FACTS = Object.keys(KINDS) as Fact[]

export const kindOf = (fact: Fact): 'text' | 'number' | 'duration' | Choices => KINDS[fact]

/** Which comparisons have a sense for it. */
export function waysOf(fact: Fact): readonly Way[] {
  const hasOrder = ['number', 'duration'].includes(String(kindOf(fact))) || fact === 'requester.positionLevel'
  return hasOrder || fact === 'weekday' ? WAYS : ['equals', 'in']
}

/** One comparison, as the form has it. */
export interface Comparison {
  fact: Fact
  way: Way
  value: string
}

/** What a rule holds for. Undefined: more than the form can show. */
export function readConditions(
  when: Rule['when'],
): { join: 'all' | 'any'; comparisons: Comparison[] } | undefined {
  if (!when) return { join: 'all', comparisons: [] }
  const several = when.all ?? when.any
  const comparisons = (several ?? [when]).flatMap((each) => readComparison(each) ?? [])
  if (comparisons.length !== (several?.length ?? 1)) return undefined
  return { join: when.any ? 'any' : 'all', comparisons }
}

function readComparison(condition: Condition): Comparison | undefined {
  const ways = WAYS.filter((way) => condition[way] !== undefined)
  const [way] = ways
  if (!condition.fact || !(condition.fact in KINDS) || way === undefined || ways.length > 1) return undefined
  const value = condition[way]
  return { fact: condition.fact, way, value: Array.isArray(value) ? value.join(', ') : String(value) }
}

/** Undefined: it always holds. */
export function writeConditions(join: 'all' | 'any', comparisons: readonly Comparison[]): Rule['when'] {
  const written = comparisons.map(writeComparison)
  return written.length > 1 ? { [join]: written } : written[0]
}

function writeComparison({ fact, way, value }: Comparison): Condition {
  const parts = way === 'in' ? value.split(',').map((part) => writeValue(fact, part.trim())) : []
  return { fact, [way]: way === 'in' ? parts : writeValue(fact, value) }
}

/** What is no number the server says at its place. */
function writeValue(fact: Fact, text: string): string | number | boolean {
  if (fact === 'isBusinessTrip') return text === 'true'
  if (kindOf(fact) !== 'number' && fact !== 'weekday') return text
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
}

export function newComparison(fact: Fact): Comparison {
  const kind = kindOf(fact)
  const value = typeof kind === 'string' ? { text: '', number: '1', duration: '48h' }[kind] : kind[0]?.[0]
  return { fact, way: waysOf(fact).includes('atLeast') ? 'atLeast' : 'equals', value: value ?? '' }
}

/** Rules as JSON, as far as the form can draw them; what is wrong in them else the server says. @returns a text: why it cannot be read */
export function readRules(text: string): Rule[] | string {
  try {
    const rules: Rule[] = JSON.parse(text)
    const areRules =
      Array.isArray(rules) &&
      rules.length > 0 &&
      rules.every(
        ({ steps }) => Array.isArray(steps) && steps.every(({ approvers }) => Array.isArray(approvers)),
      )
    return areRules ? rules : policyText.noRules
  } catch (error) {
    return `${organisationText.wrongJson}: ${String(error)}`
  }
}

export const newStep = (): Step => ({ approvers: [{ manager: 1 }], need: 'any' })
