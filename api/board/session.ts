// Who sits in front of the queue board. The cookie holds an access token and nothing else: 15 minutes after the last look
// it opens nothing, a stolen one is worth no more than any access token, and there is no second kind of token to guard.
// While somebody looks it is renewed, for a working day at most; a logout, a new role or a deactivation holds at once.

import type { CookieOptions, Request, RequestHandler, Response } from 'express'
import { makeChange, makeReading, type Change, type Reading } from '../../shared/kit/store/change.ts'
import { forbidden, unauthorized } from '../../shared/kit/declare/errors.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { HOUR, plusMs } from '../../shared/kit/time/time.ts'
import { endSession, type IssuedTokens } from '../../shared/users/actions/sessions.ts'
import { signIn } from '../../shared/users/actions/sign-in.ts'
import { readChallenge, signInByCode } from '../../shared/users/actions/second-factor.ts'
import type { SecondStep } from '../../shared/users/schema.ts'
import { findLiveSession } from '../../shared/users/queries.ts'
import { accountNameOf } from '../../shared/users/accounts.ts'
import type { Actor, Role } from '../../shared/organisations/roles.ts'
import { signAccessToken, verifyAccessToken } from '../../shared/users/tokens.ts'
import { actorOfToken } from '../http/auth.ts'
import { cookieOf } from '../http/cookies.ts'
import type { KnownSessions } from '../http/known-sessions.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import { originOf } from '../http/origin.ts'
import { findOperator, operatesInstallation } from '../../shared/organisations/queries.ts'

export const BOARD_PATH = '/admin/queues'
const COOKIE = 'bellhop_board'
const WORKING_DAY = 10 * HOUR
const BOARD_ROLES: readonly Role[] = ['ADMIN', 'SUPERVISOR']

/** The queues hold the jobs of every organisation, so only the operator's own people look into them. @throws AppError 403 */
async function mustOperate(
  reading: Pick<Reading, 'db' | 'config'>,
  { orgId, role }: { orgId: string; role: Role },
): Promise<void> {
  if (BOARD_ROLES.includes(role) && (await operatesInstallation(reading, orgId))) return
  throw forbidden(
    'The queues are open to ADMINs and SUPERVISORs of the organisation that operates this installation.',
  )
}

/** Somebody who may not look gets no session either. @throws AppError 401, 403, 429 */
export async function signInToBoard(
  runtime: Runtime,
  limits: RequestLimits,
  req: Request,
  res: Response,
  ask: { email: string; password: string },
): Promise<void> {
  const attempt = await limits.beginSignIn(await accountNameOf(runtime.db, ask.email), req.address)
  const operator = await findOperator(runtime.db, runtime.config.BOARD_ORGANISATION)
  const said = { emailOrPhone: ask.email, password: ask.password, preferredOrg: operator?.slug }
  await attempt.follow(async () =>
    keep(
      runtime,
      req,
      res,
      await enter(runtime, req, (change) => signIn(change, said, req.get('user-agent'))),
    ),
  )
}

/** The second step. @throws AppError 401, 403, 429 */
export async function signInToBoardByCode(
  runtime: Runtime,
  limits: RequestLimits,
  req: Request,
  res: Response,
  ask: SecondStep,
): Promise<void> {
  const { id } = await makeReading(runtime, (reading) => readChallenge(reading, ask.challenge))
  const attempt = await limits.beginSignIn(id, req.address)
  await attempt.follow(async () =>
    keep(
      runtime,
      req,
      res,
      await enter(runtime, req, (change) => signInByCode(change, ask, req.get('user-agent'))),
    ),
  )
}

/** @returns the access token of somebody who may look */
async function enter(
  runtime: Runtime,
  req: Request,
  prove: (change: Change) => Promise<IssuedTokens>,
): Promise<string> {
  return makeChange(runtime, originOf(req), async (change) => {
    const { user, accessToken } = await prove(change)
    await mustOperate(change, user)
    return accessToken
  })
}

/** @throws AppError 401 without a session, 403 when its person may not look */
export async function boardUserOf(
  runtime: Runtime,
  sessions: KnownSessions,
  req: Request,
  res: Response,
): Promise<Actor> {
  const token = cookieOf(req, COOKIE)
  if (!token) throw unauthorized('Nobody is signed in')
  const actor = await actorOfToken(runtime, sessions, token)
  await mustOperate(runtime, actor)
  await renew(runtime, req, res, actor, token)
  return actor
}

async function renew(
  runtime: Runtime,
  req: Request,
  res: Response,
  actor: Actor,
  token: string,
): Promise<void> {
  const now = runtime.clock.now()
  const { exp } = verifyAccessToken(runtime.config, token, now)
  if (exp * 1000 - now.getTime() > runtime.config.ACCESS_TOKEN_TTL / 2) return
  const session = await findLiveSession(runtime.db, actor.id, actor.sessionId, now)
  if (!session || now >= plusMs(session.createdAt, WORKING_DAY)) return
  const claims = {
    sub: actor.id,
    org: actor.orgId,
    role: actor.role,
    email: actor.email,
    sid: actor.sessionId,
  }
  keep(runtime, req, res, signAccessToken(runtime.config, claims, now).token)
}

export async function signOutOfBoard(
  runtime: Runtime,
  req: Request,
  res: Response,
  actor: Actor,
): Promise<void> {
  await makeChange(runtime, originOf(req), (change) => endSession(change, actor, actor.sessionId))
  res.clearCookie(COOKIE, cookieOptions(req))
}

function keep(runtime: Runtime, req: Request, res: Response, token: string): void {
  res.cookie(COOKIE, token, { ...cookieOptions(req), maxAge: runtime.config.ACCESS_TOKEN_TTL })
}

const cookieOptions = (req: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  secure: req.secure,
  path: BOARD_PATH,
})

/**
 * A browser says where a write comes from. Beside SameSite=Strict, because other subdomains are the same site.
 * Over plain http there is no Sec-Fetch-Site, and Origin has to do.
 */
export const sameOriginWrites: RequestHandler = (req, _res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD') return next()
  const site = req.get('sec-fetch-site')
  if (site ? site === 'same-origin' : hostOf(req.get('origin')) === req.host) return next()
  throw forbidden('The request comes from another page')
}

function hostOf(origin: string | undefined): string | undefined {
  return origin && URL.canParse(origin) ? new URL(origin).host : undefined
}
