// Mail over SMTP. The only importer of nodemailer.
// Promise: a letter is handed to the server within its time, or what went wrong is said. Not promised: that it arrives.

import { setTimeout as pause } from 'node:timers/promises'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { excerptOfAnswer, type DeliveryResult } from './delivery-result.ts'
import type { Config } from '../process/config.ts'
import { SECOND } from '../time/time.ts'

export interface Email {
  to: { name: string; address: string }
  subject: string
  text: string
  html: string
  /** Where a program ends mails of this kind, by a POST (RFC 8058); of what nobody can do without, nowhere. */
  unsubscribeUrl?: string
  /** What a calendar program takes from it (RFC 6047). */
  calendar?: CalendarPart
  /** The same at each attempt, so that a program that gets it twice can show it once. */
  id: string
}

export interface CalendarPart {
  method: 'REQUEST' | 'CANCEL'
  content: string
}

export interface Mailer {
  /** Never throws: whatever happens is what came of it. */
  send(letter: Email): Promise<DeliveryResult>
  /** Whether the server lets us in; nothing is sent. @throws Error in its words */
  greet(): Promise<void>
  close(): void
}

/** @returns undefined when no mail server is configured */
export function openMailer({
  SMTP_URL,
  MAIL_FROM,
  DELIVERY_TIMEOUT,
  WORKER_CONCURRENCY,
}: Config): Mailer | undefined {
  if (!SMTP_URL || !MAIL_FROM) return undefined
  // Our own patience ends first, so that what is said of a silent server does not depend on which of two timers was first.
  const timeout = DELIVERY_TIMEOUT + SECOND
  // As many connections as jobs: none waits for another's.
  const transport = createTransport({
    url: SMTP_URL,
    pool: true,
    maxConnections: WORKER_CONCURRENCY,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
  })
  const domain = /@([^\s>]+)/.exec(MAIL_FROM)?.[1] ?? 'bellhop'
  return {
    async send({ id, unsubscribeUrl, calendar, ...letter }) {
      const sending = transport.sendMail({
        ...letter,
        ...(calendar && { icalEvent: { ...calendar, filename: 'trip.ics' } }),
        from: MAIL_FROM,
        messageId: `<${id}@${domain}>`,
        headers: headersOf(unsubscribeUrl),
      })
      const patience = new AbortController()
      const tired = pause(DELIVERY_TIMEOUT, TOO_LATE, { signal: patience.signal }).catch(() => TOO_LATE)
      return Promise.race([sending.then(accepted, refused), tired]).finally(() => patience.abort())
    },
    greet: async () => void (await transport.verify()),
    close: () => transport.close(),
  }
}

function headersOf(unsubscribeUrl?: string): SendMailOptions['headers'] {
  return {
    'Auto-Submitted': 'auto-generated',
    ...(unsubscribeUrl && {
      'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    }),
  }
}

const TOO_LATE: DeliveryResult = { isDone: false, said: 'no answer in time' }

function accepted({ response, messageId }: { response: string; messageId: string }): DeliveryResult {
  return { isDone: true, said: excerptOfAnswer(response), code: Number.parseInt(response, 10), messageId }
}

/** 5xx about the recipient or the letter stays 5xx. Whatever else is wrong (a greeting, a password), somebody may mend. */
function refused(error: unknown): DeliveryResult {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message?: string }
  const isAboutLetter = code === 'EENVELOPE' || code === 'EMESSAGE'
  return {
    isDone: false,
    said: excerptOfAnswer(message ?? String(error)),
    ...(responseCode && { code: responseCode }),
    isFinal: isAboutLetter && (responseCode ?? 0) >= 500,
  }
}
