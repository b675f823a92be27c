// Letting people choose their password by a link in a mail: whoever was invited, and whoever forgot it.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import { networkOf } from '../../kit/outside/client-address.ts'
import type { DeliveryResult } from '../../kit/outside/delivery-result.ts'
import type { ClaimedWork, ExternalOutcome, ExternalWork } from '../../kit/outside/external-work.ts'
import type { Email } from '../../kit/outside/mailer.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, invalid } from '../../kit/declare/errors.ts'
import { formatInstant } from '../../kit/text/locale.ts'
import { HOUR, plusMs } from '../../kit/time/time.ts'
import { emailAbout } from '../../notifications/delivery/email.ts'
import { wordIn } from '../../notifications/wording.ts'
import type { ActorOrOperator } from '../../organisations/roles.ts'
import { accountLinkUrl, newAccountLink, type AccountLink } from '../../users/account-links.ts'
import { addUser } from '../../users/actions/people.ts'
import { removeSecondFactor } from '../../users/actions/second-factor.ts'
import { findAddressee, getAddressee, getUser, hasMailbox } from '../../users/queries.ts'
import { findCredentials, listAccounts } from '../../users/accounts.ts'
import type { ForgottenPassword, Invitation, NewUser, User } from '../../users/schema.ts'
import { deliverAccountMailJob, sendResetLinksJob, type AccountMail } from '../jobs.ts'
import { ACCOUNT_MAILS } from '../wording.ts'

/** Pauses double, up to this. */
const LONGEST_PAUSE = 6 * HOUR

/** Whoever gets no password is invited to choose one. @throws AppError 409, 422 */
export async function addPerson(change: Change, actor: ActorOrOperator, ask: NewUser): Promise<User> {
  const user = await addUser(change, actor, ask)
  if (ask.password === undefined) await invitePerson(change, actor, user.id)
  return user
}

/** @throws AppError 404, 409 for somebody who has a password, 422 for somebody without an address or inactive */
export async function invitePerson(
  change: Change,
  actor: ActorOrOperator,
  userId: string,
): Promise<Invitation> {
  const person = await getAddressee(change.db, actor.orgId, userId)
  const credentials = await findCredentials(change.db, userId)
  if (!credentials || !hasMailbox(person))
    throw invalid('This person cannot sign in: they left, or have no address')
  if (credentials.passwordHash) throw conflict('This person has chosen a password')
  const isMailed = change.config.SMTP_URL !== undefined
  const link = orderInvitation(change, actor, userId)
  return {
    userId,
    expiresAt: link.expiresAt,
    isMailed,
    link: isMailed ? null : accountLinkUrl(change.config, link, credentials),
  }
}

/** Of somebody who has a mailbox and no password. The mail goes where there is a mail server. */
export function orderInvitation(change: Change, actor: ActorOrOperator, userId: string): AccountLink {
  const link = newAccountLink(userId, 'invitation', change.now)
  if (change.config.SMTP_URL !== undefined) orderMail(change, actor.orgId, link)
  recordAudit(change, {
    orgId: actor.orgId,
    ...(actor.id && { actorId: actor.id }),
    action: 'user_invited',
    entity: 'user',
    entityId: userId,
  })
  return link
}

/**
 * For an ADMIN whom nobody can help any more: without the second factor, and with a link by which they choose a password. It is told to
 * whoever operates the installation, whatever mails there are. @throws AppError 404, 422 for anybody else, whom an ADMIN helps
 */
export async function resetAdmin(change: Change, orgId: string, userId: string): Promise<Invitation> {
  const { role } = await getUser(change.db, orgId, userId)
  const credentials = await findCredentials(change.db, userId)
  if (role !== 'ADMIN') throw invalid('This is no ADMIN: an ADMIN of their organisation helps them')
  if (!credentials) throw invalid('This person cannot sign in: they left')
  await removeSecondFactor(change, { orgId }, userId)
  const link = newAccountLink(userId, credentials.passwordHash === null ? 'invitation' : 'reset', change.now)
  recordAudit(change, { orgId, action: 'reset_requested', entity: 'user', entityId: userId })
  const url = accountLinkUrl(change.config, link, credentials)
  return { userId, expiresAt: link.expiresAt, isMailed: false, link: url }
}

/** Takes the same time for everybody: who is meant is looked up by the job. @throws AppError 429 */
export async function requestPasswordReset(change: Change, ask: ForgottenPassword): Promise<void> {
  await change.count('reset.network', networkOf(change.origin.ip ?? ''))
  await change.count('reset.account', ask.email.toLowerCase())
  change.enqueue(sendResetLinksJob, ask)
}

/** In each organisation that knows the address, or in the one that was named. */
export async function sendResetLinks(change: Change, { email, org }: ForgottenPassword): Promise<void> {
  const accounts = (await listAccounts(change.db, email)).filter(
    (each) => each.isActive && (org === undefined || each.org === org),
  )
  for (const { id: userId, orgId } of accounts) {
    const person = await getAddressee(change.db, orgId, userId)
    // A telephone number leads to an account as well, but not to a mailbox that whoever asks has named.
    if (person.email !== email.trim().toLowerCase() || !hasMailbox(person)) continue
    orderMail(change, orgId, newAccountLink(userId, 'reset', change.now))
    recordAudit(change, { orgId, action: 'reset_requested', entity: 'user', entityId: userId })
  }
}

function orderMail(change: Change, orgId: string, { expiresAt, ...link }: AccountLink): void {
  change.enqueue(deliverAccountMailJob, {
    ...link,
    orgId,
    mailId: randomUUID(),
    createdAt: change.now.toISOString(),
    expiresAt: expiresAt.toISOString(),
  })
}

interface AccountMailWork {
  mail: Email
  order: AccountMail
}

/** Nothing is left to do once the link is over, or an invited person has chosen. */
export async function claimAccountMail(
  change: Change,
  order: AccountMail,
): Promise<ClaimedWork<AccountMailWork>> {
  const link = { userId: order.userId, kind: order.kind, expiresAt: new Date(order.expiresAt) }
  const credentials = await findCredentials(change.db, order.userId)
  const reader = await findAddressee(change.db, order.userId)
  if (!credentials || !reader || change.now >= link.expiresAt) return undefined
  if (order.kind === 'invitation' && credentials.passwordHash) return undefined
  const { title, message, label, note } = ACCOUNT_MAILS[order.kind]
  const { locale, timezone, orgName: org, email } = reader
  const until = formatInstant(link.expiresAt, locale, timezone)
  const mail = emailAbout(
    reader,
    { id: order.mailId },
    {
      title: wordIn(title, locale, { org }),
      message: wordIn(message, locale, { email }),
      at: new Date(order.createdAt),
      buttons: [
        {
          label: label[locale],
          url: accountLinkUrl(change.config, link, credentials),
          note: wordIn(note, locale, { until }),
        },
      ],
    },
  )
  return { work: { mail, order } }
}

export async function sendAccountMail(
  { mailer }: ExternalWork,
  { mail }: AccountMailWork,
): Promise<DeliveryResult> {
  return mailer?.send(mail) ?? { isDone: true, said: 'no mail server is configured' }
}

/** Tried again for as long as the link is good. */
export async function recordAccountMail(
  { now, config }: Change,
  { order }: AccountMailWork,
  attempt: DeliveryResult,
): Promise<ExternalOutcome> {
  if (attempt.isDone) return 'done'
  const waited = now.getTime() - new Date(order.createdAt).getTime()
  const again = plusMs(now, Math.max(config.DELIVERY_FIRST_RETRY, Math.min(waited, LONGEST_PAUSE)))
  return attempt.isFinal || again >= new Date(order.expiresAt) ? { givenUp: attempt.said } : { again }
}
