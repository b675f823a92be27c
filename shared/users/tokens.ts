// Tokens. The only importer of jsonwebtoken.
// An access token is a JWT of ACCESS_TOKEN_TTL; refresh tokens and socket tickets are random and stored hashed.

import { createHash, createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import jwt from 'jsonwebtoken'
import type { Config } from '../kit/process/config.ts'
import { unauthorized } from '../kit/declare/errors.ts'
import { HOUR } from '../kit/time/time.ts'
import { compileSchema, shape, Type } from '../kit/declare/schema.ts'
import { ROLES, type Role } from '../organisations/roles.ts'

type Keys = Pick<Config, 'JWT_SECRET' | 'ACCESS_TOKEN_TTL'>

export interface Claims {
  sub: string
  org: string
  role: Role
  email: string
  /** Full name; an older release did not say it. */
  name?: string
  sid: string
  /** What it is good for, apart by spaces, where it may do less than its person. */
  scope?: string
  /** Seconds since 1970. */
  exp: number
}

const checkClaims = compileSchema(
  Type.Object({
    sub: Type.String(),
    org: Type.String(),
    role: Type.Unsafe<Role>({ enum: [...ROLES] }),
    email: Type.String(),
    name: Type.Optional(Type.String()),
    sid: Type.String(),
    scope: Type.Optional(Type.String()),
    exp: Type.Number(),
  }),
)
const checkHeader = compileSchema(
  shape({ alg: Type.Literal('HS256'), typ: Type.Optional(Type.String()), kid: Type.String() }),
)

/** Of the process, a key for each secret: of a string the library would make one for each token, which takes longer than to verify it. */
const keyObjects = new Map<string, KeyObject>()

function keyOf(secret: string): KeyObject {
  const key = keyObjects.get(secret) ?? createSecretKey(Buffer.from(secret))
  keyObjects.set(secret, key)
  return key
}

/** Names a secret without telling it, so that a token says which of the listed secrets signed it. */
function kidOf(secret: string): string {
  return sha256Hex(secret).slice(0, 8)
}

/** The first is the one that signs; the others are still believed. */
export function currentSecret({ JWT_SECRET: [secret] }: Pick<Config, 'JWT_SECRET'>): string {
  if (!secret) throw new Error('JWT_SECRET holds no secret.')
  return secret
}

export function signAccessToken(
  keys: Keys,
  claims: Omit<Claims, 'exp'>,
  now: Date,
): { token: string; expiresAt: Date } {
  const secret = currentSecret(keys)
  const issued = Math.floor(now.getTime() / 1000)
  const exp = issued + Math.floor(keys.ACCESS_TOKEN_TTL / 1000)
  const token = jwt.sign({ ...claims, iat: issued, exp }, keyOf(secret), {
    algorithm: 'HS256',
    keyid: kidOf(secret),
  })
  return { token, expiresAt: new Date(exp * 1000) }
}

/** Whatever the settings say: of all that are made here, none lives longer. */
export const longestTokenLife = ({ ACCESS_TOKEN_TTL }: Pick<Config, 'ACCESS_TOKEN_TTL'>): number =>
  Math.max(ACCESS_TOKEN_TTL, HOUR)

/** @throws AppError 401, the same whatever is wrong, but for an expired token, which a client may renew */
export function verifyAccessToken(keys: Keys, token: string, now: Date): Claims {
  const claims = readAccessToken(keys, token, now)
  if (!claims) throw unauthorized(NOT_VALID)
  return claims
}

const NOT_VALID = 'The access token is not valid'

/** @returns undefined for one of another system, which names its issuer and none of our keys. @throws AppError 401 */
export function readAccessToken(keys: Keys, token: string, now: Date): Claims | undefined {
  try {
    const decoded = jwt.decode(token, { complete: true })
    const secret = keys.JWT_SECRET.find((each) => kidOf(each) === decoded?.header.kid)
    if (!secret && typeof decoded?.payload === 'object' && decoded.payload.iss) return undefined
    checkHeader(decoded?.header, 'header')
    if (!secret) throw new Error('unknown kid')
    const claims = jwt.verify(token, keyOf(secret), {
      algorithms: ['HS256'],
      clockTimestamp: Math.floor(now.getTime() / 1000),
    })
    return checkClaims(withSubject(claims), 'claims')
  } catch (error) {
    throw unauthorized(error instanceof jwt.TokenExpiredError ? 'The access token has expired' : NOT_VALID)
  }
}

/**
 * Some issuers name the person in `id`; docs/decisions/0005 says which of their tokens are accepted. Of the
 * person only the session is believed.
 */
function withSubject(claims: unknown): unknown {
  if (typeof claims !== 'object' || claims === null || 'sub' in claims || !('id' in claims)) return claims
  return { ...claims, sub: claims.id, name: undefined }
}

export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

/** The refresh token that follows another: the same whenever it is asked for, so that it need not be kept to be said again. */
export function successorOf(secret: string, refreshToken: string): string {
  return createHmac('sha256', secret).update(`refresh ${refreshToken}`).digest('base64url')
}

/** Random tokens have 256 bits of their own: a fast hash is enough. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
