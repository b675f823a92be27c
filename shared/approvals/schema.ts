// An approval asks one person for one decision about a subject, which approvals know by type, id and label only.

import {
  choice,
  day,
  id,
  instant,
  instantGiven,
  line,
  note,
  nullable,
  shape,
  Type,
  type Static,
} from '../kit/declare/schema.ts'
import { PersonBrief } from '../users/schema.ts'
import type { Locale } from '../organisations/schema.ts'

export type Localised = Readonly<Record<Locale, string>>

export const APPROVAL_TYPES = ['AUTO_APPROVED', 'CC_ONLY', 'MANAGER_APPROVAL'] as const
export type ApprovalType = (typeof APPROVAL_TYPES)[number]
/** WITHDRAWN: the subject no longer needs a decision, as when its booking was cancelled meanwhile. */
export const APPROVAL_STATUSES = [
  'PENDING',
  'APPROVED',
  'REJECTED',
  'EXPIRED',
  'AUTO_APPROVED',
  'WITHDRAWN',
] as const
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number]
const DECIDED_BY = ['person', 'policy', 'expiry'] as const
export type DecidedBy = (typeof DECIDED_BY)[number]

/** What else is decided about is a program's own, under a name that it gives. */
export const OWN_SUBJECT = 'BOOKING'

export const SubjectLabel = shape({ code: line('Code.'), date: day('Date.') })
export type SubjectLabel = Static<typeof SubjectLabel>

export const Subject = shape({
  type: line('What is to be decided about.'),
  id: id('Which one; of another program the approval itself.'),
  label: SubjectLabel,
})
export type Subject = Static<typeof Subject>

/** The subject in words. Who will read it is not known yet, so that it stands in every language; whoever asks writes it. */
export interface SubjectDetails {
  title: Localised
  fields: readonly { label: Localised; value: Localised }[]
}

const subjectType = Type.String({
  description: 'BOOKING, or as the program that asked calls it.',
})
const subjectId = Type.String({
  description: 'Of a booking its id, else as that program calls it.',
})

const SubjectShown = shape({
  type: subjectType,
  id: subjectId,
  title: Type.String({ description: "In the reader's language." }),
  fields: Type.Array(
    shape({
      label: Type.String({ description: 'Label.' }),
      value: Type.String({ description: 'As people write it.' }),
    }),
    { description: "What a decision needs, in the reader's language." },
  ),
  url: nullable(Type.String({ description: 'In another program.' })),
})

const OpenQuestion = shape({
  by: PersonBrief,
  text: Type.String({ description: 'Text of the question.' }),
  askedAt: instant('When.'),
})
/** As it stands in the row. */
export interface StoredQuestion {
  byId: string
  text: string
  at: string
}

const STEP_STATES = ['waiting', 'open', 'approved', 'rejected', 'expired', 'skipped', 'withdrawn'] as const

export const ApprovalStep = shape({
  need: Type.Integer({ description: 'How many must approve.' }),
  deciders: Type.Array(
    shape({
      person: PersonBrief,
      decision: nullable(choice(['approved', 'rejected'], 'null: not yet.')),
      at: nullable(instant('When.')),
      onBehalfOf: nullable(PersonBrief),
    }),
    { description: 'Who is asked or decided; onBehalfOf: in whose place.' },
  ),
  dueAt: nullable(instant('Until when.')),
  state: choice(STEP_STATES, 'waiting: its turn has not come.'),
})
export type ApprovalStep = Static<typeof ApprovalStep>

export const Approval = shape({
  id: id('Approval.'),
  subjectType,
  subjectId,
  subjectLabel: SubjectLabel,
  bookingId: nullable(id('Where the subject is one.')),
  approverId: nullable(id('Who was asked; null: nobody (withdrawn before, or decided by policy).')),
  requesterId: id('Requester.'),
  requester: shape({
    id: id('Requester.'),
    fullName: line('Full name.'),
    department: nullable(line('Department.')),
  }),
  approver: nullable(PersonBrief),
  delegate: nullable(PersonBrief),
  steps: Type.Array(ApprovalStep, { description: 'One after the other.' }),
  subject: SubjectShown,
  question: nullable(OpenQuestion),
  approvalType: choice(APPROVAL_TYPES, 'Approval type.'),
  status: choice(APPROVAL_STATUSES, 'Status.'),
  notes: nullable(note('What the decision came with.')),
  reminderCount: Type.Integer({ description: 'How many reminders.' }),
  lastReminderAt: nullable(instant('Last reminder.')),
  respondedAt: nullable(instant('When it was decided.')),
  decidedBy: nullable(choice(DECIDED_BY, 'Who decided.')),
  decidedById: nullable(id('Who decided.')),
  onBehalfOfId: nullable(id('For whom a delegate decided.')),
  expiresAt: nullable(instant('null while a question stops the clock.')),
  escalatedFromId: nullable(id('The approval that expired before.')),
  version: Type.Integer({
    description: 'Rises with what is to be decided: asked anew, shown otherwise, the next step.',
  }),
  createdAt: instant('When it was routed.'),
  updatedAt: instant('When it last changed.'),
})
export type Approval = Static<typeof Approval>

export const ApprovalListQuery = shape({
  as: Type.Optional({
    ...choice(
      ['approver', 'requester', 'delegate', 'admin'],
      'Asked of me, by me, of those in whose place I decide, or all (ADMIN).',
    ),
    default: 'approver',
  }),
  status: Type.Optional(choice(APPROVAL_STATUSES, 'Only these.')),
  subjectId: Type.Optional(id('E.g. a booking.')),
  requesterId: Type.Optional(id('Only these.')),
  from: Type.Optional(instantGiven('From then on.')),
  to: Type.Optional(instantGiven('Before then.')),
})
export type ApprovalListQuery = Static<typeof ApprovalListQuery>

export const DECISIONS = ['approve', 'reject'] as const
const notes = note('Shown to the requester.')
export const Approve = shape({ notes: Type.Optional(notes) })
/** Blank notes are refused by rule, with the sentence that the documents fix. */
export const Reject = shape({ notes: Type.Optional(notes) })
/** Also as the status that follows from it. */
export const RespondAsked = shape({
  decision: choice([...DECISIONS, 'APPROVED', 'REJECTED'], 'Decision.'),
  notes: Type.Optional(notes),
})
export interface Respond {
  decision: (typeof DECISIONS)[number]
  notes?: string | undefined
  /** Of the approval as whoever decides saw it; absent: as it is now. */
  version?: number | undefined
}

/** What a continuation is told. */
export const Decision = shape({
  orgId: id('Organisation.'),
  subjectId: id('What was decided about.'),
  outcome: choice(['approved', 'rejected'], 'The decision.'),
  decidedBy: choice(DECIDED_BY, 'Who decided.'),
  decidedById: nullable(id('Who decided.')),
  notes: nullable(note('What the decision came with.')),
  decidedAt: Type.Optional(
    instantGiven('When; by it a decision is known that waited while it was asked again.'),
  ),
})
export type Decision = Static<typeof Decision>

export const NewDelegation = shape({
  delegateId: id('Delegate.'),
  from: instantGiven('Start.'),
  until: instantGiven('End, exclusive.'),
})
export type NewDelegation = Static<typeof NewDelegation>

export const Delegation = shape({
  id: id('Delegation.'),
  delegatorId: id('Who is away.'),
  delegateId: id('Delegate.'),
  fromAt: instant('Start.'),
  untilAt: instant('End, exclusive.'),
  revokedAt: nullable(instant('When it was taken back.')),
  createdAt: instant('When it was made.'),
})
export type Delegation = Static<typeof Delegation>

export const RoutePlan = shape({
  approverId: nullable(id('null: nobody can be asked.')),
  delegateId: nullable(id('Delegate.')),
  reminders: Type.Array(instant('Unless decided before.')),
  expiresAt: nullable(instant('Deadline.')),
  onExpiry: nullable(choice(['approve', 'cancel', 'escalate', 'next'], 'On expiry.')),
  reasons: Type.Array(Type.String({ description: 'Reasons.' })),
})
export type RoutePlan = Static<typeof RoutePlan>

/** What `simulate` says of each step, as if those before it were decided at once. */
const SimulatedStep = shape({
  state: choice(['open', 'skipped', 'nobody'], 'skipped: covered already; nobody: nobody can be asked.'),
  need: Type.Integer({ description: 'How many must approve.' }),
  asked: Type.Array(PersonBrief, { description: 'Who is asked.' }),
  delegates: Type.Array(shape({ approverId: id('Approver.'), delegateId: id('Delegate.') })),
  copyTo: Type.Array(PersonBrief, { description: 'Who is told.' }),
  reminders: Type.Array(instant('Unless decided before.')),
  expiresAt: nullable(instant('Deadline.')),
  onExpiry: nullable(choice(['approve', 'cancel', 'escalate', 'next'], 'On expiry.')),
  reasons: Type.Array(Type.String({ description: 'Reasons.' })),
})

/** What `simulate` says of a request, whatever it is about. */
export const SimulatedPlan = shape({
  approvalType: choice(APPROVAL_TYPES, 'Approval type.'),
  ...RoutePlan.properties,
  policyVersion: Type.Integer({ description: '0: the default.' }),
  rule: line('Rule.'),
  steps: Type.Array(SimulatedStep, { description: 'One after the other.' }),
  told: Type.Array(PersonBrief, { description: 'Where nobody decides.' }),
})
export type SimulatedPlan = Static<typeof SimulatedPlan>

/** Why a route is as it is; wording.ts says it in words. */
export const REASON_CODES = [
  'management',
  'rule',
  'informs',
  'needs_approval',
  'passed_inactive',
  'passed_role',
  'nearest',
  'named',
  'covered',
  'needs',
  'nobody',
  'nobody_named',
  'no_approver',
  'is_told',
  'delegated',
  'delegated_to_requester',
  'open_hours',
  'on_expiry',
] as const

export interface RouteReason {
  code: (typeof REASON_CODES)[number]
  /** Names and codes that stand in the sentence. */
  values: Record<string, string>
}

export function routeReason(code: RouteReason['code'], values: RouteReason['values'] = {}): RouteReason {
  return { code, values }
}
