import { expireApproval, remindApprover } from '../../shared/approvals/actions/alarms.ts'
import { routeApproval } from '../../shared/approvals/actions/ask.ts'
import { expire, remind, route } from '../../shared/approvals/jobs.ts'
import { handle } from './handler.ts'

export const approvalHandlers = [
  handle(route, routeApproval),
  handle(remind, (change, { approvalId }) => remindApprover(change, approvalId)),
  handle(expire, (change, { approvalId }) => expireApproval(change, approvalId)),
]
