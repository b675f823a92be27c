import { expireEvents } from '../../shared/integrations/actions/receive.ts'
import { notifyStaffOfEvent } from '../../shared/integrations/actions/notify-staff.ts'
import { expireEventsJob, notifyStaffJob } from '../../shared/integrations/jobs.ts'
import { handleJob } from './handler.ts'

export const integrationHandlers = [
  handleJob(notifyStaffJob, (change, { eventId }) => notifyStaffOfEvent(change, eventId)),
  handleJob(expireEventsJob, (change) => expireEvents(change)),
]
