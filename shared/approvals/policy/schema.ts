// Approval policies: ordered rules about who is asked for what, as an organisation sets them. The default one is ours.

import { choice, id, instant, line, nullable, shape, Type, type Static } from '../../kit/declare/schema.ts'
import { ROLES } from '../../organisations/roles.ts'
import { POSITION_LEVELS, role, USER_SEGMENTS, type PositionLevel } from '../../users/schema.ts'

/** What a rule may look at: the values that it takes, in ascending order where they have one, or what they are. */
export const FACTS = {
  'subject.type': 'text',
  bookingType: ['SINGLE_TRIP', 'MULTI_STOP', 'BLOCK_SCHEDULE'],
  isBusinessTrip: 'truth',
  passengerCount: 'number',
  days: 'number',
  distanceKm: 'number',
  amount: 'number',
  resourceKind: 'text',
  weekday: 'number',
  leadTime: 'duration',
  'requester.role': ROLES,
  'requester.positionLevel': POSITION_LEVELS,
  'requester.userSegment': USER_SEGMENTS,
  'requester.department': 'text',
} as const satisfies Record<string, 'text' | 'number' | 'truth' | 'duration' | readonly string[]>
export type FactName = keyof typeof FACTS
export type FactValue = string | number | boolean
/** What is known of a request. Of a fact that is missing nothing holds. A duration is in milliseconds. */
export type Facts = Partial<Record<FactName, FactValue | null>>

/** Either one comparison of a fact, or several conditions. */
export interface Condition {
  fact?: FactName
  equals?: FactValue
  in?: FactValue[]
  atLeast?: string | number
  atMost?: string | number
  all?: Condition[]
  any?: Condition[]
  not?: Condition
}

const words = Type.String({ maxLength: 200 })
const value = Type.Union([words, Type.Number(), Type.Boolean()])
const bound = Type.Union([words, Type.Number()])
const comparison = {
  fact: Type.Optional(
    choice(
      Object.keys(FACTS) as FactName[],
      'weekday: 0 is Sunday; leadTime: from asking to the beginning, written 48h; days: how many.',
    ),
  ),
  equals: Type.Optional({ ...value, description: 'It is this.' }),
  in: Type.Optional(Type.Array(value, { minItems: 1, maxItems: 50, description: 'It is one of these.' })),
  atLeast: Type.Optional({ ...bound, description: 'This or more, or higher.' }),
  atMost: Type.Optional({ ...bound, description: 'This or less, or lower.' }),
}

/** Conditions nest three deep. */
export const FactComparison = Type.Unsafe<Condition>(shape(comparison))
export const ConditionGroup = groupOf(FactComparison)
export const PolicyCondition = groupOf(ConditionGroup)

function groupOf(inner: ReturnType<typeof Type.Unsafe<Condition>>) {
  const several = (description: string) =>
    Type.Optional(Type.Array(inner, { minItems: 1, maxItems: 20, description }))
  return Type.Unsafe<Condition>(
    shape({
      ...comparison,
      all: several('All of these hold.'),
      any: several('One of these holds.'),
      not: Type.Optional(inner),
    }),
  )
}

export const PolicyApprover = shape({
  manager: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 10,
      description: "The requester's; 1: the nearest who can decide.",
    }),
  ),
  above: Type.Optional(choice(POSITION_LEVELS, 'The nearest manager of this level or higher.')),
  role: Type.Optional({ ...role, description: 'Everybody of this role.' }),
  userIds: Type.Optional(
    Type.Array(id('Who.'), { minItems: 1, maxItems: 20, uniqueItems: true, description: 'These people.' }),
  ),
  departmentHead: Type.Optional(
    Type.Literal(true, { description: "The highest of the requester's department, from MGR on." }),
  ),
})
/** Exactly one of its fields. */
export type ApproverRule = Static<typeof PolicyApprover>

const approvers = (description: string, minItems: number) =>
  Type.Array(PolicyApprover, { minItems, maxItems: 20, description })
export const MOST_ASKED = 20

const duration = (description: string) =>
  Type.String({
    pattern: String.raw`^[1-9]\d{0,8}(ms|s|m|h|d)$`,
    description,
  })

export const EXPIRY_WAYS = ['approve', 'cancel', 'escalate', 'next'] as const

export const PolicyStep = shape({
  approvers: approvers('Who is asked.', 1),
  need: Type.Optional(
    Type.Unsafe<'all' | 'any' | number>({
      anyOf: [
        { type: 'string', enum: ['all', 'any'] },
        { type: 'integer', minimum: 1, maximum: MOST_ASKED },
      ],
      default: 'any',
      description: 'How many must approve; any: one.',
    }),
  ),
  ttl: Type.Optional(duration('How long they have, such as 30m, 4h or 2d; APPROVAL_TTL unless given.')),
  hours: Type.Optional(
    choice(['clock', 'open'], 'What that counts; as the organisation has it unless given.'),
  ),
  reminders: Type.Optional(
    shape({
      first: Type.Optional(duration('After asking.')),
      every: Type.Optional(duration('After the one before.')),
      max: Type.Optional(Type.Integer({ minimum: 0, maximum: 20, description: 'Max.' })),
    }),
  ),
  onExpiry: Type.Optional(
    choice(
      EXPIRY_WAYS,
      'At the deadline: the step counts as approved, all is cancelled, the managers of the silent are asked (once), or the ' +
        'next step comes (cancelled after the last). As the organisation has it unless given.',
    ),
  ),
  pausesOnQuestion: Type.Optional(
    Type.Boolean({
      description: 'While the requester is asked back, the clock stops.',
    }),
  ),
  copyTo: Type.Optional(approvers('Who is told, and need do nothing.', 0)),
})
export type PolicyStep = Static<typeof PolicyStep>

const MOST_STEPS = 5
const MOST_RULES = 50
export const PolicyRule = shape({
  name: line('Name.', 100),
  when: Type.Optional(PolicyCondition),
  steps: Type.Array(PolicyStep, {
    maxItems: MOST_STEPS,
    description: 'One after the other; none: approved at once.',
  }),
  copyTo: Type.Optional(approvers('Without steps: who is told.', 0)),
})
export type PolicyRule = Static<typeof PolicyRule>

const rules = Type.Array(PolicyRule, {
  minItems: 1,
  maxItems: MOST_RULES,
  description: 'The first that fits holds; the last has no `when`.',
})
export const PolicyAsk = shape({ rules })
export type PolicyAsk = Static<typeof PolicyAsk>

export const ApprovalPolicy = shape({
  version: Type.Integer({
    description: '0: the default, never changed.',
  }),
  rules,
  createdAt: nullable(instant('Since when it holds.')),
  createdById: nullable(id('Who created it.')),
})
export type ApprovalPolicy = Static<typeof ApprovalPolicy>

const MANAGEMENT: PositionLevel = 'MGR'

/** In this order: management travels freely, fixed routes on business only tell the manager, all others ask. */
export const DEFAULT_POLICY: ApprovalPolicy = {
  version: 0,
  rules: [
    {
      name: 'Management',
      when: { fact: 'requester.positionLevel', atLeast: MANAGEMENT },
      steps: [],
    },
    {
      name: 'Business on fixed routes',
      when: {
        all: [
          { fact: 'requester.userSegment', equals: 'DAILY' },
          { fact: 'isBusinessTrip', equals: true },
        ],
      },
      steps: [],
      copyTo: [{ manager: 1 }],
    },
    { name: 'The manager', steps: [{ approvers: [{ manager: 1 }], need: 'any' }] },
  ],
  createdAt: null,
  createdById: null,
}
