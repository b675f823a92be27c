import { decideApproval } from '../../shared/approvals/actions/decide.ts'
import { delegateApprovals, revokeDelegation } from '../../shared/approvals/actions/delegate.ts'
import { listApprovals } from '../../shared/approvals/lists.ts'
import {
  countPendingFor,
  getApproval,
  getApprovalAbout,
  listDelegationsAbout,
  listPendingFor,
  listRequestsOf,
} from '../../shared/approvals/queries.ts'
import {
  Approval,
  ApprovalListQuery,
  Approve,
  Delegation,
  NewDelegation,
  Reject,
  RespondAsked,
} from '../../shared/approvals/schema.ts'
import { simulateRequest } from '../../shared/bookings/actions/request.ts'
import { SimulatedRoute, Simulation } from '../../shared/bookings/schema.ts'
import { withTotal } from '../../shared/kit/store/keyset.ts'
import { id, shape } from '../../shared/kit/declare/schema.ts'
import { MEMBER_ROLES } from '../../shared/organisations/roles.ts'
import type { Route } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'

/** As a word, or as the status that follows from it. */
const DECISION = { approve: 'approve', APPROVED: 'approve', reject: 'reject', REJECTED: 'reject' } as const
const ById = shape({ id: id('Approval.') })

export const approvalRoutes: Route[] = [
  list('/approvals', {
    scope: 'approvals:read',
    isFollowed: true,
    summary: 'Approvals asked of me, by me, of those in whose place I decide, or all of them, newest first',
    query: ApprovalListQuery,
    item: Approval,
    handle: ({ db, now }, { query: { limit, offset, cursor, ...filter }, caller }) =>
      listApprovals(db, caller, filter, now, { limit, offset, cursor }),
  }),
  list('/approvals/pending', {
    scope: 'approvals:read',
    isFollowed: true,
    summary: 'What waits for my decision, oldest first',
    item: Approval,
    handle: async ({ db, now }, { query, caller }) =>
      withTotal(await listPendingFor(db, caller.id, now, query), query, () =>
        countPendingFor(db, caller.id, now),
      ),
  }),
  list('/approvals/my-requests', {
    scope: 'approvals:read',
    isFollowed: true,
    summary: 'What I asked for, newest first',
    item: Approval,
    handle: ({ db, now }, { query, caller }) => listRequestsOf(db, caller.id, now, query),
  }),
  list('/approvals/delegations', {
    scope: 'approvals:read',
    isFollowed: true,
    summary: 'Delegations given and received',
    item: Delegation,
    handle: ({ db }, { query, caller }) => listDelegationsAbout(db, caller.id, query),
  }),
  write('post', '/approvals/delegations', {
    scope: 'approvals:write',
    summary: 'Let somebody decide in my place for a time',
    access: MEMBER_ROLES,
    body: NewDelegation,
    reply: Delegation,
    handle: (change, { body, caller }) => delegateApprovals(change, caller, body),
  }),
  write('delete', '/approvals/delegations/:id', {
    scope: 'approvals:write',
    summary: 'Take a delegation back',
    params: shape({ id: id('Delegation.') }),
    reply: Delegation,
    handle: (change, { params, caller }) => revokeDelegation(change, caller, params.id),
  }),
  write('post', '/approvals/simulate', {
    scope: 'approvals:read',
    summary: 'What would become of a request: route, delegate, reminders, deadline, and why',
    access: MEMBER_ROLES,
    body: Simulation,
    reply: SimulatedRoute,
    idempotent: false,
    handle: (change, { body, caller }) => simulateRequest(change, caller, body),
  }),
  read('/approvals/booking/:bookingId', {
    scope: 'approvals:read',
    asItself: true,
    isFollowed: true,
    summary: 'The approval of a booking',
    params: shape({ bookingId: id('Booking.') }),
    reply: Approval,
    handle: ({ db, now }, { params, caller }) => getApprovalAbout(db, caller, params.bookingId, now),
  }),
  read('/approvals/:id', {
    scope: 'approvals:read',
    asItself: true,
    isFollowed: true,
    summary: 'An approval',
    params: ById,
    reply: Approval,
    handle: ({ db, now }, { params, caller }) => getApproval(db, caller, params.id, now),
  }),
  write('post', '/approvals/:id/approve', {
    scope: 'approvals:write',
    summary: 'Approve',
    params: ById,
    body: Approve,
    reply: Approval,
    refuses: ['already_decided'],
    handle: (change, { params, body, caller }) =>
      decideApproval(change, caller, params.id, { ...body, decision: 'approve' }),
  }),
  write('post', '/approvals/:id/reject', {
    scope: 'approvals:write',
    summary: 'Reject, with a reason',
    params: ById,
    body: Reject,
    reply: Approval,
    refuses: ['already_decided'],
    handle: (change, { params, body, caller }) =>
      decideApproval(change, caller, params.id, { ...body, decision: 'reject' }),
  }),
  write('post', '/approvals/:id/respond', {
    scope: 'approvals:write',
    summary: 'Approve or reject',
    params: ById,
    body: RespondAsked,
    reply: Approval,
    refuses: ['already_decided'],
    handle: (change, { params, body: { decision, notes }, caller }) =>
      decideApproval(change, caller, params.id, { decision: DECISION[decision], notes }),
  }),
]
