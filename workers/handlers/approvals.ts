import { expireApproval, remindApprover } from '../../shared/approvals/actions/alarms.ts'
import { routeApproval } from '../../shared/approvals/actions/ask.ts'
import { expire, remind, route } from '../../shared/approvals/jobs.ts'
import { findSubjectDetails } from '../../shared/bookings/queries.ts'
import { handle } from './handler.ts'

export const approvalHandlers = [
  // Bookings stand above approvals: what there is to say of one is read here.
  handle(route, async (change, routing) => routeApproval(change, { ...routing, details: await findSubjectDetails(change.db, routing.orgId, routing.subject.id) })),
  handle(remind, (change, { approvalId }) => remindApprover(change, approvalId)),
  handle(expire, (change, { approvalId }) => expireApproval(change, approvalId)),
]
