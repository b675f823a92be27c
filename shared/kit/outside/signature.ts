// Addresses that only whoever was sent them knows: an id, and our signature of it. Nothing that opens the page stands in
// the database: without the secret nobody makes one, and any of the secrets that are listed in JWT_SECRET verifies it.

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Config } from '../process/config.ts'

type Secrets = Pick<Config, 'JWT_SECRET'>

/** @param purpose what it is good for; signatures for one thing are none for another */
export function signedId({ JWT_SECRET }: Secrets, purpose: string, id: string): string {
  const [secret = ''] = JWT_SECRET
  return `${id}.${signatureOf(secret, purpose, id)}`
}

/** @returns the id, or undefined when the signature is none of ours */
export function readSignedId({ JWT_SECRET }: Secrets, purpose: string, text: string): string | undefined {
  const [, id, signature] = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.([\w-]{43})$/.exec(text) ?? []
  if (!id || !signature) return undefined
  const isOurs = JWT_SECRET.some((secret) =>
    timingSafeEqual(Buffer.from(signatureOf(secret, purpose, id)), Buffer.from(signature)),
  )
  return isOurs ? id : undefined
}

export function signatureOf(secret: string, purpose: string, id: string): string {
  return createHmac('sha256', secret).update(`link ${purpose} ${id}`).digest('base64url')
}

export function publicUrl({ PUBLIC_URL, PORT }: Pick<Config, 'PUBLIC_URL' | 'PORT'>): string {
  return (PUBLIC_URL ?? `http://localhost:${PORT}`).replace(/\/+$/, '')
}
