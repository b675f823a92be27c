import { forgetOldEvents } from '../../shared/integrations/actions/receive.ts'
import { tellStaff } from '../../shared/integrations/actions/tell.ts'
import { forgetEvents, tellEvent } from '../../shared/integrations/jobs.ts'
import { handle } from './handler.ts'

export const integrationHandlers = [
  handle(tellEvent, (change, { eventId }) => tellStaff(change, eventId)),
  handle(forgetEvents, (change) => forgetOldEvents(change)),
]
