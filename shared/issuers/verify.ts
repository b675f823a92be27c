// Verifying tokens of issuers. The only importer of jose.

import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { unauthorized } from '../kit/declare/errors.ts'
import type { VerificationKey } from './public-keys.ts'
import type { TokenClaims } from './rules.ts'

/** Seconds that another's clock may be ahead. */
const LEEWAY = 30
/** A token that lives longer is believed for so long. */
const LONGEST_LIFE = '24h'
/** Of a set whose keys a token does not tell apart. */
const MOST_TRIED = 10

export const NOT_VALID = 'The access token is not valid'

/** What a token says before anybody verified it. */
interface Announced {
  issuer: string
  audiences: readonly string[]
  kid: string | undefined
}

/** @throws AppError 401 for what is no token */
export function readAnnounced(token: string): Announced {
  try {
    const { iss = '', aud = [] } = decodeJwt(token)
    const { kid } = decodeProtectedHeader(token)
    return { issuer: iss, audiences: Array.isArray(aud) ? aud : [aud], kid }
  } catch {
    throw unauthorized(NOT_VALID)
  }
}

/** @returns what it says. @throws AppError 401 */
export async function verifyToken(
  token: string,
  keys: readonly VerificationKey[],
  expected: { issuer: string; audience: string },
  now: Date,
): Promise<TokenClaims> {
  for (const { key, algorithms } of keys.slice(0, MOST_TRIED)) {
    try {
      const { payload } = await jwtVerify(token, key, {
        ...expected,
        algorithms: [...algorithms],
        clockTolerance: LEEWAY,
        maxTokenAge: LONGEST_LIFE,
        requiredClaims: ['exp'],
        currentDate: now,
      })
      return payload
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthorized('The access token has expired')
    }
  }
  throw unauthorized(NOT_VALID)
}
