// Approvals by what somebody has to do with them, newest first. Each status is a list of its own, which an index has in this order:
// so that what there is little of costs as little as what there is much of.

import type { Db, Query } from '../kit/store/db.ts'
import { forbidden } from '../kit/declare/errors.ts'
import {
  countAllFound,
  isBehind,
  NEWEST_FIRST,
  OLDEST_FIRST,
  orderBy,
  readPageOfAll,
  type Listed,
  type PagePart,
} from '../kit/store/keyset.ts'
import type { Actor } from '../organisations/roles.ts'
import { shownTo } from './queries.ts'
import { APPROVAL_STATUSES, type Approval, type ApprovalListQuery, type ApprovalStatus } from './schema.ts'
import { approvalColumns, waitingFor } from './table.ts'

type Found = (status: ApprovalStatus) => Query[]

/** @throws AppError 403 for who asks as an admin and is none */
export async function listApprovals(
  db: Db,
  actor: Actor,
  query: ApprovalListQuery,
  now: Date,
  part: PagePart,
): Promise<Listed<Approval>> {
  if (query.as === 'admin' && actor.role !== 'ADMIN') throw forbidden('Only an ADMIN asks as an admin')
  const found = foundBy(db, actor, query, now, part)
  const statuses = query.status ? [query.status] : APPROVAL_STATUSES
  return shownTo(
    actor.id,
    await readPageOfAll(db, statuses.flatMap(found), approvalColumns(db, now), NEWEST_FIRST, part),
  )
}

function foundBy(db: Db, actor: Actor, query: ApprovalListQuery, now: Date, part: PagePart): Found {
  const fitting = (status: ApprovalStatus): Query => narrowed(db('approvals').where({ status }), query)
  if (query.as === 'admin') return (status) => [fitting(status).where({ orgId: actor.orgId })]
  if (query.as === 'requester') return (status) => [fitting(status).where({ requesterId: actor.id })]
  if (query.as === 'delegate') return (status) => asDelegate(db, actor.id, status, query, now)
  return (status) => [
    fitting(status).where({ approverId: actor.id }),
    fitting(status)
      .whereNull('approverId')
      .whereIn('id', askedOf(db, actor.id, status, query, part)),
  ]
}

const IN_THEIR_ORDER: typeof NEWEST_FIRST = NEWEST_FIRST.map((key) =>
  key.column === 'id' ? { ...key, column: 'approval_id' } : key,
)

/**
 * Those of several people. Beside whom it asks stands what the list is sorted by, so that an index ends where the page does; where
 * a thing or a requester is looked for as well, theirs is read instead.
 */
function askedOf(
  db: Db,
  userId: string,
  status: ApprovalStatus,
  { subjectId, requesterId, from, to }: ApprovalListQuery,
  { limit, offset, cursor }: PagePart,
): Query {
  const asked = inTime(db('approval_deciders').where({ userId, status }), { from, to }).select('approvalId')
  if (subjectId || requesterId) return asked
  return asked
    .whereRaw(...isBehind(IN_THEIR_ORDER, cursor))
    .orderByRaw(orderBy(IN_THEIR_ORDER))
    .limit(offset + limit + 1)
}

/** What waits for those who are away, and what was decided for them. */
function asDelegate(
  db: Db,
  userId: string,
  status: ApprovalStatus,
  query: ApprovalListQuery,
  now: Date,
): Query[] {
  const fitting = (): Query => narrowed(db('approvals').where({ status }), query)
  if (status !== 'PENDING') return [fitting().where({ decidedById: userId }).whereNotNull('onBehalfOfId')]
  const delegators = delegatorsOf(db, userId, now)
  return [
    narrowed(askingAnyOf(db, delegators, status), query).whereNot({ approverId: userId }),
    fitting()
      .whereIn('id', waitingFor(db, delegators))
      .whereNotIn('id', waitingFor(db, [userId])),
  ].map((found) => found.whereNot({ requesterId: userId }))
}

function narrowed(found: Query, { subjectId, requesterId, ...times }: ApprovalListQuery): Query {
  if (subjectId) void found.where({ subjectId })
  if (requesterId) void found.where({ requesterId })
  return inTime(found, times)
}

function inTime(found: Query, { from, to }: Pick<ApprovalListQuery, 'from' | 'to'>): Query {
  if (from) void found.where('createdAt', '>=', new Date(from))
  if (to) void found.where('createdAt', '<', new Date(to))
  return found
}

/** Oldest first; those of people who delegated to this one included, but for the own requests. */
export async function listPendingFor(
  db: Db,
  userId: string,
  now: Date,
  part: PagePart,
): Promise<Listed<Approval>> {
  const rows = pendingFor(db, userId, now)
  return shownTo(userId, await readPageOfAll(db, rows, approvalColumns(db, now), OLDEST_FIRST, part))
}

export function countPendingFor(db: Db, userId: string, now: Date): Promise<number> {
  return countAllFound(db, pendingFor(db, userId, now))
}

/** In whose place this person decides now. */
function delegatorsOf(db: Db, userId: string, now: Date) {
  return db('delegations')
    .where({ delegateId: userId })
    .where('fromAt', '<=', now)
    .where('untilAt', '>', now)
    .whereNull('revokedAt')
    .distinct('delegatorId')
}

/** Of whoever somebody decides for, whose own are read and no others: as one question (without `offset`) all that wait may be. */
function askingAnyOf(db: Db, delegators: Query, status: ApprovalStatus): Query {
  return db.from(
    db.raw(
      `(select a.* from (?) d cross join lateral (
        select * from approvals where approver_id = d.delegator_id and status = ? offset 0) a) as approvals`,
      [delegators, status],
    ),
  )
}

function pendingFor(db: Db, userId: string, now: Date) {
  const delegators = delegatorsOf(db, userId, now)
  const pending = () => db('approvals').where({ status: 'PENDING' }).whereNot({ requesterId: userId })
  return [
    pending().where({ approverId: userId }),
    askingAnyOf(db, delegators, 'PENDING').whereNot({ requesterId: userId }).whereNot({ approverId: userId }),
    pending().whereIn('id', waitingFor(db, [userId])),
    pending()
      .whereIn('id', waitingFor(db, delegators))
      .whereNotIn('id', waitingFor(db, [userId])),
  ]
}
