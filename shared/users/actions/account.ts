// What people do with their own account: their profile, their password, and links by which they choose one.

import { recordAudit } from '../../audit/actions.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import { invalid, notFound } from '../../kit/declare/errors.ts'
import type { Actor } from '../../organisations/roles.ts'
import { isAccountLink, parseAccountLink, type LinkKind } from '../account-links.ts'
import { checkPassword, hashPassword } from '../passwords.ts'
import { findAddressee, type Addressee } from '../queries.ts'
import { findCredentials } from '../accounts.ts'
import type { OwnPassword, OwnProfile, User } from '../schema.ts'
import { lockUser, updateUser } from '../table.ts'
import { readPhone } from './people.ts'
import { closeSessions } from './sessions.ts'
import { tellPeople } from './tell-people.ts'

/** @throws AppError 409, 422 */
export async function changeProfile(change: Change, actor: Actor, patch: OwnProfile): Promise<User> {
  const user = await updateUser(
    change.db,
    actor.id,
    { ...patch, ...(patch.phone && { phone: await readPhone(change, actor.orgId, patch.phone) }) },
    change.now,
  )
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'user_changed',
    entity: 'user',
    entityId: actor.id,
    metadata: { fields: Object.keys(patch) },
  })
  tellPeople(change, user)
  return user
}

/** Ends all sessions but the one that asks: whoever else knew the old one is out. @throws AppError 422 */
export async function changePassword(
  change: Change,
  actor: Actor,
  { current, next }: OwnPassword,
): Promise<void> {
  await lockUser(change.db, actor.orgId, actor.id)
  const credentials = await findCredentials(change.db, actor.id)
  if (!(await checkPassword(current, credentials?.passwordHash)).matches)
    throw invalid('current: this is not your password')
  await updateUser(change.db, actor.id, { passwordHash: await hashPassword(next) }, change.now)
  await closeSessions(change, { userId: actor.id, but: actor.sessionId }, 'password_changed')
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'password_changed',
    entity: 'user',
    entityId: actor.id,
  })
}

/** Whom a link lets choose a password. @throws AppError 404, the same for one that is over, was used, or is none of ours */
export async function readAccountLink(
  { db, config, now }: Pick<Reading, 'db' | 'config' | 'now'>,
  text: string,
): Promise<{ kind: LinkKind; reader: Addressee }> {
  const link = parseAccountLink(text)
  const credentials = link && (await findCredentials(db, link.userId))
  const reader = credentials && (await findAddressee(db, link.userId))
  if (!reader || !isAccountLink(config, text, link, credentials, now)) throw notFound('Link')
  return { kind: link.kind, reader }
}

/** Ends every session. @throws AppError 404 */
export async function setPasswordByLink(change: Change, text: string, password: string): Promise<Addressee> {
  // Of two who use it at once the second waits here, and finds it used.
  const asked = parseAccountLink(text)
  const asking = asked && (await findAddressee(change.db, asked.userId))
  const before = asking && (await lockUser(change.db, asking.orgId, asking.id))
  const { kind, reader } = await readAccountLink(change, text)
  const user = await updateUser(
    change.db,
    reader.id,
    { passwordHash: await hashPassword(password) },
    change.now,
  )
  if (before?.mayBeInvited) tellPeople(change, user)
  await closeSessions(change, { userId: reader.id }, 'password_changed')
  recordAudit(change, {
    orgId: reader.orgId,
    actorId: reader.id,
    action: kind === 'invitation' ? 'invitation_accepted' : 'password_reset',
    entity: 'user',
    entityId: reader.id,
  })
  return reader
}
