import { Decision } from '../approvals/schema.ts'
import { job } from '../kit/job.ts'

/** Twice: the booking is no longer PENDING_APPROVAL. Late: the same; whoever cancelled meanwhile has been first. */
export const applyDecision = job('bookings.applyDecision', Decision)
