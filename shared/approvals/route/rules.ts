// What becomes of a request by a rule of a policy: who is asked step by step, who is reminded when, and until when. Pure, and
// the only place that knows: routing, `simulate` and every next step of an approval ask here.

import type { Calendar } from '../../kit/time/calendar.ts'
import type { OrganisationSettings } from '../../organisations/schema.ts'
import { mayBeAsked, POSITION_LEVELS, type PositionLevel, type User } from '../../users/schema.ts'
import { MOST_ASKED, type ApproverRule, type EXPIRY_WAYS, type PolicyStep } from '../policy/schema.ts'
import { routeReason, type Delegation, type RouteReason } from '../schema.ts'
import {
  approverAmong,
  countBy,
  delegateAt,
  durationsOf,
  isActiveAt,
  reminderTimes,
  settingsOf,
  type Durations,
  type Superior,
} from '../terms/rules.ts'

/** Somebody who might be asked. */
export interface Candidate extends Superior {
  positionLevel?: PositionLevel
  department?: string | null
}

export interface StepQuestion {
  requester: Pick<User, 'id'> & Partial<Pick<Candidate, 'fullName' | 'positionLevel' | 'department'>>
  /** The managers above the requester, nearest first. */
  superiors: readonly Candidate[]
  /** Whom rules name by role, by themselves or by department, who stands highest first. */
  people: readonly Candidate[]
  delegations: readonly Delegation[]
  settings: OrganisationSettings
  calendar: Calendar
  durations: Durations
  now: Date
  /** Who has approved in a step before. */
  earlier: ReadonlySet<string>
}

export interface PlannedStep {
  /** skipped: covered by the requester or by who has approved before; nobody: it can be asked of nobody. */
  state: 'open' | 'skipped' | 'nobody'
  need: number
  asked: Candidate[]
  /** Who may decide in whose place now. */
  delegates: { approverId: string; delegateId: string }[]
  copyTo: Candidate[]
  reminders: Date[]
  expiresAt: Date | null
  onExpiry: (typeof EXPIRY_WAYS)[number] | null
  reasons: RouteReason[]
}

/** As it would be if it began now. */
export function planStep(step: PolicyStep, question: StepQuestion): PlannedStep {
  const { requester, earlier } = question
  const found = findAll(step.approvers, question)
  const people = distinct(found.flatMap((each) => each.people))
  const asked = people.filter(({ id }) => id !== requester.id && !earlier.has(id)).slice(0, MOST_ASKED)
  const covered = people.filter(({ id }) => id === requester.id || earlier.has(id))
  const wanted = countWanted(step.need ?? 'any', asked.length + covered.length)
  const reasons = [
    ...found.flatMap((each) => each.reasons),
    ...covered.map(({ fullName: name }) => routeReason('covered', { name })),
  ]
  const closed = {
    need: 0,
    asked: [],
    delegates: [],
    copyTo: [],
    reminders: [],
    expiresAt: null,
    onExpiry: null,
  }
  if (covered.length > 0 && covered.length >= wanted) return { ...closed, state: 'skipped', reasons }
  if (asked.length === 0) return { ...closed, state: 'nobody', reasons }
  return openStep(step, question, { asked, need: Math.min(wanted - covered.length, asked.length), reasons })
}

/** Of fewer people than it needs, all. */
function countWanted(need: 'all' | 'any' | number, people: number): number {
  if (need === 'all') return people
  return need === 'any' ? 1 : Math.min(need, people)
}

function openStep(
  step: PolicyStep,
  question: StepQuestion,
  { asked, need, reasons }: Pick<PlannedStep, 'asked' | 'need' | 'reasons'>,
): PlannedStep {
  const { now, calendar, delegations, requester } = question
  const settings = settingsOf(step, question.settings)
  const durations = durationsOf(step, question.durations)
  const count = countBy(settings, calendar)
  const expiresAt = count(now, durations.APPROVAL_TTL)
  const onExpiry = step.onExpiry ?? settings.onExpiry ?? 'approve'
  const delegates = asked.flatMap(({ id: approverId }) => {
    const delegateId = delegateAt(ofPerson(delegations, approverId), requester.id, now)
    return delegateId ? [{ approverId, delegateId }] : []
  })
  return {
    state: 'open',
    need,
    asked,
    delegates,
    copyTo: distinct(findAll(step.copyTo ?? [], question).flatMap(({ people }) => people)),
    reminders: reminderTimes(now, expiresAt, durations, count),
    expiresAt,
    onExpiry,
    reasons: [
      ...reasons,
      ...(asked.length > 1
        ? [routeReason('needs', { need: String(need), count: String(asked.length) })]
        : []),
      ...reasonsForDelegates(question, asked, delegates.length > 0),
      ...(settings.approvalHours === 'open' ? [routeReason('open_hours')] : []),
      routeReason('on_expiry', { policy: onExpiry }),
    ],
  }
}

const ofPerson = (delegations: readonly Delegation[], personId: string): Delegation[] =>
  delegations.filter(({ delegatorId }) => delegatorId === personId)

function reasonsForDelegates(
  { delegations, requester, now }: StepQuestion,
  asked: readonly Candidate[],
  isDelegated: boolean,
): RouteReason[] {
  if (isDelegated) return [routeReason('delegated')]
  const isRequester = delegations.some(
    (each) =>
      asked.some(({ id }) => id === each.delegatorId) &&
      isActiveAt(each, now) &&
      each.delegateId === requester.id,
  )
  return isRequester ? [routeReason('delegated_to_requester')] : []
}

interface Found {
  people: Candidate[]
  reasons: RouteReason[]
}

function findAll(rules: readonly ApproverRule[], question: StepQuestion): Found[] {
  return rules.map((rule) => findApprovers(rule, question))
}

/** Whom a rule names; the requester among them, for what they cover themselves. */
export function findApprovers(rule: ApproverRule, question: StepQuestion): Found {
  const { superiors, requester } = question
  if (rule.manager !== undefined) return findManager(rule.manager, superiors, requester.id)
  if (rule.above !== undefined) return findAbove(rule.above, question)
  const people = question.people
    .filter((each) => mayBeAsked(each) && isNamed(rule, each, question))
    .slice(0, MOST_ASKED)
  const by = rule.role ? 'role' : rule.departmentHead ? 'head' : 'person'
  return {
    people,
    reasons:
      people.length === 0
        ? [routeReason('nobody_named', { by })]
        : people
            .filter(({ id }) => id !== requester.id)
            .map(({ fullName: name }) => routeReason('named', { name, by })),
  }
}

function isNamed(rule: ApproverRule, person: Candidate, question: StepQuestion): boolean {
  if (rule.role) return person.role === rule.role
  if (rule.userIds) return rule.userIds.includes(person.id)
  return isHead(person, question)
}

/** Who stands highest in the requester's department, of those in management; several of the same level all do. */
function isHead(person: Candidate, { people, requester }: StepQuestion): boolean {
  const isInIt = (each: Candidate): boolean =>
    mayBeAsked(each) && !!each.department && each.department === requester.department
  const highest = Math.max(...people.filter(isInIt).map(rankOf))
  return isInIt(person) && rankOf(person) === highest && highest >= POSITION_LEVELS.indexOf('MGR')
}

const rankOf = ({ positionLevel }: Pick<Candidate, 'positionLevel'>): number =>
  positionLevel ? POSITION_LEVELS.indexOf(positionLevel) : -1

/** @param number 1: the nearest of those who may decide, and so on */
function findManager(number: number, superiors: readonly Candidate[], requesterId: string): Found {
  if (number === 1) {
    const nearest = approverAmong(superiors, requesterId)
    return { people: nearest ? [nearest] : [], reasons: reasonsForNearest(nearest, superiors) }
  }
  const able = superiors.filter((each) => mayBeAsked(each) && each.id !== requesterId)
  const manager = able[number - 1]
  return manager
    ? { people: [manager], reasons: [routeReason('named', { name: manager.fullName, by: 'manager' })] }
    : { people: [], reasons: [routeReason('nobody')] }
}

function reasonsForNearest(nearest: Candidate | undefined, superiors: readonly Candidate[]): RouteReason[] {
  const passed = superiors.slice(0, nearest ? superiors.indexOf(nearest) : undefined)
  const skipped = passed.map(({ fullName: name, isActive, role }) =>
    isActive ? routeReason('passed_role', { name, role }) : routeReason('passed_inactive', { name }),
  )
  return [...skipped, nearest ? routeReason('nearest', { name: nearest.fullName }) : routeReason('nobody')]
}

/** Whoever stands so high covers it themselves. */
function findAbove(level: PositionLevel, { requester, superiors }: StepQuestion): Found {
  const isHigh = (each: Pick<Candidate, 'positionLevel'>): boolean =>
    rankOf(each) >= POSITION_LEVELS.indexOf(level)
  if (isHigh(requester))
    return { people: [{ fullName: '', ...requester, isActive: true, role: 'STAFF' }], reasons: [] }
  const manager = approverAmong(superiors.filter(isHigh), requester.id)
  return manager
    ? { people: [manager], reasons: [routeReason('named', { name: manager.fullName, by: 'level' })] }
    : { people: [], reasons: [routeReason('nobody')] }
}

function distinct(people: readonly Candidate[]): Candidate[] {
  return [...new Map(people.map((each) => [each.id, each])).values()]
}
