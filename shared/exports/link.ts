// A link that needs no access token: whoever has it may fetch this one file until it expires. Nothing of it is stored.

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Config } from '../kit/process/config.ts'

type Keys = Pick<Config, 'JWT_SECRET'>

export function signLink({ JWT_SECRET: [secret = ''] }: Keys, id: string, expiresAt: Date): string {
  return signature(secret, id, expiresAt)
}

/** By any secret that is listed, so that links outlive a rotation. */
export function isSigned({ JWT_SECRET }: Keys, id: string, expiresAt: Date, token: string): boolean {
  return JWT_SECRET.some((secret) => {
    const [expected, given] = [Buffer.from(signature(secret, id, expiresAt)), Buffer.from(token)]
    return expected.length === given.length && timingSafeEqual(expected, given)
  })
}

function signature(secret: string, id: string, expiresAt: Date): string {
  return createHmac('sha256', secret).update(`export ${id} ${expiresAt.getTime()}`).digest('base64url')
}
