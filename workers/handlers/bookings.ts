import { applyApprovalDecision } from '../../shared/bookings/actions/request.ts'
import { applyDecision } from '../../shared/bookings/jobs.ts'
import { handle } from './handler.ts'

export const bookingHandlers = [handle(applyDecision, applyApprovalDecision)]
