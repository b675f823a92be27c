// Every write and row lock of approvals and delegations. Private to the domain.

import { askTogether } from '../kit/store/ask-together.ts'
import { preparedRowsOf, toSnakeCase, type Db, type Query } from '../kit/store/db.ts'
import type { PersonBrief } from '../users/schema.ts'
import type { ApprovalRoute } from './decision/schema.ts'
import { deleteDecisionLinks } from './links/table.ts'
import type { Approval, StoredQuestion, SubjectDetails, SubjectLabel } from './schema.ts'
import type { Locale } from '../organisations/schema.ts'

/** An approval's own columns, with the name of the job that is told of the decision. */
export type ApprovalColumns = Omit<
  Approval,
  'bookingId' | 'requester' | 'approver' | 'delegate' | 'subject' | 'steps' | 'question' | 'version'
> & {
  orgId: string
  nextReminderAt: Date | null
  continuation: string
  /** What the subject is called in another program; null: it is ours. */
  externalId: string | null
  subjectUrl: string | null
  /** Null in rows of an older release, and once the requester was erased. */
  subjectDetails: SubjectDetails | null
  openQuestion: StoredQuestion | null
  /** While the clock stands: how much of the term is left, in the hours that count. */
  timeLeftMs: number | null
  /** Of several people, step after step; null: one person decides, as the columns say. */
  route: ApprovalRoute | null
}

interface PersonThere extends PersonBrief {
  department: string | null
  locale: Locale
}

/** With whom it concerns, read in the same statement. */
export interface ApprovalRow extends ApprovalColumns {
  version: number
  requester: PersonThere
  approver: PersonThere | null
  /** While it waits, and only at the instant of reading. */
  delegate: PersonThere | null
  /** Who decided, and of several people all who were asked. */
  people: PersonThere[]
  orgLocale: Locale
}

const OWN_COLUMNS = [
  'id',
  'orgId',
  'subjectType',
  'subjectId',
  'subjectLabel',
  'subjectDetails',
  'externalId',
  'subjectUrl',
  'approverId',
  'requesterId',
  'approvalType',
  'status',
  'notes',
  'reminderCount',
  'lastReminderAt',
  'nextReminderAt',
  'respondedAt',
  'decidedBy',
  'decidedById',
  'onBehalfOfId',
  'expiresAt',
  'escalatedFromId',
  'continuation',
  'openQuestion',
  'timeLeftMs',
  'route',
  'createdAt',
  'updatedAt',
] as const satisfies readonly (keyof ApprovalColumns)[]

/** PostgreSQL begins at 1; who changes what is asked says the next. */
const READ_COLUMNS = [...OWN_COLUMNS, 'version'] as const

const PERSON = `jsonb_build_object('id', u.id, 'fullName', u.full_name, 'role', u.role, 'department',
u.department, 'locale', coalesce(u.locale, o.locale))`
const USERS = 'users u join organisations o on o.id = u.org_id'
/** As the rules have it (`delegateAt`), for showing; who may decide is not read here. */
const DELEGATE = `select ${PERSON} from delegations d join ${USERS} on u.id = d.delegate_id
  where approvals.status = 'PENDING' and d.delegator_id = approvals.approver_id and d.revoked_at is null
  and d.from_at <= :now and d.until_at > :now
    and d.delegate_id <> approvals.requester_id and u.is_active and u.role not in ('CUSTOMER', 'GUEST') order by d.from_at limit 1`

/** Read in the same statement, at the instant `:now`. */
const CONCERNED = `(select ${PERSON} from ${USERS} where u.id = approvals.requester_id) as requester, (select ${PERSON}
        from ${USERS} where u.id = approvals.approver_id) as approver,
     (${DELEGATE}) as delegate, (select coalesce(jsonb_agg(${PERSON}), '[]') from ${USERS}
        where u.id = any(array(select user_id from approval_deciders where approval_id = approvals.id) || approvals.decided_by_id
          || (approvals.open_question->>'byId')::uuid)
      ) as people, (select locale from organisations where id = approvals.org_id) as org_locale`

export function approvalColumns(db: Db, now: Date) {
  return [...READ_COLUMNS.map((column) => `approvals.${column}`), db.raw(CONCERNED, { now })]
}

const OWN_NAMES = OWN_COLUMNS.map(toSnakeCase).join(', ')
const INSERT = `insert into approvals (${OWN_NAMES}) select ${OWN_NAMES} from jsonb_populate_recordset(null::approvals, :rows)
  on conflict do nothing returning ${READ_COLUMNS.map((each) => `approvals.${toSnakeCase(each)}`).join(', ')}, ${CONCERNED}`

const insertRow = askTogether(async (db, asked: readonly { approval: ApprovalColumns; now: Date }[]) => {
  const rows = asked.map(({ approval }) => OWN_COLUMNS.map((each) => [toSnakeCase(each), approval[each]]))
  const inserted = await preparedRowsOf<ApprovalRow>(db, 'insert_approvals', INSERT, {
    rows: JSON.stringify(rows.map((row) => Object.fromEntries(row))),
    now: asked[0]?.now,
  })
  return asked.map(({ approval }) => inserted.find(({ id }) => id === approval.id))
})

/**
 * Undefined when the subject was routed, or withdrawn, before, or waits for a decision: `approvals_one_root` and
 * `approvals_one_open_external` serialise those who try at once.
 */
export const insertApproval = (
  db: Db,
  approval: ApprovalColumns,
  now: Date,
): Promise<ApprovalRow | undefined> => insertRow(db, { approval, now })

const nextVersion = (db: Db) => db.raw('approvals.version + 1')

function valuesOf(approval: ApprovalColumns) {
  return {
    ...Object.fromEntries(OWN_COLUMNS.map((column) => [column, approval[column]])),
    subjectLabel: JSON.stringify(approval.subjectLabel),
    subjectDetails: approval.subjectDetails && JSON.stringify(approval.subjectDetails),
    openQuestion: approval.openQuestion && JSON.stringify(approval.openQuestion),
    route: approval.route && JSON.stringify(approval.route),
  }
}

/** The first question about its subject begins anew, under the id that it has. */
export async function renewApproval(db: Db, approval: ApprovalColumns, now: Date): Promise<ApprovalRow> {
  const { subjectType, subjectId } = approval
  const earlier = db('approvals').where({ subjectType, subjectId, escalatedFromId: null }).select('id')
  await db('approval_deciders').whereIn('approvalId', earlier).delete()
  await deleteDecisionLinks(db, earlier)
  const anew = OWN_COLUMNS.filter((column) => column !== 'id')
  const [renewed] = await db('approvals')
    .insert(valuesOf(approval))
    .onConflict(db.raw('(subject_type, subject_id) where escalated_from_id is null'))
    .merge({
      ...Object.fromEntries(anew.map((column) => [column, db.ref(`excluded.${column}`)])),
      version: nextVersion(db),
    })
    .returning(approvalColumns(db, now))
  return renewed
}

export async function updateSubject(
  db: Db,
  id: string,
  { label, details }: { label: SubjectLabel; details: SubjectDetails },
  now: Date,
): Promise<ApprovalRow> {
  const [updated] = await db('approvals')
    .where({ id })
    .update({
      subjectLabel: JSON.stringify(label),
      subjectDetails: JSON.stringify(details),
      version: nextVersion(db),
      updatedAt: now,
    })
    .returning(approvalColumns(db, now))
  return updated
}

/** Decisions, reminders, expiry and withdrawal of one approval come one after the other; the first to change the status wins. */
export async function lockApproval(db: Db, id: string, now: Date): Promise<ApprovalRow | undefined> {
  return db('approvals').where({ id }).forUpdate().first(approvalColumns(db, now))
}

/** The one that still waits, or the last there was. */
export async function lockApprovalOf(db: Db, subjectId: string, now: Date): Promise<ApprovalRow | undefined> {
  return db('approvals')
    .where({ subjectId })
    .orderBy('createdAt', 'desc')
    .forUpdate()
    .first(approvalColumns(db, now))
}

/** Of a thing of another program: the one that waits. */
export async function findOpenAbout(
  db: Db,
  orgId: string,
  subjectType: string,
  externalId: string,
): Promise<string | undefined> {
  return (await db('approvals').where({ orgId, subjectType, externalId, status: 'PENDING' }).first('id'))?.id
}

export async function lockApprovals(db: Db, orgId: string, ids: readonly string[]): Promise<void> {
  await db('approvals')
    .where({ orgId })
    .whereIn('id', [...ids])
    .orderBy('id')
    .forUpdate()
    .select('id')
}

export async function lockApprovalsAbout(db: Db, subjectId: string): Promise<void> {
  await db('approvals').where({ subjectId }).orderBy('id').forUpdate().select('id')
}

/** All that waits on somebody, or for them, one lock after the other in the same order. */
export async function lockPending(
  db: Db,
  { orgId, ...whose }: { orgId: string } & ({ approverId: string } | { requesterId: string }),
  now: Date,
): Promise<ApprovalRow[]> {
  const pending = db('approvals')
    .where({ ...whose, status: 'PENDING' })
    .select('id')
  return db('approvals')
    .where({ orgId, status: 'PENDING' })
    .whereIn(
      'id',
      db.unionAll('approverId' in whose ? [pending, waitingFor(db, [whose.approverId])] : [pending]),
    )
    .orderBy('id')
    .forUpdate()
    .select(approvalColumns(db, now))
}

/** With the next version where it asks something else than before. */
export type ApprovalPatch = Partial<
  Omit<ApprovalColumns, 'subjectDetails' | 'subjectLabel'> & Pick<ApprovalRow, 'version'>
>

/** What is over waits for nobody: of those who are asked PostgreSQL sees to it (migration 0084). */
export async function updateApproval(
  db: Db,
  id: string,
  { route, openQuestion, ...patch }: ApprovalPatch,
  now: Date,
): Promise<ApprovalRow> {
  const isOver = patch.status !== undefined && patch.status !== 'PENDING'
  const [updated] = await db('approvals')
    .where({ id })
    .update({
      ...patch,
      ...(route && { route: JSON.stringify(route) }),
      ...(openQuestion !== undefined && { openQuestion: openQuestion && JSON.stringify(openQuestion) }),
      ...(isOver && { openQuestion: null, timeLeftMs: null }),
      updatedAt: now,
    })
    .returning(approvalColumns(db, now))
  return updated
}

/** Approvals whose open step waits for one of them. */
export function waitingFor(db: Db, userIds: readonly string[] | Query): Query {
  const waiting = db('approval_deciders').where({ isWaiting: true }).select('approvalId')
  return Array.isArray(userIds)
    ? waiting.whereIn('userId', [...userIds])
    : waiting.whereIn('userId', userIds as Query)
}

/** @param people all who were asked so far, or decided · @param waiting those of them whose part is open */
export async function writeDeciders(
  db: Db,
  { id, orgId, createdAt }: Pick<ApprovalRow, 'id' | 'orgId' | 'createdAt'>,
  people: readonly string[],
  waiting: readonly string[],
): Promise<void> {
  if (people.length === 0) return
  await db('approval_deciders')
    .insert(
      people.map((userId) => ({
        approvalId: id,
        userId,
        orgId,
        createdAt,
        isWaiting: waiting.includes(userId),
      })),
    )
    .onConflict(['approval_id', 'user_id'])
    .merge(['is_waiting'])
}

/** What somebody gave as their reason, and what they asked for in words. @returns the approvals of what they asked for */
export async function clearApprovalTexts(db: Db, orgId: string, userId: string): Promise<string[]> {
  await db('approvals').where({ orgId, decidedById: userId }).update({ notes: null })
  await db('approval_history').where({ actorId: userId }).whereNotNull('notes').update({ notes: null })
  const waiting = db('approvals').where({ orgId, status: 'PENDING' })
  await waiting.whereRaw("open_question->>'byId' = ?", [userId]).update({ openQuestion: null })
  const own: { id: string }[] = await db('approvals')
    .where({ orgId, requesterId: userId })
    .update({ subjectDetails: null, subjectUrl: null })
    .returning('id')
  return own.map(({ id }) => id)
}
