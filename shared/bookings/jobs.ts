import { Decision } from '../approvals/schema.ts'
import { declareJob } from '../kit/declare/job.ts'

/** Twice: the booking is no longer PENDING_APPROVAL. Late: the same; whoever cancelled meanwhile has been first, and what was asked
 * again waits for another decision. */
export const applyDecisionJob = declareJob('bookings.applyDecision', Decision)
