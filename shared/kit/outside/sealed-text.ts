// Texts that lie in the database and that only we can read: AES-256-GCM with a key that is made of a secret of JWT_SECRET. The first
// that is listed seals, and all that are listed open; whose it is and what for is bound to it, so that it opens nowhere else.

import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { Config } from '../process/config.ts'

type Secrets = Pick<Config, 'JWT_SECRET'>

const [NONCE_BYTES, TAG_BYTES] = [12, 16]

/** Stands in front of what a secret sealed, without telling it. */
function markOf(secret: string): string {
  return createHash('sha256').update(`sealed ${secret}`).digest('hex').slice(0, 8)
}

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'sealed text', 32))

/** What begins with it was sealed by the secret that seals now. */
export const currentMark = ({ JWT_SECRET: [secret = ''] }: Secrets): string => markOf(secret)

/** @param about whose it is and what for */
export function sealText({ JWT_SECRET: [secret = ''] }: Secrets, about: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce).setAAD(Buffer.from(about))
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${markOf(secret)}.${sealed.toString('base64url')}`
}

/** @returns undefined for what was sealed by a secret that is not listed any more, about something else, or changed */
export function openSealed({ JWT_SECRET }: Secrets, about: string, sealed: string): string | undefined {
  const [mark, text = ''] = sealed.split('.')
  const secret = JWT_SECRET.find((each) => markOf(each) === mark)
  const bytes = Buffer.from(text, 'base64url')
  if (secret === undefined || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined
  const end = bytes.length - TAG_BYTES
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(about))
      .setAuthTag(bytes.subarray(end))
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, end)), decipher.final()]).toString()
  } catch {
    return undefined
  }
}
