import { applyLateDecision } from '../../shared/bookings/actions/request.ts'
import { applyDecisionJob } from '../../shared/bookings/jobs.ts'
import { handleJob } from './handler.ts'

export const bookingHandlers = [handleJob(applyDecisionJob, applyLateDecision)]
