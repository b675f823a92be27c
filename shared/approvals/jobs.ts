import { declareJob } from '../kit/declare/job.ts'
import { choice, id, shape, Type } from '../kit/declare/schema.ts'
import { Decision, Subject } from './schema.ts'

/** Twice: the subject has its approval, the wall `approvals_one_root` says so. Late: the deadline counts from the routing. */
export const routeApprovalJob = declareJob(
  'approvals.route',
  shape({
    orgId: id('Organisation.'),
    subject: Subject,
    requesterId: id('Who needs it.'),
    approvalType: choice(['CC_ONLY', 'MANAGER_APPROVAL'], 'The route.'),
    policy: Type.Optional(
      shape({
        version: Type.Integer({ description: 'Of the policy of the organisation.' }),
        rule: Type.Integer({ description: 'Which of its rules; the first is 0.' }),
      }),
    ),
    then: Type.String({ description: 'Name of the job that is told of the decision.' }),
  }),
)

/** Twice: the next reminder is not due yet. Late: one reminder, and the next counts from it. */
export const remindApproverJob = declareJob('approvals.remind', shape({ approvalId: id('Approval.') }))

/** Twice: finds it decided. Late: still expires, so that an outage never blocks a person. */
export const expireApprovalJob = declareJob('approvals.expire', shape({ approvalId: id('Approval.') }))

/** Twice: the requester is told twice. Late: what is told has not changed. */
export const tellOutcomeJob = declareJob('approvals.tellOutcome', Decision)
