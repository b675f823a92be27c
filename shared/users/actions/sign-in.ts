// Signing in: by a password, and where it is asked for by a second step (second-factor.ts); guests come in by themselves.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import { networkOf } from '../../kit/outside/client-address.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import { AppError, notFound, unauthorized } from '../../kit/declare/errors.ts'
import { findOrganisationBySlug } from '../../organisations/queries.ts'
import { findCredentials, listAccounts, type Account } from '../accounts.ts'
import { newChallenge } from '../challenges.ts'
import { checkPassword, hashPassword } from '../passwords.ts'
import { getSecondFactor } from '../second-factors.ts'
import type { User } from '../schema.ts'
import { insertUser, lockUser, updateUser } from '../table.ts'
import { beginSession, type IssuedTokens } from './sessions.ts'

export interface Ask {
  emailOrPhone: string
  password: string
  /** Slug. */
  org?: string
  /** Slug: where it fits several and none is named. */
  preferredOrg?: string
}

/** @throws AppError as `recognisePerson`, and 401 with a challenge for whoever needs a second factor */
export async function signIn(change: Change, ask: Ask, userAgent?: string): Promise<IssuedTokens> {
  const user = await recognisePerson(change, ask)
  const { isOn, isDemanded } = await getSecondFactor(change.db, user.id)
  if (!isOn && !isDemanded) return beginSession(change, user, userAgent)
  throw new AppError(401, 'second_factor_required', 'A code of the second factor is needed as well', {
    more: { ...(await challengeFor(change, user.id)), isEnrolled: isOn },
  })
}

/**
 * Whose address and password these are. @throws AppError 401, the same for a wrong password, an unknown address and an inactive person;
 * 409 where it fits several
 */
export async function recognisePerson(change: Change, ask: Ask): Promise<User> {
  const { account, isOutdated } = await findAccount(change, ask)
  const user = account && (await lockUser(change.db, account.orgId, account.id))
  if (!user?.isActive) throw unauthorized('Wrong e-mail address, phone number or password')
  if (isOutdated)
    await updateUser(change.db, user.id, { passwordHash: await hashPassword(ask.password) }, user.updatedAt)
  return user
}

/** For somebody whose password was right just now. */
export async function challengeFor(
  { db, config, now }: Pick<Reading, 'db' | 'config' | 'now'>,
  userId: string,
): Promise<{ challenge: string; expiresAt: Date }> {
  const credentials = await findCredentials(db, userId)
  if (!credentials) throw notFound('User')
  return newChallenge(config, userId, credentials, now)
}

/** @throws AppError 409 for somebody who is in several organisations and names none */
async function findAccount(
  change: Change,
  { emailOrPhone, password, org, preferredOrg }: Ask,
): Promise<{ account?: Account; isOutdated: boolean }> {
  const accounts = (await listAccounts(change.db, emailOrPhone)).filter(
    (each) => org === undefined || each.org === org,
  )
  const checks = await Promise.all(
    (accounts.length > 0 ? accounts : [undefined]).map(async (account) => ({
      account,
      ...(await checkPassword(password, account?.passwordHash)),
    })),
  )
  const fitting = checks.filter(({ account, matches }) => matches && account?.isActive)
  const chosen =
    fitting.length > 1 ? fitting.find(({ account }) => account?.org === preferredOrg) : fitting[0]
  if (fitting.length > 1 && !chosen)
    throw severalOrganisations(fitting.flatMap(({ account }) => account ?? []))
  return chosen ?? { isOutdated: false }
}

function severalOrganisations(accounts: readonly Account[]): AppError {
  return new AppError(
    409,
    'choose_organisation',
    `You are in several organisations: say org, one of ${accounts.map(({ org }) => org).join(', ')}`,
    {
      errors: accounts.map(({ org, orgName }) => ({ path: '/body/org', message: `${org}: ${orgName}` })),
    },
  )
}

/** A guest has no password: its session is all it has, and the room of the customer chat all it sees. */
export async function signInGuest(
  change: Change,
  ask: { org: string; name: string; email?: string },
  userAgent?: string,
): Promise<IssuedTokens> {
  const organisation = await findOrganisationBySlug(change.db, ask.org)
  if (!organisation) throw notFound('Organisation')
  await change.count('guests.network', networkOf(change.origin.ip ?? ''))
  await change.count('guests.organisation', organisation.id)
  const guestId = randomUUID()
  const user = await insertUser(
    change.db,
    {
      id: guestId,
      orgId: organisation.id,
      email: `${guestId}@guest.invalid`,
      fullName: ask.name,
      role: 'GUEST',
      contactEmail: ask.email ?? null,
    },
    change.now,
  )
  recordAudit(change, {
    orgId: user.orgId,
    actorId: user.id,
    action: 'guest_created',
    entity: 'user',
    entityId: user.id,
  })
  return beginSession(change, user, userAgent)
}
