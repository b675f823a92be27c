// The second factor of a sign-in: setting it up, showing a code, losing the app, doing without.

import { randomInt } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import { conflict, invalid, notFound, unauthorized } from '../../kit/declare/errors.ts'
import { currentMark, openSealed, sealText } from '../../kit/outside/sealed-text.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import { getOrganisation } from '../../organisations/queries.ts'
import type { ActorOrOperator } from '../../organisations/roles.ts'
import { findCredentials } from '../accounts.ts'
import { isChallenge, parseChallenge } from '../challenges.ts'
import { checkPassword } from '../passwords.ts'
import { findAddressee, getUser } from '../queries.ts'
import type { Enrolment, SecondStep, User } from '../schema.ts'
import { lockUser } from '../table.ts'
import {
  deleteRecoveryCodes,
  deleteSecondFactor,
  insertRecoveryCodes,
  lockSecondFactor,
  lockSecretsNotMarked,
  putSecondFactor,
  takeRecoveryCode,
  updateSecondFactor,
  type SecondFactorRow,
} from '../table/second-factors.ts'
import { sha256Hex } from '../tokens.ts'
import { newTotpSecret, stepOfCode, totpUri } from '../totp.ts'
import { closeSessions, beginSession, type IssuedTokens } from './sessions.ts'

type Who = Pick<User, 'id' | 'orgId' | 'email'>

const about = (userId: string): string => `totp ${userId}`

/** A new secret; nothing is asked of it before a code of it was shown. @throws AppError 409 for whoever has one */
export async function enrolApp(change: Change, { id, orgId, email }: Who): Promise<Enrolment> {
  await lockUser(change.db, orgId, id)
  if ((await lockSecondFactor(change.db, id))?.confirmedAt)
    throw conflict('The second factor is set up: remove it first')
  const secret = newTotpSecret()
  await putSecondFactor(change.db, id, sealText(change.config, about(id), secret), change.now)
  return { secret, uri: totpUri(secret, (await getOrganisation(change.db, orgId)).name, email) }
}

/** What a secret that waits for its first code is: for a page that is shown once more. @throws AppError 404 */
export async function readEnrolment(change: Change, { id, orgId, email }: Who): Promise<Enrolment> {
  const factor = await lockSecondFactor(change.db, id)
  const secret = factor && !factor.confirmedAt && openSealed(change.config, about(id), factor.secret)
  if (!secret) throw notFound('Enrolment')
  return { secret, uri: totpUri(secret, (await getOrganisation(change.db, orgId)).name, email) }
}

/** Whoever found a session open does not know it. @throws AppError 422 */
export async function mustKnowPassword(change: Change, userId: string, password: string): Promise<void> {
  const credentials = await findCredentials(change.db, userId)
  if (!(await checkPassword(password, credentials?.passwordHash)).matches)
    throw invalid('password: this is not your password')
}

/**
 * The first code of the app: from now on a sign-in asks for one, and all other sessions have ended. @param sessionId which goes on
 * @returns the recovery codes @throws AppError 409 where it is set up, 422 for a wrong code, or where nothing was begun
 */
export async function confirmEnrolment(
  change: Change,
  { id, orgId }: Pick<User, 'id' | 'orgId'>,
  code: string,
  sessionId?: string,
): Promise<string[]> {
  const factor = await lockSecondFactor(change.db, id)
  if (!factor) throw invalid('Nothing was begun: ask for a secret first')
  if (factor.confirmedAt) throw conflict('The second factor is set up already')
  const lastStep = freshStep(change, factor, code)
  if (lastStep === undefined) throw invalid('code: the app shows another one')
  await updateSecondFactor(change.db, id, { lastStep, confirmedAt: change.now })
  const codes = await putNewCodes(change, id)
  await closeSessions(change, { userId: id, ...(sessionId && { but: sessionId }) }, 'second_factor_set')
  record(change, { orgId, id }, id, 'second_factor_set')
  return codes
}

/** In place of those before, also of those that were not used. @throws AppError 422 for whoever has no second factor */
export async function renewRecoveryCodes(
  change: Change,
  { id, orgId }: Pick<User, 'id' | 'orgId'>,
): Promise<string[]> {
  if (!(await lockSecondFactor(change.db, id))?.confirmedAt)
    throw invalid('No second factor is set up: recovery codes come with it')
  const codes = await putNewCodes(change, id)
  record(change, { orgId, id }, id, 'recovery_codes_renewed')
  return codes
}

async function putNewCodes({ db }: Change, userId: string): Promise<string[]> {
  const codes = Array.from({ length: 10 }, newRecoveryCode)
  await deleteRecoveryCodes(db, userId)
  await insertRecoveryCodes(db, userId, codes.map(hashOf))
  return codes
}

/** @returns whose it is @throws AppError 401, the same for one that is over, was answered by another password, or is none of ours */
export async function readChallenge(
  { db, config, now }: Pick<Reading, 'db' | 'config' | 'now'>,
  text: string,
): Promise<User> {
  const challenge = parseChallenge(text)
  const credentials = challenge && (await findCredentials(db, challenge.userId))
  const person = credentials && (await findAddressee(db, challenge.userId))
  if (!person || !isChallenge(config, text, challenge, credentials, now))
    throw unauthorized('The challenge is not valid any more: sign in again')
  return getUser(db, person.orgId, person.id)
}

/** The second step of a sign-in; of somebody who has to have a second factor it may be the first code of it. @throws AppError 401 */
export async function signInByCode(
  change: Change,
  { challenge, code }: SecondStep,
  userAgent?: string,
): Promise<IssuedTokens & { recoveryCodes?: string[] }> {
  const user = await readChallenge(change, challenge)
  await lockUser(change.db, user.orgId, user.id)
  const factor = await lockSecondFactor(change.db, user.id)
  if (factor && !factor.confirmedAt) {
    const recoveryCodes = await confirmEnrolment(change, user, code)
    return { ...(await beginSession(change, user, userAgent)), recoveryCodes }
  }
  await mustShowCode(change, user, code)
  return beginSession(change, user, userAgent)
}

/** A code of the app, or a recovery code, which is used up. @throws AppError 401 */
export async function mustShowCode(
  change: Change,
  user: Pick<User, 'id' | 'orgId'>,
  code: string,
): Promise<void> {
  const factor = await lockSecondFactor(change.db, user.id)
  const lastStep = factor?.confirmedAt && freshStep(change, factor, code)
  if (lastStep) return updateSecondFactor(change.db, user.id, { lastStep })
  if (!factor || !(await takeRecoveryCode(change.db, user.id, hashOf(code))))
    throw unauthorized('The code is wrong, or was used')
  record(change, user, user.id, 'recovery_code_used')
}

/**
 * Where there is none, nothing happens. @param actor themselves, an ADMIN, or whoever operates the installation
 * @throws AppError 404 for a stranger
 */
export async function removeSecondFactor(
  change: Change,
  actor: ActorOrOperator,
  userId: string,
): Promise<void> {
  await getUser(change.db, actor.orgId, userId)
  if (await deleteSecondFactor(change.db, userId)) record(change, actor, userId, 'second_factor_removed')
}

/** At once; what is left waits for the next time. */
const MANY = 1000

/** By the secret that seals now, so that an older one can be taken from the list. What no listed one opens stays as it is. */
export async function resealSecrets(change: Change): Promise<void> {
  for (const { userId, secret } of await lockSecretsNotMarked(change.db, currentMark(change.config), MANY)) {
    const text = openSealed(change.config, about(userId), secret)
    if (text)
      await updateSecondFactor(change.db, userId, { secret: sealText(change.config, about(userId), text) })
  }
}

/** @returns the step of a code that is right and newer than all that were taken */
function freshStep(
  { config, now }: Pick<Reading, 'config' | 'now'>,
  { userId, secret, lastStep }: SecondFactorRow,
  code: string,
): number | undefined {
  const known = openSealed(config, about(userId), secret)
  const digits = code.replaceAll(/\s/g, '')
  const step = known === undefined ? undefined : stepOfCode(known, digits, now)
  return step !== undefined && step > (lastStep ?? -1) ? step : undefined
}

/** Without letters and digits that look alike: 16 of 31, 79 bits. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

function newRecoveryCode(): string {
  const letters = Array.from({ length: 16 }, () => LETTERS[randomInt(LETTERS.length)])
  return letters.join('').replaceAll(/.{4}(?=.)/g, '$&-')
}

/** As it is kept: random enough for a fast hash. */
const hashOf = (code: string): string => sha256Hex(code.toLowerCase().replaceAll(/[^a-z\d]/g, ''))

function record(
  change: Change,
  { orgId, id }: ActorOrOperator,
  userId: string,
  action: 'second_factor_set' | 'second_factor_removed' | 'recovery_code_used' | 'recovery_codes_renewed',
): void {
  recordAudit(change, { orgId, ...(id && { actorId: id }), action, entity: 'user', entityId: userId })
}
