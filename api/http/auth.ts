// Who asks. The token names a session, and known-sessions.ts who stands behind it now, so that a logout, a new role or a
// deactivation holds from the next request on.

import type { Request } from 'express'
import { unauthorized } from '../../shared/kit/declare/errors.ts'
import { bearerTokenIn } from '../../shared/kit/outside/bearer.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { KEY_PREFIX } from '../../shared/integrations/schema.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { verifyAccessToken } from '../../shared/users/tokens.ts'
import type { KnownSessions } from './known-sessions.ts'

/** @throws AppError 401 */
export async function authenticateRequest(
  runtime: Runtime,
  sessions: KnownSessions,
  req: Request,
): Promise<Actor> {
  const token = bearerOf(req)
  if (!token) throw unauthorized('An access token is missing (Authorization: Bearer …)')
  return actorOfToken(runtime, sessions, token)
}

/** The key that a program came with. */
export function keyOf(req: Request): string | undefined {
  return [req.get('x-api-key'), bearerOf(req)].find((each) => each?.startsWith(KEY_PREFIX))
}

const bearerOf = (req: Request): string | undefined => bearerTokenIn(req.get('authorization') ?? '')

/** @throws AppError 401 */
export async function actorOfToken(
  { config, clock }: Runtime,
  sessions: KnownSessions,
  token: string,
): Promise<Actor> {
  const claims = verifyAccessToken(config, token, clock.now())
  const actor = await sessions.find(claims.sid)
  if (!actor) throw unauthorized('The session has ended')
  return { ...actor, tokenExpiresAt: new Date(claims.exp * 1000) }
}
