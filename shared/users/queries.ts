// Reads about people for doors and higher domains. Always within one organisation, but where a token proves who asks.

import { collationOf } from '../kit/text/locale.ts'
import { phonePatternOf } from '../kit/text/phone.ts'
import { preparedRowsOf, rowsOf, toSnakeCase, type Db } from '../kit/store/db.ts'
import {
  countFound,
  NEWEST_FIRST,
  readPage,
  type Key,
  type Listed,
  type PagePart,
} from '../kit/store/keyset.ts'
import { hasParts } from '../kit/store/name-parts.ts'
import type { Reading } from '../kit/store/change.ts'
import { notFound } from '../kit/declare/errors.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { PersonBrief, PersonListed, Session, User } from './schema.ts'
import type { SessionRow } from './table/sessions.ts'
import { ORGANISATION_ROLES, type Actor, type Role } from '../organisations/roles.ts'
import type { Locale } from '../organisations/schema.ts'

const COLUMNS = columnsOf(User)
  .map((column) => `u.${toSnakeCase(column)}`)
  .join(', ')

export async function findUser(db: Db, orgId: string, id: string): Promise<User | undefined> {
  return db('users').where({ orgId, id }).first(columnsOf(User))
}

export async function getUser(db: Db, orgId: string, id: string): Promise<User> {
  const user = await findUser(db, orgId, id)
  if (!user) throw notFound('User')
  return user
}

export async function getPersonBrief(db: Db, orgId: string, id: string): Promise<PersonBrief> {
  const person: PersonBrief | undefined = await db('users').where({ orgId, id }).first(columnsOf(PersonBrief))
  if (!person) throw notFound('User')
  return person
}

interface PeopleFilter {
  role?: Role
  isActive?: boolean
  managerId?: string
  externalId?: string
  /** Part of a name, an address or a telephone number, as somebody types it. */
  q?: string
}

const byName = ({ locale }: Actor): readonly Key<Pick<User, 'id' | 'fullName'>>[] => [
  { column: `full_name collate ${collationOf(locale)}`, kind: 'text', of: ({ fullName }) => fullName },
  { column: 'id', kind: 'id', of: ({ id }) => id },
]

function usersOf(db: Db, orgId: string, { q, ...filter }: PeopleFilter) {
  const users = db('users').where({ orgId, ...filter })
  if (q === undefined) return users
  return users.where((found) =>
    found
      .where(hasParts('foldedName', q))
      .orWhere(hasParts('email', q))
      .orWhereRaw('phone like ?', [phonePatternOf(q)]),
  )
}

export function listUsers(db: Db, actor: Actor, filter: PeopleFilter, part: PagePart): Promise<Listed<User>> {
  return readPage(usersOf(db, actor.orgId, filter), columnsOf(User), byName(actor), part)
}

export function countUsers(db: Db, orgId: string, filter: PeopleFilter): Promise<number> {
  return countFound(db, usersOf(db, orgId, filter))
}

/**
 * Of the organisation and active; who is asked for by id may have left. A driver knows the staff and the drivers. Found by their
 * names only.
 */
export function listPeople(
  db: Db,
  actor: Actor,
  { role, q, ids }: Pick<PeopleFilter, 'role' | 'q'> & { ids?: readonly string[] },
  part: PagePart,
): Promise<Listed<PersonListed>> {
  const known = (
    actor.role === 'DRIVER' ? ORGANISATION_ROLES.filter((each) => each !== 'EMPLOYEE') : ORGANISATION_ROLES
  ).filter((each) => role === undefined || each === role)
  const found = db('users')
    .where({ orgId: actor.orgId, ...(!ids && { isActive: true }) })
    .whereIn('role', known)
    .where(hasParts('foldedName', q ?? ''))
    .modify((named) => void (ids && named.whereIn('id', [...ids])))
  return readPage(found, columnsOf(PersonListed), byName(actor), part)
}

/** Active people of these roles, e.g. whom to tell when a policy decided. */
export async function listActiveIdsByRole(db: Db, orgId: string, roles: readonly Role[]): Promise<string[]> {
  return db('users').where({ orgId, isActive: true }).whereIn('role', roles).orderBy('id').pluck('id')
}

/** The same, with the language that each reads. */
export async function listActiveReaders(
  db: Db,
  orgId: string,
  roles: readonly Role[],
): Promise<{ id: string; locale: Locale }[]> {
  return rowsOf(
    db,
    `select u.id, coalesce(u.locale, o.locale) as locale from users u join organisations o on o.id = u.org_id
     where u.org_id = :orgId and u.is_active and u.role = any(:roles) order by u.id`,
    { orgId, roles: [...roles] },
  )
}

/** Of these, the active ones. */
export async function listActiveAmong(db: Db, orgId: string, ids: readonly string[]): Promise<PersonBrief[]> {
  return db('users')
    .where({ orgId, isActive: true })
    .whereIn('id', [...ids])
    .select(columnsOf(PersonBrief))
}

/** What people are called, also those who left. */
export async function listNames(
  db: Db,
  orgId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const people: Pick<User, 'id' | 'fullName'>[] = await db('users')
    .where({ orgId })
    .whereIn('id', [...new Set(ids)])
    .select('id', 'fullName')
  return new Map(people.map(({ id, fullName }) => [id, fullName]))
}

/** Whoever is told something: their language, their time zone, and where they are reached. */
export interface Addressee {
  id: string
  orgId: string
  fullName: string
  email: string
  phone: string | null
  isActive: boolean
  locale: Locale
  timezone: string
  orgName: string
}

export async function getAddressee(db: Db, orgId: string, id: string): Promise<Addressee> {
  const found = await findAddressee(db, id)
  if (found?.orgId !== orgId) throw notFound('User')
  return found
}

/** Of `users u join organisations o`. */
export const ADDRESSEE_COLUMNS = `u.id, u.org_id, u.full_name, u.email, u.phone, u.is_active,
  coalesce(u.locale, o.locale) as locale, o.timezone, o.name as org_name`

/** Whatever the organisation: by a link that only they were sent. */
export async function findAddressee(db: Db, id: string): Promise<Addressee | undefined> {
  const [found] = await rowsOf<Addressee>(
    db,
    `select ${ADDRESSEE_COLUMNS} from users u join organisations o on o.id = u.org_id where u.id = :id`,
    { id },
  )
  return found
}

/** Addresses under .invalid are ours, for people who gave none: guests (RFC 2606). */
export function hasMailbox({ email }: Pick<Addressee, 'email'>): boolean {
  return !email.endsWith('.invalid')
}

/** The chain above the person :userId of the organisation :orgId, as rows of id, height and who stands below. */
export const MANAGERS_ABOVE = `
  select manager_id as id, 1 as height, array[id] as below from users where org_id = :orgId and id = :userId
  union all
  select u.manager_id, a.height + 1, a.below || u.id from above a join users u on u.id = a.id where not u.id = any(a.below)`

/**
 * The chain of managers above a person, nearest first, in one statement. Old data can hold a circle; nobody stands in the
 * chain twice, and a person is never their own manager.
 */
export async function listManagersAbove(db: Db, orgId: string, userId: string): Promise<User[]> {
  return rowsOf(
    db,
    `with recursive above as (${MANAGERS_ABOVE})
     select ${COLUMNS} from above a join users u on u.id = a.id where u.org_id = :orgId and not u.id = any(a.below) order by a.height`,
    { orgId, userId },
  )
}

/** Does this person stand above the other, or are they the same? */
export async function isAbove(db: Db, userId: string, otherId: string): Promise<boolean> {
  const found = await rowsOf(
    db,
    `with recursive above as (select :otherId::uuid as id union select u.manager_id from above a join users u on u.id = a.id)
     select id from above where id = :userId`,
    { userId, otherId },
  )
  return found.length > 0
}

/** @param without who does not count */
export async function countActiveAdmins(db: Db, orgId: string, without: string): Promise<number> {
  const [row] = await db('users')
    .where({ orgId, role: 'ADMIN', isActive: true })
    .whereNot({ id: without })
    .count<{ count: number }[]>()
  return row?.count ?? 0
}

/** Who stands behind a session now; undefined once it ended or the person was deactivated. */
export async function findActor(db: Db, sessionId: string): Promise<Actor | undefined> {
  const [actor] = await preparedRowsOf<Actor>(
    db,
    'find_actor',
    `select u.id, u.org_id, u.role, u.email, u.full_name, s.id as session_id, s.scopes,
       coalesce(u.locale, o.locale) as locale
     from sessions s join users u on u.id = s.user_id join organisations o on o.id = u.org_id
     where s.id = :sessionId and s.ended_at is null and u.is_active`,
    { sessionId },
  )
  return actor
}

/** Somebody who acts without a session: by a link that only they were sent. */
export async function findActiveActor(db: Db, orgId: string, id: string): Promise<Actor | undefined> {
  const found = await db('users')
    .where({ orgId, id, isActive: true })
    .first('id', 'orgId', 'role', 'email', 'fullName')
  return found && { ...found, sessionId: '' }
}

/** Whether they are active or not. */
export async function findUserByExternalId(
  db: Db,
  orgId: string,
  externalId: string,
): Promise<User | undefined> {
  return db('users').where({ orgId, externalId }).first(columnsOf(User))
}

/** Somebody for whom a program acts. @param who their id, or what they are called in the system that they come from */
export async function findRepresented(
  db: Db,
  orgId: string,
  who: { id: string } | { externalId: string },
): Promise<Actor | undefined> {
  const column = 'id' in who ? 'id' : 'external_id'
  const [found] = await preparedRowsOf<Omit<Actor, 'sessionId'>>(
    db,
    `find_represented_by_${column}`,
    `select u.id, u.org_id, u.role, u.email, u.full_name, coalesce(u.locale, o.locale) as locale
     from users u join organisations o on o.id = u.org_id where u.org_id = :orgId and u.${column} = :who and u.is_active`,
    { orgId, who: 'id' in who ? who.id : who.externalId },
  )
  return found && { ...found, sessionId: '' }
}

/** Of all organisations. Waits for nobody who keeps the sessions locked (migration 0060). */
export async function listSessionsEndedSince(db: Db, since: Date): Promise<string[]> {
  const ended: { sessionId: string }[] = await db('endedSessions')
    .where('endedAt', '>', since)
    .select('sessionId')
  return ended.map(({ sessionId }) => sessionId)
}

export async function findLiveSession(
  db: Db,
  userId: string,
  id: string,
  now: Date,
): Promise<SessionRow | undefined> {
  return liveSessionsOf(db, userId, now).where({ id }).first()
}

const liveSessionsOf = (db: Db, userId: string, now: Date) =>
  db('sessions').where({ userId }).whereNull('endedAt').where('expiresAt', '>', now)

/** Those that live, newest first. */
export async function listSessions(
  { db, now }: Pick<Reading, 'db' | 'now'>,
  actor: Actor,
  part: PagePart,
): Promise<Listed<Session>> {
  const { items, next } = await readPage<Omit<Session, 'isCurrent'>>(
    liveSessionsOf(db, actor.id, now),
    columnsOf(Session).filter((column) => column !== 'isCurrent'),
    NEWEST_FIRST,
    part,
  )
  return { items: items.map((row) => ({ ...row, isCurrent: row.id === actor.sessionId })), next }
}
