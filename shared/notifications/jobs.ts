import { job } from '../kit/job.ts'
import { id, shape } from '../kit/schema.ts'
import type { Channel } from './schema.ts'

const Order = shape({ deliveryId: id('Delivery.') })

/** IN_APP. Twice: the delivery is no longer PENDING. Late: still goes out, the fact has not changed. */
export const deliver = job('notifications.deliver', Order)

// To the outside, each kind of server in a queue of its own. Twice: the delivery is over, or claimed by another until its
// `next_attempt_at`; after a kill in between it is tried again, so that the other side may hear it twice. Late: goes out,
// unless the person has read it meanwhile. Given up: fails, and whoever tries the failed job again revives the delivery.
export const deliverMail = job('mail.deliver', Order)
export const deliverPush = job('push.deliver', Order)
export const callWebhook = job('webhooks.deliver', Order)

export const JOB_OF = {
  IN_APP: deliver, EMAIL: deliverMail, APP_PUSH: deliverPush, WEBHOOK: callWebhook, SMS: callWebhook, AUTO_CALL: callWebhook,
} as const satisfies Record<Channel, unknown>

/** Twice: it is disabled already. Late: not disabled, if something arrived there meanwhile. */
export const disableWebhook = job('notifications.disableWebhook', shape({ webhookId: id('Webhook.'), deliveryId: id('Whose attempt was one too many.') }))

/** Twice: nothing is left that is old enough. Late: deletes more. */
export const forgetNotifications = job('maintenance.forgetNotifications', shape({}))
