// Tokens of issuers, as a process knows them: each is verified once, and opens one session for as long as it lives.
// Promise: a token opens what its person may do now, and nothing once its session has ended; who that is, whoever asks reads by
// the session, as of any other.

import { createHash } from 'node:crypto'
import { unauthorized } from '../kit/declare/errors.ts'
import { openSealed } from '../kit/outside/sealed-text.ts'
import { rememberValue } from '../kit/process/remember-value.ts'
import type { Runtime } from '../kit/process/runtime.ts'
import { makeChange, type Origin } from '../kit/store/change.ts'
import { retryOnOutage } from '../kit/store/retry-on-outage.ts'
import { DAY, plusMs } from '../kit/time/time.ts'
import { hasSession } from '../users/issuer-sessions.ts'
import { openSessionOf } from './actions/open-session.ts'
import { KeySets } from './key-sets.ts'
import { readPem, readSecret, type VerificationKey } from './public-keys.ts'
import { findIssuer, type SignInIssuer } from './queries.ts'
import type { TokenClaims } from './rules.ts'
import { aboutSecret } from './secrets.ts'
import type { IssuerRow } from './table.ts'
import { NOT_VALID, readAnnounced, verifyToken } from './verify.ts'

/** At some 200 bytes each. */
const REMEMBERED = 20_000

interface AdmittedToken {
  sessionId: string
  expiresAt: Date
}

export class IssuerTokens {
  readonly #runtime: Runtime
  readonly #keySets: KeySets
  readonly #admitted = new Map<string, AdmittedToken>()

  constructor(runtime: Runtime) {
    this.#runtime = runtime
    this.#keySets = new KeySets(runtime)
  }

  /** @returns which session it opens; whether that has ended, its caller asks. @throws AppError 401, 503 */
  async admit(token: string, origin: Origin): Promise<AdmittedToken> {
    const digest = createHash('sha256').update(token).digest()
    const name = digest.toString('base64url')
    const known = this.#admitted.get(name) ?? (await this.#open(token, uuidOf(digest), origin))
    if (known.expiresAt <= this.#runtime.clock.now()) throw unauthorized('The access token has expired')
    rememberValue(this.#admitted, name, known, REMEMBERED)
    return known
  }

  async #open(token: string, sessionId: string, origin: Origin): Promise<AdmittedToken> {
    const { db, clock, shares } = this.#runtime
    const ask = <T>(read: () => Promise<T>): Promise<T> =>
      shares.hold({ part: 'callers' }, () => retryOnOutage(read))
    const { issuer: named, audiences, kid } = readAnnounced(token)
    const issuer = await ask(() => findIssuer(db, named, audiences))
    if (!issuer) throw unauthorized(NOT_VALID)
    const claims = await verifyToken(token, await this.#keysOf(issuer, kid), issuer, clock.now())
    const times = lifeOf(claims)
    if (!(await ask(() => hasSession(db, sessionId))))
      await makeChange(this.#runtime, { ...origin, orgId: issuer.orgId }, (change) =>
        openSessionOf(change, issuer, claims, { sessionId, ...times }),
      )
    return { sessionId, expiresAt: times.expiresAt }
  }

  /** What a token says that an issuer gave us when somebody signed in with it. @throws AppError 401, 503 */
  async readSignIn(issuer: SignInIssuer, token: string): Promise<TokenClaims> {
    const keys = await this.#keysOf(issuer, readAnnounced(token).kid)
    const expected = { issuer: issuer.issuer, audience: issuer.clientId }
    return verifyToken(token, keys, expected, this.#runtime.clock.now())
  }

  async #keysOf({ id, jwksUrl, publicKey, sharedSecret }: IssuerRow, kid: string | undefined) {
    if (jwksUrl !== null) return this.#keySets.find(jwksUrl, kid)
    const secret = sharedSecret && openSealed(this.#runtime.config, aboutSecret(id), sharedSecret)
    const key: VerificationKey | undefined = publicKey
      ? readPem(publicKey)
      : secret
        ? readSecret(secret)
        : undefined
    return key ? [key] : []
  }
}

/** It is believed for a day at most. */
function lifeOf({ iat, exp }: TokenClaims): { issuedAt: Date; expiresAt: Date } {
  const [issuedAt, end] = [iat, exp].map((seconds) => new Date(Number(seconds) * 1000))
  if (!issuedAt || !end) throw unauthorized(NOT_VALID)
  const longest = plusMs(issuedAt, DAY)
  return { issuedAt, expiresAt: end < longest ? end : longest }
}

/** The session of a token is the same in every process, and stays the one that has ended. */
function uuidOf(digest: Buffer): string {
  const hex = digest.toString('hex')
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return groups.join('-')
}
