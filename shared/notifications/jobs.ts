import { declareJob } from '../kit/declare/job.ts'
import { id, shape } from '../kit/declare/schema.ts'
import type { Channel } from './schema.ts'

const Order = shape({ deliveryId: id('Delivery.') })

/** IN_APP. Twice: the delivery is no longer PENDING. Late: still goes out, the fact has not changed. */
export const deliverNotificationJob = declareJob('notifications.deliver', Order)

// To the outside, each kind of server in a queue of its own. Twice: the delivery is over, or claimed by another until its
// `next_attempt_at`; after a kill in between it is tried again, so that the other side may hear it twice. Late: goes out,
// unless the person has read it meanwhile. Given up: fails, and whoever tries the failed job again revives the delivery.
export const deliverMailJob = declareJob('mail.deliver', Order)
export const deliverPushJob = declareJob('push.deliver', Order)
export const callWebhookJob = declareJob('webhooks.deliver', Order)

/** The same for a fact. What comes before it about the same thing is not over: nothing, for whoever ends that orders it anew. */
export const deliverFactJob = declareJob('webhooks.deliverFact', Order)

export const JOB_OF = {
  IN_APP: deliverNotificationJob,
  EMAIL: deliverMailJob,
  APP_PUSH: deliverPushJob,
  WEBHOOK: callWebhookJob,
  SMS: callWebhookJob,
  AUTO_CALL: callWebhookJob,
} as const satisfies Record<Channel, unknown>

/** Twice: it is disabled already. Late: not disabled, if something arrived there meanwhile. */
export const disableWebhookJob = declareJob(
  'notifications.disableWebhook',
  shape({ webhookId: id('Webhook.'), deliveryId: id('Whose attempt was one too many.') }),
)

/** Twice: nothing is left that is old enough. Late: deletes more. */
export const expireNotificationsJob = declareJob('maintenance.forgetNotifications', shape({}))
