// A token that was verified opens a session of the person whom it means.

import type { Change } from '../../kit/store/change.ts'
import { HOUR, plusMs } from '../../kit/time/time.ts'
import { openIssuerSession, type IssuerSession } from '../../users/actions/issuer-sessions.ts'
import { findIssuerStanding } from '../../users/issuer-sessions.ts'
import type { TokenClaims } from '../rules.ts'
import type { IssuerRow } from '../table.ts'
import { recogniseBearer } from './recognise.ts'

/** Whoever comes with the next token within this time was here all along. */
const ABSENCE = HOUR

/** @throws AppError 401 where it means nobody who is let in */
export async function openSessionOf(
  change: Change,
  issuer: IssuerRow,
  claims: TokenClaims,
  token: Pick<IssuerSession, 'sessionId' | 'issuedAt' | 'expiresAt'>,
): Promise<void> {
  const times = { since: plusMs(change.now, -ABSENCE), issuedAt: token.issuedAt }
  const standing = (userId: string) => findIssuerStanding(change.db, userId, issuer.id, times)
  const user = await recogniseBearer(
    change,
    issuer,
    claims,
    async ({ id }) => (await standing(id)).isOvertaken,
  )
  const { isPresent } = await standing(user.id)
  const session = { ...token, issuerId: issuer.id, issuerName: issuer.name }
  await openIssuerSession(change, user, session, isPresent)
}
