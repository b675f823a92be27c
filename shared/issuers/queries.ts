// Reads of issuers for doors, and for whoever is shown one of their tokens.

import { NEWEST_FIRST, readPage, type Listed, type PagePart } from '../kit/store/keyset.ts'
import type { Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import type { Issuer, SignInOffer } from './schema.ts'
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
export function publicOf({ orgId: _, sharedSecret, clientSecret, ...row }: IssuerRow): Issuer {
  return { ...row, hasSharedSecret: sharedSecret !== null, hasClientSecret: clientSecret !== null }
}

/** More would be no choice. */
const MOST_OFFERED = 50

/** Of all organisations: with which issuers people sign in on our pages. */
export async function listSignInOffers(db: Db): Promise<SignInOffer[]> {
  const offered: Pick<IssuerRow, 'id' | 'name'>[] = await db('issuers')
    .where({ isEnabled: true })
    .whereNotNull('clientId')
    .orderBy(['name', 'id'])
    .limit(MOST_OFFERED)
    .select('id', 'name')
  return offered.map(({ id, name }) => ({ name, start: signInAddress(id, 'start') }))
}

/** One with which people sign in on our pages. @throws AppError 404 */
export async function getSignInIssuer(db: Db, id: string): Promise<SignInIssuer> {
  const issuer: IssuerRow | undefined = await db('issuers')
    .where({ id, isEnabled: true })
    .first(...ISSUER_COLUMNS)
  if (!issuer || issuer.clientId === null) throw notFound('Issuer')
  return { ...issuer, clientId: issuer.clientId }
}

export type SignInIssuer = IssuerRow & { clientId: string }

export const SIGN_IN_PATH = '/auth/oidc'
export const signInAddress = (issuerId: string, step: 'start' | 'callback' | 'end'): string =>
  `${SIGN_IN_PATH}/${issuerId}/${step}`

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
