// Getting an errand ready: where it goes, and what it says there. Or what it cannot go without.

import { excerptOf } from '../../kit/text/excerpt.ts'
import type { Change } from '../../kit/store/change.ts'
import type { CalendarPart } from '../../kit/outside/mailer.ts'
import { publicUrl, signedId } from '../../kit/outside/signature.ts'
import { hasMailbox, type Addressee } from '../../users/queries.ts'
import type { OutboundMessage } from './send.ts'
import { digestEmail, emailAbout, type Button, type Paragraph } from './email.ts'
import { appUrlFor } from './app-url.ts'
import { canPush } from './push.ts'
import { signedHeaders } from './signing.ts'
import { countNotificationsInDigest, type StoredNotification } from '../queries.ts'
import type { Reason } from '../schema.ts'
import { findPushTarget } from '../table/ways.ts'
import { LINKS, OPEN_APP } from '../wording.ts'
import { unsubscribeUrl, type MailKind } from '../actions/unsubscribe.ts'
import { findWebhookRow } from '../table/webhooks.ts'
import type { DeliveryRow } from '../table/deliveries.ts'

/** What a mail is about that is about one thing. */
export type MailSubject = Pick<StoredNotification, 'type' | 'bookingId' | 'orgId'>
/** For higher domains: what such a mail brings for calendar programs, if anything. */
export type InvitationWriter = (
  change: Change,
  about: MailSubject,
  reader: Addressee,
) => Promise<CalendarPart | undefined>

type Prepared = Pick<OutboundMessage, 'by'> | { missing: Reason }
/** The channels on which people are spoken to by telephone. */
const REQUESTS = { SMS: 'sms.requested', AUTO_CALL: 'call.requested' } as const

export async function prepareMessage(
  change: Change,
  delivery: DeliveryRow,
  told: readonly StoredNotification[],
  reader: Addressee,
  invite: InvitationWriter,
): Promise<Prepared> {
  if (delivery.channel === 'EMAIL') return byMail(change, delivery, told, reader, invite)
  const [first] = told
  if (!first) return { missing: 'nothing_left' }
  return delivery.channel === 'APP_PUSH'
    ? byPush(change, delivery, first)
    : byWebhook(change, delivery, first, reader)
}

async function byMail(
  change: Change,
  { id, digestAt }: DeliveryRow,
  told: readonly StoredNotification[],
  reader: Addressee,
  invite: InvitationWriter,
): Promise<Prepared> {
  const { config, db } = change
  if (!config.SMTP_URL) return { missing: 'no_mail_server' }
  if (!hasMailbox(reader)) return { missing: 'no_address' }
  const paragraphs = told.map((each): Paragraph => ({
    title: each.title,
    message: each.message,
    at: each.createdAt,
    buttons: [
      ...decisionButtonOf(config, each, reader),
      { label: OPEN_APP[reader.locale], url: appUrlFor(config, each) },
    ],
  }))
  const [about, first] = [told[0], paragraphs[0]]
  if (!about || !first) return { missing: 'nothing_left' }
  const mailOf = (kind: MailKind) => ({ id, unsubscribeUrl: unsubscribeUrl(config, kind, reader.id) })
  if (!digestAt) {
    const calendar = await invite(change, about, reader)
    const mail = emailAbout(reader, mailOf(about.category), first)
    return { by: { mail: { ...mail, ...(calendar && { calendar }) } } }
  }
  return {
    by: {
      mail: digestEmail(
        reader,
        mailOf(kindOfDigest(told)),
        paragraphs,
        await countNotificationsInDigest(db, id),
      ),
    },
  }
}

/** The daily one, of low priority, ends by itself. What came of too many mails ends with the kind that it begins with. */
function kindOfDigest(told: readonly StoredNotification[]): MailKind {
  return told.find(({ priority }) => priority !== 'low')?.category ?? 'digest'
}

function decisionButtonOf(
  config: Change['config'],
  { link }: StoredNotification,
  { locale }: Addressee,
): Button[] {
  if (!link) return []
  const { label, note } = LINKS[link.page]
  return [
    {
      label: label[locale],
      note: note[locale],
      url: `${publicUrl(config)}/${link.page}?link=${signedId(config, link.page, link.id)}`,
    },
  ]
}

/** Push services take 4 KiB, most of it for what is said. */
const LONGEST_PUSH = 500

async function byPush(
  { db, config, now }: Change,
  { targetId }: DeliveryRow,
  told: StoredNotification,
): Promise<Prepared> {
  if (!canPush(config)) return { missing: 'no_push_keys' }
  const target = targetId ? await findPushTarget(db, { id: targetId, userId: told.userId, now }) : undefined
  if (!target) return { missing: 'subscription_over' }
  const { id, category, type, priority, title, message, bookingId } = told
  const text = JSON.stringify({
    id,
    category,
    type,
    priority,
    title,
    message: excerptOf(message, LONGEST_PUSH),
    bookingId,
  })
  return {
    by: {
      push: target,
      message: text,
      isUrgent: priority === 'high' || priority === 'urgent',
      lane: hostOf(target.endpoint),
    },
  }
}

/** Rows from before addresses were checked may hold none; sending there then fails for good. */
const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : address)

async function byWebhook(
  change: Change,
  { id, channel, targetId }: DeliveryRow,
  told: StoredNotification,
  reader: Addressee,
): Promise<Prepared> {
  const webhook = targetId ? await findWebhookRow(change.db, targetId) : undefined
  if (!webhook) return { missing: 'webhook_deleted' }
  if (webhook.disabledAt) return { missing: 'webhook_disabled' }
  if (channel !== 'WEBHOOK' && !reader.phone) return { missing: 'no_phone' }
  const isRequest = channel === 'SMS' || channel === 'AUTO_CALL'
  const body = JSON.stringify({
    type: isRequest ? REQUESTS[channel] : 'notification.created',
    timestamp: told.createdAt,
    data: isRequest ? spokenTo(reader, told) : publicOf(told),
  })
  return {
    by: { url: webhook.url, headers: signedHeaders(webhook, id, body, change.now), body, lane: webhook.id },
  }
}

function publicOf({
  orgId: _org,
  link: _link,
  deletedAt: _deleted,
  ...notification
}: StoredNotification): object {
  return notification
}

function spokenTo(
  { phone, locale }: Addressee,
  { id, title, message, priority }: StoredNotification,
): object {
  return { to: phone, text: `${title}. ${message}`, locale, priority, notificationId: id }
}
