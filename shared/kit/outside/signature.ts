// What we sign so that others can show it to us: links in mails, links to exports, addresses that the API saw. Nothing of it
// is stored: without the secret nobody makes one, and any of the secrets that are listed in JWT_SECRET verifies it.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Config } from '../process/config.ts'

type Secrets = Pick<Config, 'JWT_SECRET'>

/** @param text begins with what it is good for: a signature for one thing is none for another */
export function signText({ JWT_SECRET: [secret = ''] }: Secrets, text: string): string {
  return signatureBy(secret, text)
}

/** By any secret that is listed, so that it outlives a rotation; in a time that says nothing about where it differs. */
export function isSigned({ JWT_SECRET }: Secrets, text: string, signature: string): boolean {
  const given = Buffer.from(signature)
  return JWT_SECRET.some((secret) => {
    const expected = Buffer.from(signatureBy(secret, text))
    return expected.length === given.length && timingSafeEqual(expected, given)
  })
}

function signatureBy(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url')
}

const linkText = (purpose: string, id: string): string => `link ${purpose} ${id}`

/** An address that only whoever was sent it knows: an id, and our signature of it. @param purpose what it is good for */
export function signedId(secrets: Secrets, purpose: string, id: string): string {
  return `${id}.${signText(secrets, linkText(purpose, id))}`
}

/** @returns the id, or undefined when the signature is none of ours */
export function readSignedId(secrets: Secrets, purpose: string, text: string): string | undefined {
  const [, id, signature] = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.([\w-]{43})$/.exec(text) ?? []
  return id && signature && isSigned(secrets, linkText(purpose, id), signature) ? id : undefined
}

/** A short one, for people who read it in one place and type it in another: 64 bits, as 1A2B-3C4D-5E6F-7A8B. */
export function signedCode(secrets: Secrets, purpose: string, id: string): string {
  const digits = createHash('sha256')
    .update(signText(secrets, `code ${purpose} ${id}`))
    .digest('hex')
  return digits
    .slice(0, 16)
    .toUpperCase()
    .replaceAll(/.{4}(?=.)/g, '$&-')
}

/** @param given as somebody typed it */
export function isSignedCode(secrets: Secrets, purpose: string, id: string, given: string): boolean {
  const [typed, expected] = [given, signedCode(secrets, purpose, id)].map((code) =>
    createHash('sha256')
      .update(code.replaceAll(/[^\da-z]/gi, '').toUpperCase())
      .digest(),
  )
  return typed !== undefined && expected !== undefined && timingSafeEqual(typed, expected)
}

export function publicUrl({ PUBLIC_URL, PORT }: Pick<Config, 'PUBLIC_URL' | 'PORT'>): string {
  return (PUBLIC_URL ?? `http://localhost:${PORT}`).replace(/\/+$/, '')
}
