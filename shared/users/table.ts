// Every write and row lock of people. Private to the domain.

import { askOnce } from '../kit/store/ask-together.ts'
import { preparedRowsOf, toSnakeCase, type Db, violatedUnique } from '../kit/store/db.ts'
import { conflict } from '../kit/declare/errors.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { User, type PersonFields } from './schema.ts'

type UserColumns = PersonFields & Contact & { orgId: string; passwordHash: string | null }

/**
 * Where a guest says that they are reached. Proves nothing: it signs nobody in, stands in nobody's way, and
 * nothing is sent to it by itself.
 */
export interface Contact {
  contactEmail: string | null
  contactPhone: string | null
}

export async function insertUser(
  db: Db,
  user: Partial<UserColumns> & Pick<UserColumns, 'id' | 'orgId' | 'email' | 'fullName' | 'role'>,
  now: Date,
): Promise<User> {
  return writeUser(
    db('users')
      .insert({ ...user, createdAt: now, updatedAt: now })
      .returning(columnsOf(User)),
  )
}

export async function updateUser(db: Db, id: string, patch: Partial<UserColumns>, now: Date): Promise<User> {
  return writeUser(
    db('users')
      .where({ id })
      .update({ ...patch, updatedAt: now })
      .returning(columnsOf(User)),
  )
}

async function writeUser(query: PromiseLike<User[]>): Promise<User> {
  try {
    const [user] = await query
    if (!user) throw new Error('The row of the user is gone.')
    return user
  } catch (error) {
    throw uniqueConflict(error) ?? error
  }
}

function uniqueConflict(error: unknown): Error | undefined {
  const unique = violatedUnique(error)
  if (unique?.includes('email')) return conflict('This e-mail address is taken')
  if (unique?.includes('phone')) return conflict('This phone number is taken')
  return unique?.includes('external_id') ? conflict('This external id is taken') : undefined
}

/** In one statement. */
const MANY = 2000
const PLAIN_COLUMNS = [
  'id uuid',
  'external_id text',
  'email text',
  'phone text',
  'full_name text',
  'user_segment text',
  'position_level text',
  'department text',
  'locale text',
]
const NEW_COLUMNS = [...PLAIN_COLUMNS, 'role text', 'is_active boolean']
const namesOf = (columns: readonly string[]): string[] => columns.map((column) => column.split(' ')[0] ?? '')

/** As JSON, so that a statement has one parameter and not thousands. */
function* chunksOf(people: readonly PersonFields[]): Generator<string> {
  for (let at = 0; at < people.length; at += MANY)
    yield JSON.stringify(
      people
        .slice(at, at + MANY)
        .map((person) =>
          Object.fromEntries(Object.entries(person).map(([key, value]) => [toSnakeCase(key), value])),
        ),
    )
}

/** Managers last: they may be anywhere among them. */
export async function insertUsers(
  db: Db,
  orgId: string,
  people: readonly PersonFields[],
  now: Date,
): Promise<void> {
  const names = namesOf(NEW_COLUMNS).join(', ')
  await writeMany(db, people, (rows) => [
    `insert into users (org_id, created_at, updated_at, ${names})
       select :orgId, :now, :now, ${names} from jsonb_to_recordset(:rows) as p(${NEW_COLUMNS.join(', ')})`,
    { orgId, now, rows },
  ])
  await writeMany(
    db,
    people.filter(({ managerId }) => managerId !== null),
    (rows) => [
      `update users u set manager_id = p.manager_id from jsonb_to_recordset(:rows) as p(id uuid, manager_id uuid)
        where u.id = p.id and u.org_id = :orgId`,
      { orgId, rows },
    ],
  )
}

export async function updatePlainly(
  db: Db,
  orgId: string,
  people: readonly PersonFields[],
  now: Date,
): Promise<void> {
  const columns = namesOf(PLAIN_COLUMNS).filter((name) => name !== 'id')
  await writeMany(db, people, (rows) => [
    `update users u set updated_at = :now, ${columns.map((name) => `${name} = p.${name}`).join(', ')}
       from jsonb_to_recordset(:rows) as p(${PLAIN_COLUMNS.join(', ')}) where u.id = p.id and u.org_id = :orgId`,
    { orgId, now, rows },
  ])
}

async function writeMany(
  db: Db,
  people: readonly PersonFields[],
  statement: (rows: string) => [sql: string, bindings: Record<string, string | Date>],
): Promise<void> {
  try {
    for (const rows of chunksOf(people)) await db.raw(...statement(rows))
  } catch (error) {
    throw uniqueConflict(error) ?? error
  }
}

/** Serialises changes to one person: a session that begins waits for a deactivation, and the other way round. */
export async function lockUser(db: Db, orgId: string, id: string): Promise<User | undefined> {
  return db('users').where({ orgId, id }).forUpdate().first(columnsOf(User))
}

/** The same, for whoever only needs that they stay as they are: two such do not wait for each other. */
export async function lockUserShared(db: Db, orgId: string, id: string): Promise<User | undefined> {
  return db('users').where({ orgId, id }).forShare().first(columnsOf(User))
}

/**
 * Who reports to whom, who may decide and who is an ADMIN changes one at a time in an organisation: two halves of a circle, and two
 * ADMINs who dismiss each other, must see each other.
 */
export async function lockHierarchy(db: Db, orgId: string): Promise<void> {
  await db.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`hierarchy ${orgId}`])
}

/** Nobody changes it until the end of this transaction. */
export const lockHierarchyShared = askOnce(
  (orgId: string) => orgId,
  async (db, orgId) => {
    await preparedRowsOf(
      db,
      'lock_hierarchy',
      'select pg_advisory_xact_lock_shared(hashtextextended(:hierarchy, 0))',
      { hierarchy: `hierarchy ${orgId}` },
    )
  },
)

/**
 * Who came before then, longest ago first, and was not looked at yet; whoever is being changed right now is
 * passed over. Their own messages, which refer to the row, do not wait for it.
 */
export async function lockUnprovenGuests(
  db: Db,
  before: Date,
  limit: number,
): Promise<Pick<User, 'id' | 'orgId'>[]> {
  return db('users')
    .where({ role: 'GUEST', isActive: true, isKept: false })
    .where('createdAt', '<', before)
    .orderBy(['createdAt', 'id'])
    .limit(limit)
    .forNoKeyUpdate()
    .skipLocked()
    .select('id', 'orgId')
}

export async function setKept(db: Db, ids: readonly string[]): Promise<void> {
  await db('users')
    .whereIn('id', [...ids])
    .update({ isKept: true })
}
