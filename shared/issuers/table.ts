// Every write and row lock of issuers. Private to the domain.

import { violatedUnique, type Db } from '../kit/store/db.ts'
import { conflict } from '../kit/declare/errors.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { Issuer } from './schema.ts'

/** With what it is known by, sealed. */
export interface IssuerRow extends Omit<Issuer, 'hasSharedSecret' | 'hasClientSecret'> {
  orgId: string
  sharedSecret: string | null
  clientSecret: string | null
}

const PLAIN = columnsOf(Issuer).filter((column) => !column.startsWith('has'))
export const ISSUER_COLUMNS: readonly string[] = [...PLAIN, 'orgId', 'sharedSecret', 'clientSecret']

const asColumns = ({ claims, roleMap, ...plain }: Partial<IssuerRow>): object => ({
  ...plain,
  ...(claims && { claims: JSON.stringify(claims) }),
  ...(roleMap && { roleMap: JSON.stringify(roleMap) }),
})

/** @throws AppError 409 */
export async function insertIssuer(db: Db, row: IssuerRow): Promise<IssuerRow> {
  return written(
    db('issuers')
      .insert(asColumns(row))
      .returning([...ISSUER_COLUMNS]),
  )
}

/** @throws AppError 409 */
export async function updateIssuer(db: Db, id: string, patch: Partial<IssuerRow>): Promise<IssuerRow> {
  return written(
    db('issuers')
      .where({ id })
      .update(asColumns(patch))
      .returning([...ISSUER_COLUMNS]),
  )
}

async function written(query: PromiseLike<IssuerRow[]>): Promise<IssuerRow> {
  try {
    const [row] = await query
    if (!row) throw new Error('The row of the issuer is gone.')
    return row
  } catch (error) {
    if (violatedUnique(error)?.includes('audience'))
      throw conflict(
        'Tokens of this issuer with this audience open something already: choose another audience',
      )
    throw error
  }
}

export async function lockIssuer(db: Db, orgId: string, id: string): Promise<IssuerRow | undefined> {
  return db('issuers')
    .where({ orgId, id })
    .forUpdate()
    .first(...ISSUER_COLUMNS)
}

export async function deleteIssuer(db: Db, id: string): Promise<void> {
  await db('issuers').where({ id }).delete()
}

/** Those with something sealed that does not begin so. */
export async function lockIssuersNotMarked(db: Db, mark: string, limit: number): Promise<IssuerRow[]> {
  return db('issuers')
    .whereRaw('(not starts_with(shared_secret, :mark) or not starts_with(client_secret, :mark))', {
      mark: `${mark}.`,
    })
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .select(...ISSUER_COLUMNS)
}
