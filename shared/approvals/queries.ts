import { rowsOf, type Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import { NEWEST_FIRST, readPage, type Listed, type PagePart } from '../kit/store/keyset.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { listManagersAbove } from '../users/queries.ts'
import { mayBeAsked, MOST_HELD, type Holding, type User } from '../users/schema.ts'
import { waitingOf } from './decision/rules.ts'
import type { PolicyStep } from './policy/schema.ts'
import {
  settingsOf,
  approverAmong,
  countBy,
  isActiveAt,
  type DurationCount,
  type Superior,
} from './terms/rules.ts'
import { OWN_SUBJECT, Delegation, type Approval, type SubjectDetails, type SubjectLabel } from './schema.ts'
import { briefOf, stepsOf } from './steps.ts'
import type { DecisionLinkRow } from './links/table.ts'
import { approvalColumns, type ApprovalRow } from './table.ts'
import type { Actor } from '../organisations/roles.ts'
import type { Locale } from '../organisations/schema.ts'
import { getCalendar, getOrganisation } from '../organisations/queries.ts'

type DelegateFacts = Pick<User, 'isActive' | 'role'>

/**
 * The public shape, in one language: without the organisation's id and the machinery, with the id of the
 * thing itself where clients look for it.
 */
export function toApproval(
  {
    orgId: _org,
    nextReminderAt: _next,
    continuation: _then,
    externalId,
    subjectUrl,
    openQuestion,
    timeLeftMs: _left,
    subjectDetails,
    orgLocale: _locale,
    requester,
    approver,
    delegate,
    people,
    route,
    ...row
  }: ApprovalRow,
  locale: Locale,
): Approval {
  const asked = approver ?? people.find(({ id }) => id === firstAsked(route)) ?? null
  return {
    ...row,
    approverId: asked?.id ?? row.approverId,
    subjectId: externalId ?? row.subjectId,
    bookingId: row.subjectType === OWN_SUBJECT ? row.subjectId : null,
    requester: { id: requester.id, fullName: requester.fullName, department: requester.department },
    approver: briefOf(asked),
    delegate: briefOf(delegate),
    steps: stepsOf({ ...row, route, approver, people }),
    subject: {
      type: row.subjectType,
      id: externalId ?? row.subjectId,
      ...shownIn(locale, subjectDetails, row.subjectLabel),
      url: subjectUrl,
    },
    question: row.status === 'PENDING' ? shownQuestion(openQuestion, people) : null,
  }
}

function shownQuestion(
  question: ApprovalRow['openQuestion'],
  people: ApprovalRow['people'],
): Approval['question'] {
  const by = briefOf(people.find(({ id }) => id === question?.byId) ?? null)
  return question && by && { by, text: question.text, askedAt: new Date(question.at) }
}

/** Of several people the first who still has to decide. */
function firstAsked(route: ApprovalRow['route']): string | undefined {
  return route
    ? (waitingOf(route)[0] ?? route.steps.findLast(({ asked }) => asked.length > 0)?.asked[0])
    : undefined
}

function shownIn(
  locale: Locale,
  details: SubjectDetails | null,
  { code }: SubjectLabel,
): Pick<Approval['subject'], 'title' | 'fields'> {
  if (!details) return { title: code, fields: [] }
  return {
    title: details.title[locale],
    fields: details.fields.map(({ label, value }) => ({ label: label[locale], value: value[locale] })),
  }
}

/** In which language somebody whom it concerns reads; everybody else is taken to read that of the organisation. */
export function localeOf(
  { requester, approver, delegate, people, orgLocale }: ApprovalRow,
  userId: string,
): Locale {
  return [requester, approver, delegate, ...people].find((each) => each?.id === userId)?.locale ?? orgLocale
}

/** Who above this person would be asked about the requester's request, which is their own unless given; undefined: nobody. */
export async function findApproverAbove(
  db: Db,
  orgId: string,
  personId: string,
  requesterId = personId,
): Promise<Superior | undefined> {
  return approverAmong(await listManagersAbove(db, orgId, personId), requesterId)
}

/** How an organisation counts hours now; what is set already stays as it is. @param step with hours of its own */
export async function getDurationCount(db: Db, orgId: string, step?: PolicyStep): Promise<DurationCount> {
  const { settings } = await getOrganisation(db, orgId)
  return countBy(step ? settingsOf(step, settings) : settings, await getCalendar(db, orgId))
}

export function shownTo(userId: string, { items, next }: Listed<ApprovalRow>): Listed<Approval> {
  return { items: items.map((row) => toApproval(row, localeOf(row, userId))), next }
}

/** Of all organisations, those that still wait although their time was over before this instant. Reads as many as wait. */
export async function countOverdue(db: Db, before: Date): Promise<number> {
  const [row] = await db('approvals')
    .where({ status: 'PENDING' })
    .where('expiresAt', '<', before)
    .count({ count: '*' })
  return Number(row?.['count'] ?? 0)
}

/** What waits on somebody themselves, the first to end first. @returns one more than an answer names, where there are more */
export async function listApprovalsHeldBy(db: Db, orgId: string, userId: string): Promise<Holding[]> {
  return rowsOf(
    db,
    `select a.id, a.subject_label->>'code' as label, u.full_name as person_name, a.expires_at as due_at
     from approvals a join users u on u.id = a.requester_id
     where a.org_id = :orgId and a.status = 'PENDING' and a.id in (
       select id from approvals where approver_id = :userId and status = 'PENDING'
       union all select approval_id from approval_deciders where user_id = :userId and is_waiting)
     order by a.expires_at, a.id limit :limit`,
    { orgId, userId, limit: MOST_HELD + 1 },
  )
}

export async function listRequestsOf(
  db: Db,
  userId: string,
  now: Date,
  part: PagePart,
): Promise<Listed<Approval>> {
  const rows = db('approvals').where({ requesterId: userId })
  return shownTo(userId, await readPage(rows, approvalColumns(db, now), NEWEST_FIRST, part))
}

/** The newest about a thing of ours. @throws AppError 404, also for whoever may not see it */
export async function getApprovalAbout(
  db: Db,
  actor: Actor,
  bookingId: string,
  now: Date,
): Promise<Approval> {
  return getVisible(db, actor, { subjectType: OWN_SUBJECT, subjectId: bookingId }, now)
}

export async function getApproval(db: Db, actor: Actor, id: string, now: Date): Promise<Approval> {
  return getVisible(db, actor, { id }, now)
}

async function getVisible(
  db: Db,
  actor: Actor,
  where: { id: string } | { subjectType: string; subjectId: string },
  now: Date,
): Promise<Approval> {
  const readerLocale = db.raw('(select locale from users where id = ?) as reader_locale', [actor.id])
  const row: (ApprovalRow & { readerLocale: Locale | null }) | undefined = await db('approvals')
    .where({ orgId: actor.orgId, ...where })
    .orderBy('createdAt', 'desc')
    .first([...approvalColumns(db, now), readerLocale])
  if (!row || !(await maySee(db, actor, row, now))) throw notFound('Approval')
  const { readerLocale: own, ...approval } = row
  return toApproval(approval, own ?? row.orgLocale)
}

async function maySee(db: Db, actor: Actor, row: ApprovalRow, now: Date): Promise<boolean> {
  if (
    actor.role === 'ADMIN' ||
    [row.requesterId, row.approverId, row.onBehalfOfId, row.decidedById].includes(actor.id) ||
    row.people.some(({ id }) => id === actor.id)
  )
    return true
  return isDelegateOf(db, actor.id, askedIn(row), now)
}

/** Whom it waits on, or who was asked. */
function askedIn({ approverId, route }: Pick<ApprovalRow, 'approverId' | 'route'>): string[] {
  if (route) return route.steps.flatMap(({ asked }) => asked)
  return approverId ? [approverId] : []
}

async function isDelegateOf(db: Db, userId: string, others: readonly string[], now: Date): Promise<boolean> {
  const delegations = await listDelegationsOfAll(db, others)
  return delegations.some((each) => each.delegateId === userId && isActiveAt(each, now))
}

/** Was, or is, this person asked about the subject? Then they may see it. */
export async function isAskedAbout(db: Db, userId: string, subjectId: string, now: Date): Promise<boolean> {
  const rows: Pick<ApprovalRow, 'approverId' | 'decidedById' | 'route'>[] = await db('approvals')
    .where({ subjectId })
    .select('approverId', 'decidedById', 'route')
  const asked = rows.flatMap((row) => [...askedIn(row), ...(row.decidedById ? [row.decidedById] : [])])
  return asked.includes(userId) || isDelegateOf(db, userId, rows.flatMap(askedIn), now)
}

/** Whose an approval is that waits: what has to be known before it is locked. Of one that waits no more there is nothing to lock. */
export async function findOrganisationOfPending(db: Db, approvalId: string): Promise<string | undefined> {
  return (await db('approvals').where({ id: approvalId, status: 'PENDING' }).first('orgId'))?.orgId
}

export async function findDecisionLink(db: Db, id: string): Promise<DecisionLinkRow | undefined> {
  return db('decision_links').where({ id }).first('id', 'orgId', 'approvalId', 'userId', 'usedAt')
}

/** What somebody delegated and has not taken back, to people who may decide; rules decide which holds when. */
export async function listDelegationsOf(db: Db, delegatorId: string): Promise<Delegation[]> {
  return listDelegationsOfAll(db, [delegatorId])
}

export async function listDelegationsOfAll(db: Db, delegatorIds: readonly string[]): Promise<Delegation[]> {
  if (delegatorIds.length === 0) return []
  const rows: (Delegation & DelegateFacts)[] = await db('delegations as d')
    .join('users as u', 'u.id', 'd.delegateId')
    .whereIn('d.delegatorId', [...delegatorIds])
    .whereNull('d.revokedAt')
    .orderBy('d.fromAt')
    .select(...columnsOf(Delegation).map((column) => `d.${column}`), 'u.isActive', 'u.role')
  return rows.filter(mayBeAsked).map(({ isActive: _active, role: _role, ...delegation }) => delegation)
}
