// Keeping people and the organisation, which ADMINs do.

import { randomUUID } from 'node:crypto'
import { record } from '../../audit/actions.ts'
import type { Change } from '../../kit/change.ts'
import { invalid, notFound } from '../../kit/errors.ts'
import { hashPassword } from '../passwords.ts'
import { findUser, getOrganisation } from '../queries.ts'
import type { Actor, NewUser, Organisation, OrganisationPatch, User, UserPatch } from '../schema.ts'
import { insertOrganisation, insertUser, lockUser, updateOrganisation, updateUser, type Contact } from '../table.ts'
import { closeSessions } from './sessions.ts'

/** A new tenant with its first ADMIN. */
export async function foundOrganisation(change: Change, ask: Omit<Organisation, 'id'>, { password, ...admin }: NewUser): Promise<Actor> {
  const organisation = { ...ask, id: randomUUID() }
  await insertOrganisation(change.db, organisation, change.now)
  const user = await insertUser(change.db, { ...admin, id: randomUUID(), orgId: organisation.id, email: admin.email.toLowerCase(), role: 'ADMIN', passwordHash: await hashPassword(password) }, change.now)
  await record(change, { orgId: organisation.id, actorId: user.id, action: 'organisation_created', entity: 'organisation', entityId: organisation.id })
  return { id: user.id, orgId: organisation.id, role: user.role, email: user.email, fullName: user.fullName, sessionId: '' }
}

export async function addUser(change: Change, actor: Actor, { password, ...ask }: NewUser): Promise<User> {
  await mustHaveManager(change, actor.orgId, ask.managerId)
  const user = await insertUser(change.db, {
    ...ask, id: randomUUID(), orgId: actor.orgId, email: ask.email.toLowerCase(), passwordHash: await hashPassword(password),
  }, change.now)
  await record(change, { orgId: actor.orgId, actorId: actor.id, action: 'user_created', entity: 'user', entityId: user.id, metadata: { role: user.role } })
  return user
}

/** A person whose role or activity changed signs in anew: their tokens and sockets say what they were. */
export async function changeUser(change: Change, actor: Actor, userId: string, patch: UserPatch): Promise<User> {
  const before = await lockUser(change.db, actor.orgId, userId)
  if (!before) throw notFound('User')
  if (patch.managerId === userId) throw invalid('Nobody is their own manager')
  await mustHaveManager(change, actor.orgId, patch.managerId)
  const user = await updateUser(change.db, userId, { ...patch, ...(patch.email && { email: patch.email.toLowerCase() }) }, change.now)
  if (user.role !== before.role || !user.isActive) await closeSessions(change, { userId }, 'person_changed')
  await record(change, { orgId: actor.orgId, actorId: actor.id, action: 'user_changed', entity: 'user', entityId: userId, metadata: { fields: Object.keys(patch) } })
  return user
}

/** What a guest tells of where they are reached, later than when they came in. What they do not name stays. */
export async function changeContact(change: Change, actor: Actor, contact: Partial<Contact>): Promise<void> {
  if (Object.keys(contact).length === 0) return
  await updateUser(change.db, actor.id, contact, change.now)
  await record(change, { orgId: actor.orgId, actorId: actor.id, action: 'user_changed', entity: 'user', entityId: actor.id, metadata: { fields: Object.keys(contact) } })
}

/** A new password ends every session: whoever knew the old one is out. */
export async function setPassword(change: Change, actor: Actor, userId: string, password: string): Promise<User> {
  if (!(await lockUser(change.db, actor.orgId, userId))) throw notFound('User')
  const user = await updateUser(change.db, userId, { passwordHash: await hashPassword(password) }, change.now)
  await closeSessions(change, { userId }, 'password_changed')
  await record(change, { orgId: actor.orgId, actorId: actor.id, action: 'password_changed', entity: 'user', entityId: userId })
  return user
}

/** Settings that are not named keep their value. */
export async function changeOrganisation(change: Change, actor: Actor, patch: OrganisationPatch): Promise<Organisation> {
  const before = await getOrganisation(change.db, actor.orgId)
  const after = await updateOrganisation(change.db, actor.orgId, { ...patch, settings: { ...before.settings, ...patch.settings } })
  await record(change, { orgId: actor.orgId, actorId: actor.id, action: 'organisation_changed', entity: 'organisation', entityId: actor.orgId, metadata: { fields: Object.keys(patch) } })
  return after
}

async function mustHaveManager(change: Change, orgId: string, managerId: string | null | undefined): Promise<void> {
  if (managerId && !(await findUser(change.db, orgId, managerId))) throw invalid('managerId: there is no such person')
}
