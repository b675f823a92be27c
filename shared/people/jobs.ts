import { declareJob } from '../kit/declare/job.ts'
import { choice, id, instantGiven, line, shape, Type, type Static } from '../kit/declare/schema.ts'
import { LINK_KINDS } from '../users/account-links.ts'

/** Twice: another mail. Late: the mail is late. Asked for by whoever typed an address; whether it is known shows here only. */
export const sendResetLinksJob = declareJob(
  'mail.sendResetLinks',
  shape({
    email: Type.String({ maxLength: 254, description: 'As it was typed.' }),
    org: Type.Optional(line('Slug.')),
  }),
)

const AccountMail = shape({
  mailId: id('The same at each attempt.'),
  orgId: id('Organisation.'),
  userId: id('Who chooses a password.'),
  kind: choice(LINK_KINDS, 'Why.'),
  createdAt: instantGiven('When it was ordered.'),
  expiresAt: instantGiven('Until when its link is good.'),
})
export type AccountMail = Static<typeof AccountMail>

/**
 * Twice: the same mail once more. Late: nothing, once its link is over or the person has chosen. Given up: fails, and may be tried
 * again.
 */
export const deliverAccountMailJob = declareJob('mail.deliverAccountLink', AccountMail)
