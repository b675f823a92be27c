// Signing in with an issuer, by OpenID Connect: a browser goes there from /start, comes back to /callback, and the page that asked takes
// its session from /session. Whoever signs out here goes to /end, and from there to the issuer, which ends what they have with it.
// Promise: an answer counts once, in the browser that asked, and for the issuer that was asked; no token stands in an address; nobody is
// led anywhere but to a page of ours.

import { Router, type CookieOptions, type Request, type Response } from 'express'
import { AppError, notFound, unauthorized } from '../../shared/kit/declare/errors.ts'
import { compileSchema, shape, Type, type Static } from '../../shared/kit/declare/schema.ts'
import { openSealed, sealText } from '../../shared/kit/outside/sealed-text.ts'
import { publicUrl } from '../../shared/kit/outside/signature.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { makeChange } from '../../shared/kit/store/change.ts'
import { MINUTE, plusMs } from '../../shared/kit/time/time.ts'
import { signInWithIssuer } from '../../shared/issuers/actions/sign-in.ts'
import type { IssuerTokens } from '../../shared/issuers/issuer-tokens.ts'
import { OpenidProviders } from '../../shared/issuers/providers.ts'
import {
  getSignInIssuer,
  SIGN_IN_PATH,
  signInAddress,
  type SignInIssuer,
} from '../../shared/issuers/queries.ts'
import { refreshSession } from '../../shared/users/actions/sessions.ts'
import { sameOriginWrites } from '../board/session.ts'
import { cookieOf } from '../http/cookies.ts'
import { originOf } from '../http/origin.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import { bothSpellings } from '../routes/auth.ts'
import { issuerRefusedPage } from './issuer-sign-in-pages.ts'
import { countRequests, showPlain } from './link-pages.ts'
import { pageLocaleOf } from './page-locale.ts'

/** What was asked of the issuer, sealed, while the browser is there. */
const ASKED = 'bellhop_sign_in'
/** The refresh token of the new session, until the page takes it. */
const SIGNED_IN = 'bellhop_signed_in'
/** The token of the issuer, sealed, for the end of the sign-in there. */
const KEPT = 'bellhop_issuer_token'
/** Browsers keep 4096 bytes, name and path included. */
const MOST_KEPT = 3500
const PATIENCE = 10 * MINUTE
const TAKEN_WITHIN = MINUTE
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

const Asked = shape({
  state: Type.String(),
  nonce: Type.String(),
  verifier: Type.String(),
  /** A page of ours. */
  to: Type.String(),
  /** Milliseconds since 1970. */
  expiresAt: Type.Number(),
})
type Asked = Static<typeof Asked>
const checkAsked = compileSchema(Asked)
const aboutAsked = (issuerId: string): string => `sign-in ${issuerId}`
const aboutKept = (issuerId: string): string => `sign-out ${issuerId}`

interface Needs {
  runtime: Runtime
  tokens: IssuerTokens
  providers: OpenidProviders
}

export function issuerSignInRouter(runtime: Runtime, limits: RequestLimits, tokens: IssuerTokens): Router {
  const router = Router({ caseSensitive: true })
  const needs = { runtime, tokens, providers: new OpenidProviders(runtime) }
  const page =
    (work: (needs: Needs, req: Request, res: Response) => Promise<void>) =>
    (req: Request, res: Response): Promise<void> =>
      orRefused(runtime, req, res, () => work(needs, req, res))
  router.get('/:issuer/start', countRequests(limits), page(sendToIssuer))
  router.get('/:issuer/callback', countRequests(limits), page(takeAnswer))
  router.get('/:issuer/end', countRequests(limits), page(sendToLeave))
  router.post('/session', countRequests(limits), sameOriginWrites, async (req, res) => {
    res.json(await takeSession(runtime, req, res))
  })
  return router
}

async function sendToIssuer({ runtime, providers }: Needs, req: Request, res: Response): Promise<void> {
  const issuer = await issuerOf(runtime, req)
  const { address, secrets } = await providers.begin(issuer, redirectUri(runtime, issuer))
  const expiresAt = plusMs(runtime.clock.now(), PATIENCE).getTime()
  const asked: Asked = { ...secrets, to: pageOfOurs(String(req.query['to'] ?? '')), expiresAt }
  const sealed = sealText(runtime.config, aboutAsked(issuer.id), JSON.stringify(asked))
  res.cookie(ASKED, sealed, { ...askedCookie(req, issuer), maxAge: PATIENCE })
  res.redirect(303, address.href)
}

async function takeAnswer({ runtime, tokens, providers }: Needs, req: Request, res: Response): Promise<void> {
  const issuer = await issuerOf(runtime, req)
  const query = new URL(req.originalUrl, 'http://any').search
  // Whoever has left the issuer, too, comes back here, so that it has to know one address of ours.
  if (query === '') return res.redirect(303, '/')
  const asked = readAsked(runtime, issuer, cookieOf(req, ASKED))
  res.clearCookie(ASKED, askedCookie(req, issuer))
  const answer = new URL(redirectUri(runtime, issuer) + query)
  const { idToken, more } = await providers.complete(issuer, answer, asked)
  const claims = { ...more, ...(await tokens.readSignIn(issuer, idToken)) }
  const origin = { ...originOf(req), orgId: issuer.orgId }
  const { refreshToken } = await makeChange(runtime, origin, (change) =>
    signInWithIssuer(change, issuer, claims, req.get('user-agent')),
  )
  const kept = sealText(runtime.config, aboutKept(issuer.id), idToken)
  const maxAge = runtime.config.REFRESH_TOKEN_TTL
  if (kept.length <= MOST_KEPT) res.cookie(KEPT, kept, { ...keptCookie(req, issuer), maxAge })
  res.cookie(SIGNED_IN, refreshToken, { ...signedInCookie(req), maxAge: TAKEN_WITHIN })
  res.redirect(303, `${asked.to}#signed-in`)
}

/** The session of ours has ended before. A page of another site that leads here signs nobody out: it gets no cookie of ours. */
async function sendToLeave({ runtime, providers }: Needs, req: Request, res: Response): Promise<void> {
  const issuer = await issuerOf(runtime, req)
  const idToken = openSealed(runtime.config, aboutKept(issuer.id), cookieOf(req, KEPT) ?? '')
  res.clearCookie(KEPT, keptCookie(req, issuer))
  const address = await providers.leave(issuer, redirectUri(runtime, issuer), idToken)
  res.redirect(303, address?.href ?? '/')
}

/** Once: the token in the cookie is good once. @throws AppError 401, 403 */
async function takeSession(runtime: Runtime, req: Request, res: Response): Promise<object> {
  const refreshToken = cookieOf(req, SIGNED_IN)
  res.clearCookie(SIGNED_IN, signedInCookie(req))
  const signedIn = await makeChange(runtime, originOf(req), async (change) =>
    refreshToken === undefined ? undefined : refreshSession(change, refreshToken),
  )
  if (!signedIn) throw unauthorized('Nobody has just signed in here')
  return bothSpellings(signedIn)
}

function issuerOf({ db, shares }: Runtime, req: Request): Promise<SignInIssuer> {
  const id = String(req.params['issuer'])
  if (!UUID.test(id)) throw notFound('Issuer')
  return shares.hold({ part: 'links' }, () => getSignInIssuer(db, id))
}

const redirectUri = ({ config }: Runtime, { id }: SignInIssuer): string =>
  publicUrl(config) + signInAddress(id, 'callback')

/** @throws AppError 401 for one of another issuer, another browser, or of long ago */
function readAsked({ config, clock }: Runtime, { id }: SignInIssuer, sealed = ''): Asked {
  const text = openSealed(config, aboutAsked(id), sealed)
  const asked = text === undefined ? undefined : checkAsked(JSON.parse(text), 'cookie')
  if (!asked || clock.now().getTime() >= asked.expiresAt)
    throw unauthorized('This sign-in was not begun here, or too long ago')
  return asked
}

/** A path with what is asked of it, and nothing that a browser could take for another host. */
const pageOfOurs = (to: string): string => (/^\/(?![/\\])[\w\-./?=&%]*$/.test(to) ? to : '/')

/** Lax: the browser comes back from another site. */
const askedCookie = (req: Request, { id }: SignInIssuer): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  secure: req.secure,
  path: `${SIGN_IN_PATH}/${id}`,
})

const signedInCookie = (req: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  secure: req.secure,
  path: `${SIGN_IN_PATH}/session`,
})

const keptCookie = (req: Request, { id }: SignInIssuer): CookieOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  secure: req.secure,
  path: signInAddress(id, 'end'),
})

/** A person reads it: whatever refuses them is a page, with the way back. */
async function orRefused(
  runtime: Runtime,
  req: Request,
  res: Response,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    runtime.metrics.refusals.inc({ code: error.code })
    showPlain(res, error.status, issuerRefusedPage(pageLocaleOf(req), error))
  }
}
