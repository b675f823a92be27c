// A person as another system knows them: added when they are new, changed as far as they differ. The same once more changes nothing.

import type { Change } from '../../kit/store/change.ts'
import { invalid, notFound } from '../../kit/declare/errors.ts'
import type { ActorOrOperator } from '../../organisations/roles.ts'
import { lockHierarchyForChanges } from '../../users/actions/hold.ts'
import { addUser, readPhone } from '../../users/actions/people.ts'
import { findUserByExternalId } from '../../users/queries.ts'
import type { NewUser, User, UserPatch } from '../../users/schema.ts'
import type { PersonPut } from '../schema.ts'
import { changePerson } from './change.ts'

/** Whoever is new is not invited: they sign in where they come from. @throws AppError 403, 404 for somebody unknown who left, 409, 422 */
export async function putPerson(
  change: Change,
  actor: ActorOrOperator,
  externalId: string,
  { managerExternalId, isActive, role, ...ask }: PersonPut,
): Promise<User> {
  const { orgId } = actor
  await lockHierarchyForChanges(change, orgId)
  const before = await findUserByExternalId(change.db, orgId, externalId)
  const managerId = await findManagerId(change, orgId, managerExternalId)
  if (!before && isActive === false) throw notFound('User')
  if (!before) return addUser(change, actor, newUserOf({ ...ask, role }, externalId, managerId))
  const phone = ask.phone ? await readPhone(change, orgId, ask.phone) : ask.phone
  const asked: UserPatch = { ...ask, email: ask.email.toLowerCase(), phone, role, isActive, managerId }
  const patch = differing(before, asked)
  return Object.keys(patch).length > 0 ? changePerson(change, actor, before.id, patch) : before
}

/** @returns undefined where nothing is said of them. @throws AppError 422 */
async function findManagerId(
  change: Change,
  orgId: string,
  externalId: string | null | undefined,
): Promise<string | null | undefined> {
  if (externalId === undefined || externalId === null) return externalId
  const manager = await findUserByExternalId(change.db, orgId, externalId)
  if (!manager) throw invalid(`managerExternalId: nobody is called ${externalId}`)
  return manager.id
}

function differing(before: User, asked: UserPatch): UserPatch {
  const known: Readonly<Record<string, unknown>> = before
  return Object.fromEntries(
    Object.entries(asked).filter(([field, value]) => value !== undefined && value !== known[field]),
  )
}

function newUserOf(
  { email, fullName, role, phone, userSegment, positionLevel, department, locale }: PersonPut,
  externalId: string,
  managerId: string | null | undefined,
): NewUser {
  return {
    email,
    fullName,
    externalId,
    role: role ?? 'EMPLOYEE',
    ...(phone && { phone }),
    ...(userSegment && { userSegment }),
    ...(positionLevel && { positionLevel }),
    ...(department && { department }),
    ...(locale && { locale }),
    ...(managerId && { managerId }),
  }
}
