// Accounts as whoever signs in names them, and what proves that it is theirs.

import { foldCase } from '../kit/text/fold.ts'
import { possibleNumbers, toE164 } from '../kit/text/phone.ts'
import { rowsOf, type Db } from '../kit/store/db.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import type { Credentials } from './account-links.ts'
import { findUser } from './queries.ts'
import { User, type PersonFields } from './schema.ts'

export type Account = Pick<User, 'id' | 'orgId' | 'isActive'> & {
  passwordHash: string | null
  org: string
  orgName: string
}

/**
 * For sign-in only: the one place where an address is looked up over all organisations. In each it is one person's.
 * @param emailOrPhone as somebody typed it
 */
export async function listAccounts(db: Db, emailOrPhone: string): Promise<Account[]> {
  const key = emailOrPhone.trim()
  const found: (Account & { email: string; phone: string | null; timezone: string })[] = await rowsOf(
    db,
    `select u.id, u.org_id, u.is_active, u.password_hash, u.email, u.phone, o.slug as org,
      o.name as org_name, o.timezone from users u join organisations o on o.id = u.org_id
     where u.email = :email or u.phone = any(:phones) order by o.slug`,
    { email: key.toLowerCase(), phones: [key, ...possibleNumbers(key)] },
  )
  return found.filter(
    ({ email, phone, timezone }) =>
      email === key.toLowerCase() || phone === key || phone === toE164(key, timezone),
  )
}

/** @param emailOrPhone as somebody typed it */
export async function findByEmailOrPhone(
  db: Db,
  orgId: string,
  emailOrPhone: string,
): Promise<User | undefined> {
  const account = (await listAccounts(db, emailOrPhone)).find((each) => each.orgId === orgId)
  return account && findUser(db, orgId, account.id)
}

/** One name for an account, whichever of its addresses is given: what failed sign-ins are counted by. */
export async function accountNameOf(db: Db, emailOrPhone: string): Promise<string> {
  return (await listAccounts(db, emailOrPhone))[0]?.id ?? foldCase(emailOrPhone).trim()
}

/** For links that are over when one of these changes; for nobody to see. */
export async function findCredentials(db: Db, userId: string): Promise<Credentials | undefined> {
  return db('users').where({ id: userId, isActive: true }).first('email', 'passwordHash')
}

/** Columns of a person that an import compares. */
const COMPARED = columnsOf(User).filter(
  (column) => !['orgId', 'mayBeInvited', 'createdAt', 'updatedAt'].includes(column),
)

/** Whoever works in the organisation, and of its customers those whom these keys may mean; guests come by themselves. */
export async function listForImport(
  db: Db,
  orgId: string,
  { emails, externalIds, phones }: { emails: string[]; externalIds: string[]; phones: string[] },
): Promise<PersonFields[]> {
  return db('users')
    .where({ orgId })
    .whereNot({ role: 'GUEST' })
    .whereRaw(
      `(role <> 'CUSTOMER' or email = any(:emails) or external_id = any(:externalIds) or phone = any(:phones))`,
      { emails, externalIds, phones },
    )
    .select(COMPARED)
}
