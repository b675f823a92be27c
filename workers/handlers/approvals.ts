import { expireApproval, remindApprover } from '../../shared/approvals/actions/alarms.ts'
import { routeApproval } from '../../shared/approvals/actions/ask.ts'
import { tellOutcome } from '../../shared/approvals/actions/outcome.ts'
import {
  expireApprovalJob,
  remindApproverJob,
  routeApprovalJob,
  tellOutcomeJob,
} from '../../shared/approvals/jobs.ts'
import { findSubjectDetails } from '../../shared/bookings/subject.ts'
import { handleJob } from './handler.ts'

export const approvalHandlers = [
  // Bookings stand above approvals: what there is to say of one is read here.
  handleJob(
    routeApprovalJob,
    (change, routing) =>
      routeApproval(change, routing, findSubjectDetails(change.db, routing.orgId, routing.subject.id)),
    { isGathered: true },
  ),
  handleJob(remindApproverJob, (change, { approvalId }) => remindApprover(change, approvalId)),
  handleJob(expireApprovalJob, (change, { approvalId }) => expireApproval(change, approvalId)),
  handleJob(tellOutcomeJob, tellOutcome),
]
