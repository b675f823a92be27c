// Web push: encrypted for the one browser that subscribed (RFC 8291), with our name under it (VAPID, RFC 8292). The only
// importer of web-push, which writes the request; it is sent as all others are, past the guard of kit/outside/http-client.ts.

import { createECDH } from 'node:crypto'
import webpush from 'web-push'
import type { Config } from '../../kit/process/config.ts'

export interface PushTarget {
  endpoint: string
  keys: { p256dh: string; auth: string }
}

/** How long a push service keeps it for a device that is away. */
const TTL_SECONDS = 24 * 3600

type Keys = Pick<Config, 'VAPID_SUBJECT' | 'VAPID_PUBLIC_KEY' | 'VAPID_PRIVATE_KEY'>

/** A pair for the settings. */
export function makeVapidKeys(): { publicKey: string; privateKey: string } {
  return webpush.generateVAPIDKeys()
}

/** Whether the two belong together. */
export function isVapidPair({ VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY }: Keys): boolean {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(Buffer.from(VAPID_PRIVATE_KEY ?? '', 'base64url'))
  return pair.getPublicKey('base64url') === VAPID_PUBLIC_KEY
}

export function canPush({ VAPID_PRIVATE_KEY }: Keys): boolean {
  return VAPID_PRIVATE_KEY !== undefined
}

/** @throws Error when the browser gave keys that are none */
export function pushRequest(
  config: Keys,
  target: PushTarget,
  message: string,
  isUrgent: boolean,
): { headers: Record<string, string>; body: Buffer } {
  const {
    VAPID_SUBJECT: subject = '',
    VAPID_PUBLIC_KEY: publicKey = '',
    VAPID_PRIVATE_KEY: privateKey = '',
  } = config
  const { headers, body } = webpush.generateRequestDetails(target, message, {
    vapidDetails: { subject, publicKey, privateKey },
    TTL: TTL_SECONDS,
    contentEncoding: 'aes128gcm',
    urgency: isUrgent ? 'high' : 'normal',
  })
  const written = Object.entries(headers)
    .filter(([name]) => name.toLowerCase() !== 'content-length')
    .map(([name, value]) => [name, String(value)])
  return { headers: Object.fromEntries(written), body: body ?? Buffer.alloc(0) }
}
