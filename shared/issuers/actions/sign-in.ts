// A sign-in with an issuer, on our own pages: the person whom its token means gets a session of ours.

import type { Change } from '../../kit/store/change.ts'
import { beginSession, type IssuedTokens } from '../../users/actions/sessions.ts'
import { findIssuerStanding } from '../../users/issuer-sessions.ts'
import type { TokenClaims } from '../rules.ts'
import type { IssuerRow } from '../table.ts'
import { recogniseBearer } from './recognise.ts'

/** A second factor is the issuer's affair. @throws AppError 401 where it means nobody who is let in */
export async function signInWithIssuer(
  change: Change,
  issuer: IssuerRow,
  claims: TokenClaims,
  userAgent?: string,
): Promise<IssuedTokens> {
  const issuedAt = new Date(Number(claims['iat']) * 1000)
  const user = await recogniseBearer(change, issuer, claims, async ({ id }) => {
    const times = { since: change.now, issuedAt }
    return (await findIssuerStanding(change.db, id, issuer.id, times)).isOvertaken
  })
  return beginSession(change, user, userAgent, issuer.id)
}
