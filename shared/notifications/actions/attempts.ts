// What becomes of a delivery after an attempt: done, tried again, or given up.

import type { DeliveryResult } from '../../kit/outside/delivery-result.ts'
import type { ExternalOutcome } from '../../kit/outside/external-work.ts'
import type { Change } from '../../kit/store/change.ts'
import { plusMs } from '../../kit/time/time.ts'
import { pauseAfter } from '../rules.ts'

interface Attempted {
  attempts: number
  revivedAfter: number
}

interface Judged {
  patch: {
    status?: 'DELIVERED' | 'FAILED'
    reason: null
    lastError: string | null
    nextAttemptAt: Date | null
    providerResponse: object
  }
  outcome: ExternalOutcome
}

/** @param isGone whether the other side said that it is gone for good: nothing is left to be tried again */
export function judgeAttempt(
  { now, config }: Pick<Change, 'now' | 'config'>,
  { attempts, revivedAfter }: Attempted,
  attempt: DeliveryResult,
  isGone: boolean,
): Judged {
  const { code, said, messageId } = attempt
  const answer = {
    providerResponse: { ...(code && { code }), said, ...(messageId && { messageId }) },
    reason: null,
    lastError: attempt.isDone ? null : said,
    nextAttemptAt: null,
  }
  if (attempt.isDone) return { patch: { ...answer, status: 'DELIVERED' }, outcome: 'done' }
  const made = attempts - revivedAfter
  const isOver = isGone || attempt.isFinal || made >= config.DELIVERY_ATTEMPTS
  if (isOver) return { patch: { ...answer, status: 'FAILED' }, outcome: isGone ? 'done' : { givenUp: said } }
  const again = plusMs(now, pauseAfter(made, config.DELIVERY_FIRST_RETRY, Math.random(), attempt.retryAfter))
  return { patch: { ...answer, nextAttemptAt: again }, outcome: { again } }
}
