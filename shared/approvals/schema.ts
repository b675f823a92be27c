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

export const SubjectLabel = shape({ code: line('What people call it.'), date: day('The day it is about.') })
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
  description: 'What is decided about: BOOKING, or as the program that asked calls it.',
})
const subjectId = Type.String({
  description: 'Which one: of a booking its id, else as that program calls it.',
})

const SubjectShown = shape({
  type: subjectType,
  id: subjectId,
  title: Type.String({ description: "What it is, in the reader's language." }),
  fields: Type.Array(
    shape({
      label: Type.String({ description: 'What it says.' }),
      value: Type.String({ description: 'As people write it.' }),
    }),
    { description: "All that a decision needs, in the reader's language." },
  ),
  url: nullable(Type.String({ description: 'Where it can be looked at, in another program.' })),
})

const OpenQuestion = shape({
  by: PersonBrief,
  text: Type.String({ description: 'What they want to know of the requester.' }),
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
  need: Type.Integer({ description: 'How many of them have to approve.' }),
  deciders: Type.Array(
    shape({
      person: PersonBrief,
      decision: nullable(choice(['approved', 'rejected'], 'What they decided; null: nothing yet.')),
      at: nullable(instant('When they did.')),
      onBehalfOf: nullable(PersonBrief),
    }),
    { description: 'Who is asked, or has decided; onBehalfOf: in whose place.' },
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
  bookingId: nullable(id('The booking, when the subject is one.')),
  approverId: nullable(id('Who was asked; null when nobody was: withdrawn before, or decided by policy.')),
  requesterId: id('Who needs it.'),
  requester: shape({
    id: id('Who needs it.'),
    fullName: line('Full name.'),
    department: nullable(line('Department.')),
  }),
  approver: nullable(PersonBrief),
  delegate: nullable(PersonBrief),
  steps: Type.Array(ApprovalStep, { description: 'Who is asked, one group after the other.' }),
  subject: SubjectShown,
  question: nullable(OpenQuestion),
  approvalType: choice(APPROVAL_TYPES, 'The route it took.'),
  status: choice(APPROVAL_STATUSES, 'PENDING until somebody or something decided.'),
  notes: nullable(note('What the decision came with.')),
  reminderCount: Type.Integer({ description: 'Reminders sent.' }),
  lastReminderAt: nullable(instant('Last reminder.')),
  respondedAt: nullable(instant('When it was decided.')),
  decidedBy: nullable(choice(DECIDED_BY, 'Who or what decided.')),
  decidedById: nullable(id('The person who decided.')),
  onBehalfOfId: nullable(id('The approver for whom a delegate decided.')),
  expiresAt: nullable(instant('Deadline; null while the clock stands for a question.')),
  escalatedFromId: nullable(id('The approval that expired before this one.')),
  version: Type.Integer({
    description: 'Rises when something else is to be decided: asked anew, shown otherwise, the next step.',
  }),
  createdAt: instant('When it was routed.'),
  updatedAt: instant('When it last changed.'),
})
export type Approval = Static<typeof Approval>

export const ApprovalListQuery = shape({
  as: Type.Optional({
    ...choice(
      ['approver', 'requester', 'delegate', 'admin'],
      'Asked of me (unless given), asked by me, of those in whose place I decide, or all (ADMIN).',
    ),
    default: 'approver',
  }),
  status: Type.Optional(choice(APPROVAL_STATUSES, 'Only these.')),
  subjectId: Type.Optional(id('Only about this, e.g. a booking.')),
  requesterId: Type.Optional(id('Only what they asked for.')),
  from: Type.Optional(instantGiven('Only from then on.')),
  to: Type.Optional(instantGiven('Only from before.')),
})
export type ApprovalListQuery = Static<typeof ApprovalListQuery>

export const DECISIONS = ['approve', 'reject'] as const
const notes = note('Shown to the requester.')
export const Approve = shape({ notes: Type.Optional(notes) })
/** Blank notes are refused by rule, with the sentence that the documents fix. */
export const Reject = shape({ notes: Type.Optional(notes) })
/** Also as the status that follows from it. */
export const RespondAsked = shape({
  decision: choice([...DECISIONS, 'APPROVED', 'REJECTED'], 'What is decided.'),
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
  decidedBy: choice(DECIDED_BY, 'Who or what decided.'),
  decidedById: nullable(id('The person who decided.')),
  notes: nullable(note('What the decision came with.')),
  decidedAt: Type.Optional(
    instantGiven('When; by it a decision is known that waited while it was asked again.'),
  ),
})
export type Decision = Static<typeof Decision>

export const NewDelegation = shape({
  delegateId: id('Who decides meanwhile.'),
  from: instantGiven('Start.'),
  until: instantGiven('End, exclusive.'),
})
export type NewDelegation = Static<typeof NewDelegation>

export const Delegation = shape({
  id: id('Delegation.'),
  delegatorId: id('Who is away.'),
  delegateId: id('Who decides meanwhile.'),
  fromAt: instant('Start.'),
  untilAt: instant('End, exclusive.'),
  revokedAt: nullable(instant('When it was taken back.')),
  createdAt: instant('When it was made.'),
})
export type Delegation = Static<typeof Delegation>

export const RoutePlan = shape({
  approverId: nullable(id('Who is asked; null when nobody can be.')),
  delegateId: nullable(id('Who may decide in their place at that time.')),
  reminders: Type.Array(instant('A reminder, unless it is decided before.')),
  expiresAt: nullable(instant('Deadline.')),
  onExpiry: nullable(choice(['approve', 'cancel', 'escalate', 'next'], 'What happens at the deadline.')),
  reasons: Type.Array(Type.String({ description: 'Why, in sentences.' })),
})
export type RoutePlan = Static<typeof RoutePlan>

/** What `simulate` says of each step, as if those before it were decided at once. */
const SimulatedStep = shape({
  state: choice(
    ['open', 'skipped', 'nobody'],
    'skipped: covered already; nobody: it can be asked of nobody.',
  ),
  need: Type.Integer({ description: 'How many of them have to approve.' }),
  asked: Type.Array(PersonBrief, { description: 'Who is asked.' }),
  delegates: Type.Array(
    shape({ approverId: id('Of those who are asked.'), delegateId: id('Who may decide in their place.') }),
  ),
  copyTo: Type.Array(PersonBrief, { description: 'Who is told.' }),
  reminders: Type.Array(instant('A reminder, unless it is decided before.')),
  expiresAt: nullable(instant('Deadline.')),
  onExpiry: nullable(choice(['approve', 'cancel', 'escalate', 'next'], 'What happens at the deadline.')),
  reasons: Type.Array(Type.String({ description: 'Why, in sentences.' })),
})

/** What `simulate` says of a request, whatever it is about. */
export const SimulatedPlan = shape({
  approvalType: choice(APPROVAL_TYPES, 'The route.'),
  ...RoutePlan.properties,
  policyVersion: Type.Integer({ description: 'Of the approval policy; 0: the default.' }),
  rule: line('The rule that it meets.'),
  steps: Type.Array(SimulatedStep, { description: 'All steps, one after the other.' }),
  told: Type.Array(PersonBrief, { description: 'Who is told, where nobody decides.' }),
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
