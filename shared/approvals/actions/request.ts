// Asking for a decision about a thing of another program: it is routed at once, and its outcome is a fact for that program.

import { randomUUID } from 'node:crypto'
import { AppError, forbidden, invalid, malformed, type Problem } from '../../kit/declare/errors.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import { dayAt } from '../../kit/time/zone.ts'
import { personIdOf, type Actor } from '../../organisations/roles.ts'
import { lockHierarchyForWork } from '../../users/actions/hold.ts'
import { findRepresented } from '../../users/queries.ts'
import { newRoute } from '../decision/rules.ts'
import { tellOutcomeJob } from '../jobs.ts'
import { approvalTypeBy, ruleFor } from '../policy/rules.ts'
import type { PolicyRule } from '../policy/schema.ts'
import { getApproval } from '../queries.ts'
import { getRouteFacts, type RouteFacts } from '../route-facts.ts'
import type { ApprovalRequest } from '../requests/schema.ts'
import { OWN_SUBJECT, type Approval, type Localised, type SubjectDetails } from '../schema.ts'
import { findOpenAbout, insertApproval } from '../table.ts'
import { beginApproval } from './ask.ts'
import { newRow } from './new-row.ts'
import { planFor, policyIn } from './next-step.ts'

const NO_APPROVER =
  'The requester has no manager who could approve it, and the organisation does not approve such requests'

/** @throws AppError 400, 403, 409 while the same waits for a decision, 422 where nobody could decide */
export async function requestApproval(change: Change, actor: Actor, ask: ApprovalRequest): Promise<Approval> {
  const { orgId } = actor
  const requesterId = await findRequester(change, actor, ask)
  await lockHierarchyForWork(change, orgId)
  const facts = await getRouteFacts(change.db, orgId, requesterId)
  const rule = ruleOf(actor, facts, ask)
  const plan = await planFor(change, orgId, facts, rule)
  if (plan.lacksApprover && facts.organisation.settings.noApprover === 'refuse') throw invalid(NO_APPROVER)

  const id = randomUUID()
  const { type, id: externalId, url: subjectUrl = null } = ask.subject
  const label = { code: externalId, date: dayAt(facts.organisation.timezone, change.now) }
  const routing = {
    orgId,
    subject: { type, id, label },
    requesterId,
    approvalType: approvalTypeBy(rule),
    then: tellOutcomeJob.name,
  }
  const row = { ...newRow(change, routing, plan, detailsOf(ask)), id, externalId, subjectUrl }
  const begun = facts.policy ? newRoute(facts.policy.version, rule) : undefined
  if (!(await beginApproval(change, row, plan, { begun, write: insertApproval })))
    throw await waitsAlready(change, orgId, ask)
  return getApproval(change.db, actor, id, change.now)
}

/** A person asks for themselves, a program for anybody. @throws AppError 400, 403 */
export async function findRequester(
  { db }: Pick<Reading, 'db'>,
  actor: Actor,
  { requester = {}, subject }: ApprovalRequest,
): Promise<string> {
  const selfId = personIdOf(actor)
  const { id, externalId } = requester
  const problems: Problem[] = []
  if (subject.type.toUpperCase() === OWN_SUBJECT)
    problems.push({
      path: '/body/subject/type',
      message: `must not be ${OWN_SUBJECT}, which is ours`,
    })
  if (id !== undefined && externalId !== undefined)
    problems.push({ path: '/body/requester', message: 'must be named by one of id and externalId' })
  const who = id !== undefined ? { id } : externalId !== undefined ? { externalId } : undefined
  const found = who ? await findRepresented(db, actor.orgId, who) : undefined
  const requesterId = who ? found?.id : selfId
  if (!requesterId || found?.role === 'GUEST')
    problems.push({ path: '/body/requester', message: who ? 'is nobody who could ask' : 'is missing' })
  if (problems.length > 0 || !requesterId) throw malformed(problems)
  if (selfId !== undefined && requesterId !== selfId)
    throw forbidden('A person asks for themselves; a program asks for others in its own name')
  return requesterId
}

/** The first that fits, or the one that a program names. @throws AppError 400, 403 */
export function ruleOf(actor: Actor, facts: RouteFacts, { subject, policy }: ApprovalRequest): PolicyRule {
  const { rules } = policyIn(facts)
  const { role, positionLevel, userSegment, department } = facts.requester
  if (policy === undefined)
    return ruleFor(rules, {
      'subject.type': subject.type,
      amount: subject.amount ?? null,
      'requester.role': role,
      'requester.positionLevel': positionLevel,
      'requester.userSegment': userSegment,
      'requester.department': department,
    })
  if (personIdOf(actor) !== undefined)
    throw forbidden('Nobody chooses who decides on what they ask for: leave policy out')
  const named = rules.find(({ name }) => name === policy)
  if (!named) throw malformed([{ path: '/body/policy', message: 'is no rule of the approval policy' }])
  return named
}

function detailsOf({ subject: { title, fields = [] } }: ApprovalRequest): SubjectDetails {
  return {
    title: inEach(title),
    fields: fields.map(({ label, value }) => ({ label: inEach(label), value: inEach(value) })),
  }
}

/** Whoever asks says it once. */
const inEach = (text: string): Localised => ({ vi: text, en: text })

async function waitsAlready(
  { db }: Change,
  orgId: string,
  { subject: { type, id } }: ApprovalRequest,
): Promise<AppError> {
  const approvalId = await findOpenAbout(db, orgId, type, id)
  return new AppError(409, 'conflict', `An approval of ${type} ${id} waits already`, { more: { approvalId } })
}
