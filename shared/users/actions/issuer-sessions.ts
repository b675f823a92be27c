// Sessions that tokens of issuers open: each token has its own, and it ends with the token, by hand, or with the person.

import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import type { User } from '../schema.ts'
import { insertSession } from '../table/sessions.ts'

export interface IssuerSession {
  /** The same for the same token. */
  sessionId: string
  issuerId: string
  /** What the organisation calls it. */
  issuerName: string
  issuedAt: Date
  expiresAt: Date
}

/** Twice is once. @param isPresent with the token before: then this is no sign-in that the audit has to know of */
export async function openIssuerSession(
  change: Change,
  { id: userId, orgId }: Pick<User, 'id' | 'orgId'>,
  { sessionId: id, issuerId, issuerName, issuedAt, expiresAt }: IssuerSession,
  isPresent: boolean,
): Promise<void> {
  const isNew = await insertSession(change.db, {
    id,
    orgId,
    userId,
    issuerId,
    userAgent: issuerName,
    ip: change.origin.ip ?? null,
    createdAt: issuedAt,
    lastUsedAt: change.now,
    expiresAt,
    endedAt: null,
  })
  if (!isNew || isPresent) return
  recordAudit(change, {
    orgId,
    actorId: userId,
    action: 'login',
    entity: 'session',
    entityId: id,
    metadata: { issuerId },
  })
}
