// Secrets and keys for the settings: made here, kept by whoever asks.

import { makeSecret } from '../embedded/secret.ts'
import type { Command } from './command.ts'

export const generateSecret: Command = {
  options: {},
  async run() {
    const secret = makeSecret()
    return { lines: [secret], data: { secret } }
  },
}

export const generateVapidKeys: Command = {
  options: {},
  async run() {
    const { makeVapidKeys } = await import('../../shared/notifications/delivery/push.ts')
    const { publicKey, privateKey } = makeVapidKeys()
    return {
      lines: [
        '# With VAPID_SUBJECT=mailto:… or https://…, where push services reach you:',
        `VAPID_PUBLIC_KEY=${publicKey}`,
        `VAPID_PRIVATE_KEY=${privateKey}`,
      ],
      data: { publicKey, privateKey },
    }
  },
}
