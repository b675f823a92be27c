// What stands between a password that is right and the code that is asked for as well. Nothing of it is stored: it says whose it is and
// until when, and our signature is over these and the password that holds now.

import type { Config } from '../kit/process/config.ts'
import { isSigned, signText } from '../kit/outside/signature.ts'
import { MINUTE, plusMs } from '../kit/time/time.ts'
import type { Credentials } from './account-links.ts'

const LIFE = 5 * MINUTE

interface Challenge {
  userId: string
  expiresAt: Date
}

type Secrets = Pick<Config, 'JWT_SECRET'>

export function newChallenge(
  secrets: Secrets,
  userId: string,
  credentials: Credentials,
  now: Date,
): { challenge: string; expiresAt: Date } {
  const expiresAt = plusMs(now, LIFE)
  const words = `${userId}.${expiresAt.getTime()}`
  return { challenge: `${words}.${signText(secrets, signedText(words, credentials))}`, expiresAt }
}

/** What it says, before anybody knows whether it is ours. */
export function parseChallenge(text: string): Challenge | undefined {
  const [, userId, time] = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.(\d{1,14})\./.exec(text) ?? []
  return userId && time ? { userId, expiresAt: new Date(Number(time)) } : undefined
}

export function isChallenge(
  secrets: Secrets,
  text: string,
  { userId, expiresAt }: Challenge,
  credentials: Credentials,
  now: Date,
): boolean {
  const words = `${userId}.${expiresAt.getTime()}`
  return now < expiresAt && isSigned(secrets, signedText(words, credentials), text.slice(words.length + 1))
}

const signedText = (words: string, { email, passwordHash }: Credentials): string =>
  `challenge ${words} ${email} ${passwordHash ?? ''}`
