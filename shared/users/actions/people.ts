// Keeping people, which ADMINs do.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { conflict, invalid, notFound } from '../../kit/declare/errors.ts'
import { toE164 } from '../../kit/text/phone.ts'
import { hashPassword } from '../passwords.ts'
import { countActiveAdmins, findUser, isAbove } from '../queries.ts'
import type { NewUser, User, UserPatch } from '../schema.ts'
import { insertUser, lockHierarchy, lockUser, updateUser, type Contact } from '../table.ts'
import { closeSessions } from './sessions.ts'
import { tellPeople } from './tell-people.ts'
import { isOfOrganisation, mustReach, type Actor, type ActorOrOperator } from '../../organisations/roles.ts'
import type { NewOrganisation } from '../../organisations/schema.ts'
import { createOrganisation } from '../../organisations/actions/organisation.ts'
import { getOrganisation } from '../../organisations/queries.ts'

/** A new tenant with its first ADMIN. */
export async function createTenant(
  change: Change,
  ask: NewOrganisation,
  { password, ...admin }: NewUser & { password: string },
): Promise<Actor> {
  const id = randomUUID()
  const orgId = await createOrganisation(change, ask, id)
  const user = await insertUser(
    change.db,
    {
      ...admin,
      id,
      orgId,
      email: admin.email.toLowerCase(),
      phone: await readPhone(change, orgId, admin.phone),
      role: 'ADMIN',
      passwordHash: await hashPassword(password),
    },
    change.now,
  )
  return { id: user.id, orgId, role: user.role, email: user.email, fullName: user.fullName, sessionId: '' }
}

/** @param actor without an id: whoever operates the installation. @throws AppError 409, 422 */
export async function addUser(
  change: Change,
  actor: ActorOrOperator,
  { password, ...ask }: NewUser,
): Promise<User> {
  mustReach(actor, ask.role)
  if (ask.managerId) await mustBeManager(change, actor.orgId, ask.managerId)
  const user = await insertUser(
    change.db,
    {
      ...ask,
      id: randomUUID(),
      orgId: actor.orgId,
      email: ask.email.toLowerCase(),
      phone: await readPhone(change, actor.orgId, ask.phone),
      passwordHash: password === undefined ? null : await hashPassword(password),
    },
    change.now,
  )
  recordAudit(change, {
    orgId: actor.orgId,
    ...(actor.id && { actorId: actor.id }),
    action: 'user_created',
    entity: 'user',
    entityId: user.id,
    metadata: { role: user.role },
  })
  tellPeople(change, user)
  return user
}

export interface PersonChange {
  before: User
  after: User
}

/**
 * A person whose role or activity changed signs in anew: their tokens and sockets say what they were. Doors
 * call shared/people, which also looks after what waited on them.
 */
export async function changeUser(
  change: Change,
  actor: ActorOrOperator,
  userId: string,
  patch: UserPatch,
): Promise<PersonChange> {
  if (patch.role !== undefined || patch.isActive !== undefined || patch.managerId !== undefined)
    await lockHierarchy(change.db, actor.orgId)
  const before = await lockUser(change.db, actor.orgId, userId)
  if (!before) throw notFound('User')
  mustReach(actor, before.role, patch.role ?? before.role)
  if (patch.managerId) await mustBeManager(change, actor.orgId, patch.managerId, userId)
  await mustLeaveAnAdmin(change, before, { ...before, ...patch })
  const after = await updateUser(
    change.db,
    userId,
    {
      ...patch,
      ...(patch.email && { email: patch.email.toLowerCase() }),
      ...(patch.phone && { phone: await readPhone(change, actor.orgId, patch.phone) }),
    },
    change.now,
  )
  if (after.role !== before.role || !after.isActive) await closeSessions(change, { userId }, 'person_changed')
  recordAudit(change, {
    orgId: actor.orgId,
    ...(actor.id && { actorId: actor.id }),
    action: 'user_changed',
    entity: 'user',
    entityId: userId,
    metadata: { fields: Object.keys(patch) },
  })
  tellPeople(change, before, after)
  return { before, after }
}

/** The caller holds the hierarchy. @throws AppError 409 when nobody could keep the organisation any more */
export async function mustLeaveAnAdmin(
  change: Change,
  before: User,
  after: Pick<User, 'role' | 'isActive'>,
): Promise<void> {
  if (before.role !== 'ADMIN' || !before.isActive || (after.role === 'ADMIN' && after.isActive)) return
  if ((await countActiveAdmins(change.db, before.orgId, before.id)) === 0)
    throw conflict('This is the last active ADMIN: make another one first', 'last_admin')
}

/** What a guest tells of where they are reached, later than when they came in. What they do not name stays. @throws AppError 422 */
export async function changeContact(change: Change, actor: Actor, contact: Partial<Contact>): Promise<void> {
  if (Object.keys(contact).length === 0) return
  const contactPhone = await readPhone(change, actor.orgId, contact.contactPhone ?? undefined)
  await updateUser(change.db, actor.id, { ...contact, ...(contactPhone && { contactPhone }) }, change.now)
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'user_changed',
    entity: 'user',
    entityId: actor.id,
    metadata: { fields: Object.keys(contact) },
  })
}

/** A new password ends every session: whoever knew the old one is out. */
export async function setPassword(
  change: Change,
  actor: Actor,
  userId: string,
  password: string,
): Promise<User> {
  const before = await lockUser(change.db, actor.orgId, userId)
  if (!before) throw notFound('User')
  const user = await updateUser(change.db, userId, { passwordHash: await hashPassword(password) }, change.now)
  if (before.mayBeInvited) tellPeople(change, user)
  await closeSessions(change, { userId }, 'password_changed')
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'password_changed',
    entity: 'user',
    entityId: userId,
  })
  return user
}

/** @throws AppError 422 for what no telephone has */
export async function readPhone(
  change: Change,
  orgId: string,
  typed: string | undefined,
): Promise<string | undefined> {
  if (typed === undefined) return undefined
  const number = toE164(typed, (await getOrganisation(change.db, orgId)).timezone)
  if (!number)
    throw invalid(
      `phone: ${typed} is no telephone number; write it with its country code, like +84 90 123 45 67`,
    )
  return number
}

/** @param userId of whom; absent: of somebody new, whom nobody reports to. @throws AppError 422 */
async function mustBeManager(
  change: Change,
  orgId: string,
  managerId: string,
  userId?: string,
): Promise<void> {
  if (managerId === userId) throw invalid('managerId: nobody is their own manager')
  const manager = await findUser(change.db, orgId, managerId)
  if (!manager) throw invalid('managerId: there is no such person')
  if (!isOfOrganisation(manager.role)) throw invalid(`managerId: a ${manager.role} is nobody's manager`)
  if (userId && (await isAbove(change.db, userId, managerId)))
    throw invalid('managerId: this person reports to them already, which would be a circle')
}
