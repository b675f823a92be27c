// A delivery in a sentence: what became of it, and why.

import { formatInstant } from '../kit/text/locale.ts'
import type { Locale } from '../organisations/schema.ts'
import type { Delivery } from './schema.ts'
import { CHANNEL_NAMES, REASON_TEXTS, wordIn, STATUS_TEXTS } from './wording.ts'
import type { Role } from '../organisations/roles.ts'

/** What servers said is for ADMINs: it may speak of the inside of the network that they stand in. Others see the code of the answer. */
export function deliveryShownTo(role: Role, delivery: Delivery): Delivery {
  if (role === 'ADMIN' || delivery.lastError === null) return delivery
  return { ...delivery, lastError: /^\d{3}\b/.exec(delivery.lastError)?.[0] ?? '…', providerResponse: null }
}

export function explainDelivery(
  delivery: Delivery,
  { locale, timezone }: { locale: Locale; timezone: string },
): string {
  const { channel, attempts, reason, lastError, nextAttemptAt, updatedAt } = delivery
  const until = nextAttemptAt ? formatInstant(nextAttemptAt, locale, timezone) : ''
  const sentence = wordIn(STATUS_TEXTS[stateOf(delivery)], locale, {
    attempts,
    until,
    error: lastError ?? '',
    at: formatInstant(updatedAt, locale, timezone),
    reason: reason ? wordIn(REASON_TEXTS[reason], locale, { until }) : '',
  })
  return `${CHANNEL_NAMES[channel][locale]}: ${sentence}`
}

/** Of one that is under way, what was the matter last. */
function stateOf({ status, reason, lastError }: Delivery): keyof typeof STATUS_TEXTS {
  if (status !== 'PENDING') return status
  if (reason) return 'WAITING'
  return lastError ? 'RETRYING' : 'PENDING'
}
