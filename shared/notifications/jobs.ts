import { job } from '../kit/job.ts'
import { id, shape } from '../kit/schema.ts'

/** Twice: the delivery is no longer PENDING. Late: still goes out, the fact has not changed. */
export const deliver = job('notifications.deliver', shape({ deliveryId: id('Delivery.') }))
