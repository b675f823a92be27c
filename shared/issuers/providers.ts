// Signing in with an OpenID provider: code flow with PKCE, state and nonce. The only importer of openid-client.
// Promise: whatever is asked of a provider goes through the guard of outgoing requests, and its token is verified by the keys that the
// issuer is trusted by, as tokens that its people bring are.

import {
  authorizationCodeGrant,
  allowInsecureRequests,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type ClientAuth,
  type CustomFetch,
  type ServerMetadata,
} from 'openid-client'
import { AppError, unauthorized, unavailable } from '../kit/declare/errors.ts'
import { openSealed } from '../kit/outside/sealed-text.ts'
import { rememberValue } from '../kit/process/remember-value.ts'
import type { Runtime } from '../kit/process/runtime.ts'
import { MINUTE, plusMs } from '../kit/time/time.ts'
import type { SignInIssuer } from './queries.ts'
import type { TokenClaims } from './rules.ts'
import { aboutClientSecret } from './secrets.ts'

/** What was asked of a provider, which its answer has to fit. */
interface SignInSecrets {
  state: string
  nonce: string
  verifier: string
}

/** Asked of everybody: who they are, and their address and name. */
const SCOPE = 'openid email profile'
const FRESH = 10 * MINUTE
const MOST_PROVIDERS = 1000

interface Described {
  metadata: ServerMetadata
  until: Date
}

export class OpenidProviders {
  readonly #runtime: Pick<Runtime, 'clock' | 'config' | 'log' | 'outgoing'>
  readonly #described = new Map<string, Described>()

  constructor(runtime: Pick<Runtime, 'clock' | 'config' | 'log' | 'outgoing'>) {
    this.#runtime = runtime
  }

  /** @returns where a browser goes, and what its answer has to fit. @throws AppError 503 */
  async begin(issuer: SignInIssuer, redirectUri: string): Promise<{ address: URL; secrets: SignInSecrets }> {
    const secrets = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
    const client = await this.#clientOf(issuer)
    const challenge = await calculatePKCECodeChallenge(secrets.verifier)
    const address = buildAuthorizationUrl(client, {
      redirect_uri: redirectUri,
      scope: SCOPE,
      state: secrets.state,
      nonce: secrets.nonce,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })
    return { address, secrets }
  }

  /**
   * @param answer the address that the browser came back to
   * @returns the token that the provider gives, not verified yet, and what else it says of its person. @throws AppError 401, 503
   */
  async complete(
    issuer: SignInIssuer,
    answer: URL,
    { state, nonce, verifier }: SignInSecrets,
  ): Promise<{ idToken: string; more: TokenClaims }> {
    const client = await this.#clientOf(issuer)
    try {
      const tokens = await authorizationCodeGrant(client, answer, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
      const subject = tokens.claims()?.sub
      if (tokens.id_token === undefined || subject === undefined) throw new Error('it gives no token')
      const tells = client.serverMetadata().userinfo_endpoint !== undefined
      const more = tells ? await fetchUserInfo(client, tokens.access_token, subject) : {}
      return { idToken: tokens.id_token, more }
    } catch (error) {
      this.#runtime.log.info({ err: error, issuerId: issuer.id }, 'a sign-in with an issuer was refused')
      throw outageIn(error) ?? unauthorized('The sign-in with the issuer was not completed')
    }
  }

  /**
   * @param idToken what it gave at the sign-in; without it the provider may ask who is leaving
   * @returns where a browser ends what it has there; undefined: the provider has no such place. @throws AppError 503
   */
  async leave(issuer: SignInIssuer, backTo: string, idToken?: string): Promise<URL | undefined> {
    const client = await this.#clientOf(issuer)
    if (client.serverMetadata().end_session_endpoint === undefined) return undefined
    return buildEndSessionUrl(client, {
      post_logout_redirect_uri: backTo,
      ...(idToken !== undefined && { id_token_hint: idToken }),
    })
  }

  async #clientOf(issuer: SignInIssuer): Promise<Configuration> {
    const metadata = await this.#describe(issuer)
    const { config } = this.#runtime
    const secret =
      issuer.clientSecret === null
        ? undefined
        : openSealed(config, aboutClientSecret(issuer.id), issuer.clientSecret)
    const client = new Configuration(metadata, issuer.clientId, undefined, proofOf(metadata, secret))
    client[customFetch] = this.#fetch
    if (isInTheOpen(issuer)) allowInsecureRequests(client)
    return client
  }

  /** As it describes itself; asked again every ten minutes. @throws AppError 503 */
  async #describe(issuer: SignInIssuer): Promise<ServerMetadata> {
    const now = this.#runtime.clock.now()
    const known = this.#described.get(issuer.issuer)
    if (known && now < known.until) return known.metadata
    const found = await discovery(new URL(issuer.issuer), issuer.clientId, undefined, None(), {
      [customFetch]: this.#fetch,
      ...(isInTheOpen(issuer) && { execute: [allowInsecureRequests] }),
    }).catch((error: unknown) => {
      this.#runtime.log.warn({ err: error, issuerId: issuer.id }, 'an issuer does not describe itself')
      throw unavailable('The issuer cannot be reached right now')
    })
    const metadata = found.serverMetadata()
    rememberValue(this.#described, issuer.issuer, { metadata, until: plusMs(now, FRESH) }, MOST_PROVIDERS)
    return metadata
  }

  readonly #fetch: CustomFetch = async (url, { method, headers, body }) => {
    const answer = await this.#runtime.outgoing
      .ask(url, {
        method: method === 'POST' ? 'POST' : 'GET',
        headers,
        ...(body !== undefined && body !== null && { body: String(body) }),
      })
      .catch((error: unknown) => {
        throw Object.assign(unavailable('The issuer cannot be reached right now'), { cause: error })
      })
    const isEmpty = answer.code === 204 || answer.code === 304
    return new Response(isEmpty ? null : answer.body, { status: answer.code, headers: answer.headers })
  }
}

/** Only where OUTGOING_ALLOWED names it; everything else is refused when it is added, and by the guard. */
const isInTheOpen = ({ issuer }: SignInIssuer): boolean => new URL(issuer).protocol === 'http:'

function proofOf(
  { token_endpoint_auth_methods_supported: ways }: ServerMetadata,
  secret?: string,
): ClientAuth {
  if (secret === undefined) return None()
  return !ways || ways.includes('client_secret_basic') ? ClientSecretBasic(secret) : ClientSecretPost(secret)
}

/** The library wraps what its fetch throws. */
function outageIn(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  return error instanceof Error && error.cause !== undefined ? outageIn(error.cause) : undefined
}
