// What came of reaching outside. The mailer and outgoing HTTP say it in these words, and whoever counts attempts understands it.

import { cutText, makeStorable } from '../text/storable.ts'

export interface DeliveryResult {
  isDone: boolean
  /** What the other side answered, or what went wrong; for people who ask why. */
  said: string
  /** HTTP status or SMTP reply code. */
  code?: number
  /** Of a mail: its Message-ID. */
  messageId?: string
  /** Trying again cannot help. */
  isFinal?: boolean
  /** Milliseconds that the other side asks to wait. */
  retryAfter?: number
}

/** In characters; longer than that nobody reads. */
const LENGTH = 500

export function excerptOfAnswer(said: string): string {
  return cutText(makeStorable(said).replaceAll(/\s+/g, ' ').trim(), LENGTH)
}
