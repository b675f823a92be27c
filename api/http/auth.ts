// Who asks. The token names a session, and known-sessions.ts who stands behind it now, so that a logout, a new role or a
// deactivation holds from the next request on.

import type { Request } from 'express'
import { unauthorized } from '../../shared/kit/declare/errors.ts'
import { bearerTokenIn } from '../../shared/kit/outside/bearer.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { mustAllow } from '../../shared/integrations/scopes.ts'
import { KEY_PREFIX } from '../../shared/integrations/schema.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import type { IssuerTokens } from '../../shared/issuers/issuer-tokens.ts'
import { readAccessToken, verifyAccessToken } from '../../shared/users/tokens.ts'
import type { KnownSessions } from './known-sessions.ts'
import { originOf } from './origin.ts'

/** @throws AppError 401, or 503 where the keys of a token's issuer cannot be had */
export async function authenticateRequest(
  { runtime: { config, clock }, sessions, issuerTokens }: Door,
  req: Request,
): Promise<Actor> {
  const token = bearerOf(req)
  if (!token) throw unauthorized('An access token is missing (Authorization: Bearer …)')
  const claims = readAccessToken(config, token, clock.now())
  if (claims) return actorOfSession(sessions, claims.sid, new Date(claims.exp * 1000))
  const { sessionId, expiresAt } = await issuerTokens.admit(token, originOf(req))
  return actorOfSession(sessions, sessionId, expiresAt)
}

interface Door {
  runtime: Runtime
  sessions: KnownSessions
  issuerTokens: IssuerTokens
}

/** The key that a program came with. */
export function keyOf(req: Request): string | undefined {
  return [req.get('x-api-key'), bearerOf(req)].find((each) => each?.startsWith(KEY_PREFIX))
}

const bearerOf = (req: Request): string | undefined => bearerTokenIn(req.get('authorization') ?? '')

/** Only one of ours: such as stand in our cookies. @throws AppError 401 */
export async function actorOfToken(
  { config, clock }: Runtime,
  sessions: KnownSessions,
  token: string,
): Promise<Actor> {
  const { sid, exp } = verifyAccessToken(config, token, clock.now())
  const actor = await actorOfSession(sessions, sid, new Date(exp * 1000))
  mustAllow(actor, undefined)
  return actor
}

/** @throws AppError 401 */
async function actorOfSession(
  sessions: KnownSessions,
  sessionId: string,
  tokenExpiresAt: Date,
): Promise<Actor> {
  const actor = await sessions.find(sessionId)
  if (!actor) throw unauthorized('The session has ended')
  return { ...actor, tokenExpiresAt }
}
