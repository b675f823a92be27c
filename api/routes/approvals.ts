import { decideApproval } from '../../shared/approvals/actions/decide.ts'
import { decideMany } from '../../shared/approvals/actions/decide-many.ts'
import { reassignApproval } from '../../shared/approvals/actions/reassign.ts'
import { simulateApproval } from '../../shared/approvals/actions/simulate.ts'
import { answerQuestion, askRequester, commentApproval } from '../../shared/approvals/actions/talk.ts'
import { listHistory } from '../../shared/approvals/history/entries.ts'
import { ApprovalEntry } from '../../shared/approvals/history/schema.ts'
import { withdrawRequest } from '../../shared/bookings/actions/withdraw.ts'
import { delegateApprovals, revokeDelegation } from '../../shared/approvals/actions/delegate.ts'
import { requestApproval } from '../../shared/approvals/actions/request.ts'
import { listDelegationsAbout } from '../../shared/approvals/delegation/queries.ts'
import { countPendingFor, listApprovals, listPendingFor } from '../../shared/approvals/lists.ts'
import { getApproval, getApprovalAbout, listRequestsOf } from '../../shared/approvals/queries.ts'
import {
  Answer,
  ApprovalComment,
  ApprovalRequest,
  ApprovalSimulation,
  ApprovalWithdrawal,
  DecisionsTaken,
  ManyDecisions,
  AskedBack,
  Reassignment,
  SimulatedApproval,
} from '../../shared/approvals/requests/schema.ts'
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
import { MEMBER_ROLES, ORGANISATION_ROLES } from '../../shared/organisations/roles.ts'
import { contentTag } from '../http/etag.ts'
import type { Route } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'

/** As a word, or as the status that follows from it. */
const DECISION = { approve: 'approve', APPROVED: 'approve', reject: 'reject', REJECTED: 'reject' } as const
const ById = shape({ id: id('Approval.') })
const etag = contentTag

export const approvalRoutes: Route[] = [
  list('/approvals', {
    scope: 'approvals:read',
    isFollowed: true,
    summary: 'Approvals, newest first',
    query: ApprovalListQuery,
    item: Approval,
    handle: ({ db, now }, { query: { limit, offset, cursor, ...filter }, caller }) =>
      listApprovals(db, caller, filter, now, { limit, offset, cursor }),
  }),
  write('post', '/approvals', {
    scope: 'approvals:write',
    asItself: true,
    access: ORGANISATION_ROLES,
    summary: "Ask for a decision about another program's thing; webhooks hear approval.decided",
    body: ApprovalRequest,
    reply: Approval,
    location: ({ id: approvalId }) => `/approvals/${approvalId}`,
    handle: (change, { body, caller }) => requestApproval(change, caller, body),
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
  write('post', '/approvals/simulate/subject', {
    scope: 'approvals:read',
    asItself: true,
    summary: 'The same of what POST /approvals would ask',
    access: ORGANISATION_ROLES,
    body: ApprovalSimulation,
    reply: SimulatedApproval,
    idempotent: false,
    handle: (change, { body, caller }) => simulateApproval(change, caller, body),
  }),
  read('/approvals/booking/:bookingId', {
    scope: 'approvals:read',
    asItself: true,
    isFollowed: true,
    summary: 'The approval of a booking',
    params: shape({ bookingId: id('Booking.') }),
    reply: Approval,
    etag,
    handle: ({ db, now }, { params, caller }) => getApprovalAbout(db, caller, params.bookingId, now),
  }),
  write('post', '/approvals/decide', {
    scope: 'approvals:write',
    summary: 'Decide on several approvals, each by itself',
    body: ManyDecisions,
    reply: DecisionsTaken,
    handle: (change, { body, caller }) => decideMany(change, caller, body),
  }),
  list('/approvals/:id/history', {
    scope: 'approvals:read',
    asItself: true,
    summary: 'What happened to an approval, oldest first',
    params: ById,
    item: ApprovalEntry,
    handle: ({ db, now }, { params, query, caller }) => listHistory(db, caller, params.id, now, query),
  }),
  write('post', '/approvals/:id/ask', {
    scope: 'approvals:write',
    summary: 'Ask the requester something back; stops the clock where the policy says so',
    params: ById,
    body: AskedBack,
    reply: Approval,
    refuses: ['already_decided'],
    handle: (change, { params, body, caller }) => askRequester(change, caller, params.id, body.question),
  }),
  write('post', '/approvals/:id/answer', {
    scope: 'approvals:write',
    asItself: true,
    summary: 'Answer what was asked back',
    params: ById,
    body: Answer,
    reply: Approval,
    handle: (change, { params, body, caller }) => answerQuestion(change, caller, params.id, body.answer),
  }),
  write('post', '/approvals/:id/comment', {
    scope: 'approvals:write',
    asItself: true,
    summary: 'Say something to all whom an approval concerns',
    params: ById,
    body: ApprovalComment,
    reply: Approval,
    handle: (change, { params, body, caller }) => commentApproval(change, caller, params.id, body.text),
  }),
  write('post', '/approvals/:id/withdraw', {
    scope: 'approvals:write',
    asItself: true,
    summary: 'Take my request back; a booking is cancelled',
    params: ById,
    body: ApprovalWithdrawal,
    reply: Approval,
    refuses: ['already_decided', 'impossible_transition'],
    handle: (change, { params, body, caller }) => withdrawRequest(change, caller, params.id, body),
  }),
  write('post', '/approvals/:id/reassign', {
    scope: 'approvals:write',
    access: ['ADMIN'],
    summary: 'Have somebody else decide, with a reason',
    params: ById,
    body: Reassignment,
    reply: Approval,
    refuses: ['already_decided'],
    handle: (change, { params, body, caller }) => reassignApproval(change, caller, params.id, body),
  }),
  read('/approvals/:id', {
    scope: 'approvals:read',
    asItself: true,
    isFollowed: true,
    summary: 'An approval',
    params: ById,
    reply: Approval,
    etag,
    handle: ({ db, now }, { params, caller }) => getApproval(db, caller, params.id, now),
  }),
  write('post', '/approvals/:id/approve', {
    scope: 'approvals:write',
    summary: 'Approve',
    params: ById,
    body: Approve,
    reply: Approval,
    refuses: ['already_decided'],
    etag,
    handle: (change, { params, body, caller, ifMatch: version }) =>
      decideApproval(change, caller, params.id, { ...body, decision: 'approve', version }),
  }),
  write('post', '/approvals/:id/reject', {
    scope: 'approvals:write',
    summary: 'Reject, with a reason',
    params: ById,
    body: Reject,
    reply: Approval,
    refuses: ['already_decided'],
    etag,
    handle: (change, { params, body, caller, ifMatch: version }) =>
      decideApproval(change, caller, params.id, { ...body, decision: 'reject', version }),
  }),
  write('post', '/approvals/:id/respond', {
    scope: 'approvals:write',
    summary: 'Approve or reject',
    params: ById,
    body: RespondAsked,
    reply: Approval,
    refuses: ['already_decided'],
    etag,
    handle: (change, { params, body: { decision, notes }, caller, ifMatch: version }) =>
      decideApproval(change, caller, params.id, { decision: DECISION[decision], notes, version }),
  }),
]
