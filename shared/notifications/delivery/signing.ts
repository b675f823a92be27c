// What an organisation's systems are sent, signed after Standard Webhooks (standardwebhooks.com): whoever receives it can
// tell that it is ours, unchanged, and of now. While a secret is rotated both sign.

import { createHmac, randomBytes } from 'node:crypto'

export interface Secrets {
  secret: string
  oldSecret: string | null
  oldSecretUntil: Date | null
}

const PREFIX = 'whsec_'

export function newSecret(): string {
  return PREFIX + randomBytes(24).toString('base64')
}

/** @param id the same at each attempt and replay, so that a receiver can drop what it has */
export function signedHeaders(
  { secret, oldSecret, oldSecretUntil }: Secrets,
  id: string,
  body: string,
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const secrets = oldSecret && oldSecretUntil && now < oldSecretUntil ? [secret, oldSecret] : [secret]
  return {
    'content-type': 'application/json',
    'user-agent': 'Bellhop',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((each) => `v1,${sign(each, `${id}.${timestamp}.${body}`)}`).join(' '),
  }
}

function sign(secret: string, content: string): string {
  return createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(content)
    .digest('base64')
}
