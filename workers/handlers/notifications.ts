import { inviteToTrip } from '../../shared/calendars/invitation.ts'
import type { Change } from '../../shared/kit/store/change.ts'
import { deliverNotification } from '../../shared/notifications/actions/notify.ts'
import { claimDelivery, giveUpDelivery, recordAttempt } from '../../shared/notifications/actions/deliver.ts'
import { claimFact, giveUpFact, recordFactAttempt } from '../../shared/notifications/actions/facts.ts'
import { disableFailingWebhook } from '../../shared/notifications/actions/webhooks.ts'
import { sendMessage } from '../../shared/notifications/delivery/send.ts'
import {
  callWebhookJob,
  deliverFactJob,
  deliverNotificationJob,
  disableWebhookJob,
  deliverMailJob,
  deliverPushJob,
} from '../../shared/notifications/jobs.ts'
import { handleJob, handleOutsideJob } from './handler.ts'

const giveUp = (change: Change, { deliveryId }: { deliveryId: string }): Promise<void> =>
  giveUpDelivery(change, deliveryId)

export const notificationHandlers = [
  handleOutsideJob(deliverFactJob, {
    claim: (change, { deliveryId }) => claimFact(change, deliveryId),
    reach: sendMessage,
    record: recordFactAttempt,
    giveUp: (change, { deliveryId }) => giveUpFact(change, deliveryId),
  }),
  handleJob(deliverNotificationJob, (change, { deliveryId }) => deliverNotification(change, deliveryId), {
    giveUp,
  }),
  handleJob(disableWebhookJob, disableFailingWebhook),
  ...[deliverMailJob, deliverPushJob, callWebhookJob].map((job) =>
    handleOutsideJob(job, {
      claim: (change, { deliveryId }) => claimDelivery(change, deliveryId, inviteToTrip),
      reach: sendMessage,
      record: recordAttempt,
      giveUp,
    }),
  ),
]
