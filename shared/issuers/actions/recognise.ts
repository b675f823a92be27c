// Whom a token of an issuer means: somebody who is here, somebody new, or somebody of whom it tells news.

import { randomUUID } from 'node:crypto'
import { AppError, unauthorized } from '../../kit/declare/errors.ts'
import { compileSchema } from '../../kit/declare/schema.ts'
import type { Change } from '../../kit/store/change.ts'
import { changePerson } from '../../people/actions/change.ts'
import { putPerson } from '../../people/actions/put.ts'
import { PersonPut } from '../../people/schema.ts'
import { findByEmailOrPhone } from '../../users/accounts.ts'
import { lockUserForWork } from '../../users/actions/hold.ts'
import { findUserByExternalId } from '../../users/queries.ts'
import type { User } from '../../users/schema.ts'
import { isGuarded, isOfDomains, mustReachRole, profileIn, type Profile, type TokenClaims } from '../rules.ts'
import type { IssuerRow } from '../table.ts'

const checkPerson = compileSchema(PersonPut)

/**
 * They are held until the change ends. @param isOvertaken a later token came before: this one tells no news
 * @throws AppError 401 where it means nobody who is let in
 */
export async function recogniseBearer(
  change: Change,
  issuer: IssuerRow,
  claims: TokenClaims,
  isOvertaken: (user: User) => Promise<boolean>,
): Promise<User> {
  const profile = profileIn(issuer, claims)
  const known = await findPerson(change, issuer, profile)
  if (known) mustReachRole(issuer, known.role)
  const user = await keepUp(change, issuer, known, profile, isOvertaken).catch((error: unknown) => {
    throw error instanceof AppError && error.status < 500 ? refusal(error) : error
  })
  const held = await lockUserForWork(change, issuer.orgId, user.id)
  if (!held?.isActive) throw unauthorized('The token names somebody who is not active here')
  mustReachRole(issuer, held.role)
  return held
}

/** What is wrong with what the token says is told to whoever brings it: it was verified. */
const refusal = (error: AppError): AppError =>
  error.status === 401 ? error : unauthorized(`The token opens nothing here: ${error.message}`)

/** By their name there or, once, by an address that is proven. @throws AppError 401 for an address of somebody with another name */
async function findPerson(
  change: Change,
  { orgId, emailDomains }: IssuerRow,
  { externalId, email }: Profile,
): Promise<User | undefined> {
  const named = await findUserByExternalId(change.db, orgId, externalId)
  if (named || email === undefined || !isOfDomains(email, emailDomains)) return named
  const addressed = await findByEmailOrPhone(change.db, orgId, email)
  if (addressed?.externalId)
    throw unauthorized('The address in the token belongs to somebody of another name')
  return addressed
}

async function keepUp(
  change: Change,
  issuer: IssuerRow,
  known: User | undefined,
  profile: Profile,
  isOvertaken: (user: User) => Promise<boolean>,
): Promise<User> {
  const { orgId, provisioning } = issuer
  const { externalId } = profile
  if (!known && provisioning === 'none') throw unauthorized('Nobody here is known by the name in the token')
  if (!known) return putPerson(change, { orgId }, externalId, await personOf(change, issuer, profile))
  if (!known.isActive) return known
  const linked = known.externalId ? known : await changePerson(change, { orgId }, known.id, { externalId })
  if (provisioning !== 'update' || (await isOvertaken(known))) return linked
  const told = await personOf(change, issuer, profile, linked)
  return putPerson(change, { orgId }, externalId, told)
}

/** @param known as they are: what the token does not say stays. @throws AppError 400, 401 */
async function personOf(
  change: Change,
  issuer: IssuerRow,
  { externalId, email, fullName, role, managerExternalId, department }: Profile,
  known?: User,
): Promise<PersonPut> {
  const asked = role ?? (known ? undefined : (issuer.defaultRole ?? 'EMPLOYEE'))
  if (asked !== undefined && isGuarded(asked)) mustReachRole(issuer, asked)
  const manager =
    managerExternalId === undefined
      ? undefined
      : await findUserByExternalId(change.db, issuer.orgId, managerExternalId)
  const person = {
    email: email ?? known?.email ?? `${randomUUID()}@person.invalid`,
    fullName: fullName ?? known?.fullName ?? externalId,
    ...(asked !== undefined && { role: asked }),
    ...(manager && { managerExternalId }),
    ...(department !== undefined && { department }),
  }
  return checkPerson(person, 'token')
}
