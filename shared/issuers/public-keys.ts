// Public keys, and which algorithms each is good for: what a token says of its algorithm is believed by nobody.

import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'

export interface VerificationKey {
  key: KeyObject | Uint8Array
  algorithms: readonly string[]
}

const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
const OF_CURVE: Readonly<Record<string, readonly string[]>> = {
  'P-256': ['ES256'],
  'P-384': ['ES384'],
  'P-521': ['ES512'],
  Ed25519: ['EdDSA', 'Ed25519'],
}
/** Shorter ones are broken. */
const LEAST_RSA_BITS = 2048

/** As a key set has it. @returns undefined for what verifies nothing: secrets, keys to encrypt with, weak ones */
export function readJwk(jwk: JsonWebKey): VerificationKey | undefined {
  const { kty, crv = '', alg, use = 'sig' } = jwk
  const family = kty === 'RSA' ? RSA : kty === 'EC' || kty === 'OKP' ? (OF_CURVE[String(crv)] ?? []) : []
  const algorithms = alg === undefined ? family : family.filter((each) => each === alg)
  if (algorithms.length === 0 || use !== 'sig') return undefined
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return isStrong(key) ? { key, algorithms } : undefined
  } catch {
    return undefined
  }
}

/** @param pem of a public key or a certificate. @returns undefined for what is none, or verifies nothing */
export function readPem(pem: string): VerificationKey | undefined {
  try {
    return readJwk(createPublicKey(pem).export({ format: 'jwk' }))
  } catch {
    return undefined
  }
}

/** As it is kept: of a private key, which somebody may paste, only its public half. */
export function publicPemOf(pem: string): string | undefined {
  const known = readPem(pem)
  return known && createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString()
}

/** Keys and secrets have no algorithm in common: else a public key could be taken for a secret that everybody knows. */
export function readSecret(secret: string): VerificationKey {
  return { key: Buffer.from(secret), algorithms: ['HS256', 'HS384', 'HS512'] }
}

function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS
}
