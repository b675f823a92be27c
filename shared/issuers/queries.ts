// Reads of issuers for doors, and for whoever is shown one of their tokens.

import { NEWEST_FIRST, readPage, type Listed, type PagePart } from '../kit/store/keyset.ts'
import type { Db } from '../kit/store/db.ts'
import type { Issuer } from './schema.ts'
import { ISSUER_COLUMNS, type IssuerRow } from './table.ts'

/** Newest first. */
export async function listIssuers(db: Db, orgId: string, part: PagePart): Promise<Listed<Issuer>> {
  const { items, next } = await readPage<IssuerRow>(
    db('issuers').where({ orgId }),
    ISSUER_COLUMNS,
    NEWEST_FIRST,
    part,
  )
  return { items: items.map(publicOf), next }
}

/** Without what nobody is shown. */
export function publicOf({ orgId: _, sharedSecret, ...row }: IssuerRow): Issuer {
  return { ...row, hasSharedSecret: sharedSecret !== null }
}

/** Of all organisations, whose token this says that it is. @returns undefined where it is nobody's, or that of several */
export async function findIssuer(
  db: Db,
  issuer: string,
  audiences: readonly string[],
): Promise<IssuerRow | undefined> {
  const found: IssuerRow[] = await db('issuers')
    .where({ issuer, isEnabled: true })
    .whereIn('audience', [...audiences])
    .limit(2)
    .select(...ISSUER_COLUMNS)
  return found.length === 1 ? found[0] : undefined
}
