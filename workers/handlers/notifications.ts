import type { Change } from '../../shared/kit/change.ts'
import { deliverNotification } from '../../shared/notifications/actions.ts'
import { claimDelivery, giveUpDelivery, recordAttempt } from '../../shared/notifications/actions/deliver.ts'
import { disableFailingWebhook } from '../../shared/notifications/actions/webhooks.ts'
import { reachOut } from '../../shared/notifications/delivery/errand.ts'
import { callWebhook, deliver, disableWebhook, deliverMail, deliverPush } from '../../shared/notifications/jobs.ts'
import { handle, handleOutside } from './handler.ts'

const giveUp = (change: Change, { deliveryId }: { deliveryId: string }): Promise<void> => giveUpDelivery(change, deliveryId)

export const notificationHandlers = [
  handle(deliver, (change, { deliveryId }) => deliverNotification(change, deliveryId), { giveUp }),
  handle(disableWebhook, disableFailingWebhook),
  ...[deliverMail, deliverPush, callWebhook].map((job) => handleOutside(job, {
    claim: (change, { deliveryId }) => claimDelivery(change, deliveryId), reach: reachOut, record: recordAttempt, giveUp,
  })),
]
