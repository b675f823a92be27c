// Asking the requester something before one decides, their answer, and what others have to say.

import { recordAudit } from '../../audit/actions.ts'
import type { AuditAction } from '../../audit/sentences.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, forbidden, notFound } from '../../kit/declare/errors.ts'
import { openTimeBetween } from '../../kit/time/calendar.ts'
import { notify, settleNotifications } from '../../notifications/actions/notify.ts'
import { getCalendar, getOrganisation } from '../../organisations/queries.ts'
import { personIdOf, type Actor } from '../../organisations/roles.ts'
import { openStepOf } from '../decision/rules.ts'
import { approvalCommentedEvent } from '../events.ts'
import { recordStep } from '../history/entries.ts'
import type { HistoryAction } from '../history/schema.ts'
import { expireApprovalJob, remindApproverJob } from '../jobs.ts'
import { getApproval, getDurationCount, localeOf, toApproval } from '../queries.ts'
import type { Approval } from '../schema.ts'
import { aboutSubject, subjectWords } from '../subjects.ts'
import { lockApproval, updateApproval, type ApprovalColumns, type ApprovalRow } from '../table.ts'
import { durationsOf, reminderAfter, settingsOf } from '../terms/rules.ts'
import { mustBeOpenTo } from './decide.ts'
import { answerTo, decidersOf, emitApproval } from './people.ts'

/** @throws AppError 403 for who does not decide, 404, 409 when it is decided or another question waits */
export async function askRequester(
  change: Change,
  actor: Actor,
  approvalId: string,
  text: string,
): Promise<Approval> {
  const approval = await lockSeen(change, actor, approvalId)
  await mustBeOpenTo(change, actor, approval)
  if (approval.openQuestion) throw conflict('A question waits for its answer already')
  const question = { byId: actor.id, text, at: change.now.toISOString() }
  const asked = await updateApproval(
    change.db,
    approvalId,
    { openQuestion: question, ...(await pauseOf(change, approval)) },
    change.now,
  )
  const { requesterId } = asked
  await say(change, actor, asked, { action: 'question', audited: 'approval_question_asked', text })
  notify(change, {
    ...noticeOfWords(actor, asked, requesterId, text),
    type: 'APPROVAL_QUESTION',
    asks: [answerTo(asked)],
  })
  return toApproval(asked, localeOf(asked, actor.id))
}

/** By the requester, or by the program that asked for it. @throws AppError 403, 404, 409 when no question waits */
export async function answerQuestion(
  change: Change,
  actor: Actor,
  approvalId: string,
  text: string,
): Promise<Approval> {
  const approval = await lockSeen(change, actor, approvalId)
  mustBeOfRequester(actor, approval)
  const { openQuestion } = approval
  if (approval.status !== 'PENDING' || !openQuestion) throw conflict('No question waits for an answer')
  const answered = await updateApproval(
    change.db,
    approvalId,
    { openQuestion: null, ...(await resume(change, approval)) },
    change.now,
  )
  await settleNotifications(change, [answerTo(approval)])
  await say(change, actor, answered, { action: 'answer', audited: 'approval_question_answered', text })
  notify(change, {
    ...noticeOfWords(actor, answered, openQuestion.byId, text),
    type: 'APPROVAL_ANSWER',
    people: [answered.requesterId],
  })
  return toApproval(answered, localeOf(answered, actor.id))
}

/** By whomever it concerns; the others are told. @throws AppError 404 */
export async function commentApproval(
  change: Change,
  actor: Actor,
  approvalId: string,
  text: string,
): Promise<Approval> {
  const approval = await lockSeen(change, actor, approvalId)
  const others = await say(change, actor, approval, {
    action: 'comment',
    audited: 'approval_commented',
    text,
  })
  for (const userId of others)
    notify(change, { ...noticeOfWords(actor, approval, userId, text), type: 'APPROVAL_COMMENT' })
  return toApproval(approval, localeOf(approval, actor.id))
}

/** @throws AppError 404, also for whoever may not see it */
export async function lockSeen(change: Change, actor: Actor, approvalId: string): Promise<ApprovalRow> {
  await getApproval(change.db, actor, approvalId, change.now)
  const approval = await lockApproval(change.db, approvalId, change.now)
  if (!approval) throw notFound('Approval')
  return approval
}

/** @throws AppError 403 */
export function mustBeOfRequester(actor: Actor, { requesterId }: Pick<ApprovalRow, 'requesterId'>): void {
  const personId = personIdOf(actor)
  if (personId !== undefined && personId !== requesterId)
    throw forbidden('Only whoever asked for it, or a program in its own name')
}

/** @returns whom it concerns, but for whoever says it */
async function say(
  change: Change,
  actor: Actor,
  approval: ApprovalRow,
  { action, audited, text }: { action: HistoryAction; audited: AuditAction; text: string },
): Promise<string[]> {
  recordStep(change, approval, action, { actor, notes: text })
  recordAudit(change, {
    orgId: approval.orgId,
    actorId: actor.id,
    action: audited,
    entity: 'approval',
    entityId: approval.id,
    metadata: { code: approval.subjectLabel.code },
  })
  const concerned = new Set([
    ...(await decidersOf(change.db, approval, change.now)),
    ...(approval.openQuestion ? [approval.openQuestion.byId] : []),
    approval.requesterId,
  ])
  emitApproval(change, approvalCommentedEvent, approval, [...concerned])
  return [...concerned].filter((each) => each !== actor.id)
}

/** What somebody is told of words that were said. */
const noticeOfWords = (actor: Actor, approval: ApprovalRow, userId: string, text: string) => ({
  orgId: approval.orgId,
  userId,
  data: { approvalId: approval.id },
  ...aboutSubject(approval.subjectType, approval.subjectId),
  people: [personIdOf(actor) ?? null],
  parameters: { code: subjectWords(approval).code, sender: actor.fullName, text },
})

type Clock = Pick<ApprovalColumns, 'expiresAt' | 'nextReminderAt' | 'timeLeftMs'>

/** What stops the clock, where the step says so: what is left of the term is kept, in the hours that count. */
async function pauseOf(change: Change, approval: ApprovalRow): Promise<Partial<Clock>> {
  const step = approval.route ? openStepOf(approval.route)?.ask : undefined
  const { expiresAt } = approval
  if (!step?.pausesOnQuestion || !expiresAt) return {}
  const { settings } = await getOrganisation(change.db, approval.orgId)
  const isOpenHours = settingsOf(step, settings).approvalHours === 'open'
  const inAll = expiresAt.getTime() - change.now.getTime()
  const inOpen = isOpenHours
    ? openTimeBetween(await getCalendar(change.db, approval.orgId), change.now, expiresAt)
    : 0
  return { expiresAt: null, nextReminderAt: null, timeLeftMs: Math.max(0, inOpen || inAll) }
}

/** The rest of the term begins, and the alarms with it. */
async function resume(change: Change, approval: ApprovalRow): Promise<Partial<Clock>> {
  const { timeLeftMs, orgId, id: approvalId } = approval
  if (timeLeftMs === null) return {}
  const step = approval.route ? openStepOf(approval.route)?.ask : undefined
  const count = await getDurationCount(change.db, orgId, step)
  const expiresAt = count(change.now, timeLeftMs)
  const durations = step ? durationsOf(step, change.config) : change.config
  const nextReminderAt = reminderAfter({ ...approval, expiresAt }, change.now, durations, count)
  change.enqueue(expireApprovalJob, { approvalId }, expiresAt)
  if (nextReminderAt) change.enqueue(remindApproverJob, { approvalId }, nextReminderAt)
  return { expiresAt, nextReminderAt, timeLeftMs: null }
}
