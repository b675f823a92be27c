import { declareFact } from '../kit/declare/event.ts'
import { Approval } from './schema.ts'

export const approvalRequestedEvent = declareFact(
  'approval.requested',
  Approval,
  'Somebody is asked for a decision; to approver, delegate and requester, and to whoever was asked before, when it went to somebody else.',
)
export const approvalRemindedEvent = declareFact(
  'approval.reminded',
  Approval,
  'The approver was reminded; to approver and delegate.',
)
export const approvalDecidedEvent = declareFact(
  'approval.decided',
  Approval,
  'A decision fell (by a person, or by the rule that only informs the manager), or the request was ' +
    'withdrawn; to approver, delegate and requester.',
)
export const approvalStepDecidedEvent = declareFact(
  'approval.step_decided',
  Approval,
  'One of several people decided, and others still have to; to those who were asked in the step, their delegates and the requester.',
)
export const approvalExpiredEvent = declareFact(
  'approval.expired',
  Approval,
  'Nobody decided in time; to approver, delegate and requester.',
)
export const approvalCommentedEvent = declareFact(
  'approval.commented',
  Approval,
  'A question to the requester, their answer, or a comment; to those who are asked, their delegates and the requester.',
)
