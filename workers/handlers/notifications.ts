import { deliverNotification } from '../../shared/notifications/actions.ts'
import { claimDelivery, recordAttempt } from '../../shared/notifications/actions/deliver.ts'
import { reachOut } from '../../shared/notifications/delivery/errand.ts'
import { callWebhook, deliver, deliverMail, deliverPush } from '../../shared/notifications/jobs.ts'
import { handle, handleOutside } from './handler.ts'

export const notificationHandlers = [
  handle(deliver, (change, { deliveryId }) => deliverNotification(change, deliveryId)),
  ...[deliverMail, deliverPush, callWebhook].map((job) => handleOutside(job, {
    claim: (change, { deliveryId }) => claimDelivery(change, deliveryId), reach: reachOut, record: recordAttempt,
  })),
]
