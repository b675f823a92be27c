import { deliverNotification } from '../../shared/notifications/actions.ts'
import { deliver } from '../../shared/notifications/jobs.ts'
import { handle } from './handler.ts'

export const notificationHandlers = [handle(deliver, (change, { deliveryId }) => deliverNotification(change, deliveryId))]
