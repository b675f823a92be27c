// Links in mails by which people choose their password. Nothing of one is stored: it says whose it is, what for and until when, and
// our signature is over these and over the address and the password that hold now. So it is over when one of them changes: it works
// once, and a link to an address that somebody gave up opens nothing.

import type { Config } from '../kit/process/config.ts'
import { isSigned, publicUrl, signText } from '../kit/outside/signature.ts'
import { DAY, HOUR, plusMs } from '../kit/time/time.ts'

export const LINK_KINDS = ['invitation', 'reset'] as const
export type LinkKind = (typeof LINK_KINDS)[number]

/** Whoever was invited may be on leave; whoever asks for a new password waits at the screen. */
const LIFE: Readonly<Record<LinkKind, number>> = { invitation: 7 * DAY, reset: HOUR }
export const ACCOUNT_PATH = '/account'

export interface AccountLink {
  userId: string
  kind: LinkKind
  expiresAt: Date
}

/** What a link is over when it changes. */
export interface Credentials {
  email: string
  passwordHash: string | null
}

export function newAccountLink(userId: string, kind: LinkKind, now: Date): AccountLink {
  return { userId, kind, expiresAt: plusMs(now, LIFE[kind]) }
}

/** The whole address. */
export function accountLinkUrl(
  config: Pick<Config, 'JWT_SECRET' | 'PUBLIC_URL' | 'PORT'>,
  link: AccountLink,
  credentials: Credentials,
): string {
  const words = wordsOf(link)
  return `${publicUrl(config)}${ACCOUNT_PATH}?link=${words}.${signText(config, signedText(words, credentials))}`
}

/** What it says, before anybody knows whether it is ours. */
export function parseAccountLink(text: string): AccountLink | undefined {
  const [userId = '', kind, seconds = ''] = text.split('.')
  const known = LINK_KINDS.find((each) => each === kind)
  if (!known || !/^\d{1,12}$/.test(seconds) || !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(userId))
    return undefined
  return { userId, kind: known, expiresAt: new Date(Number(seconds) * 1000) }
}

export function isAccountLink(
  config: Pick<Config, 'JWT_SECRET'>,
  text: string,
  link: AccountLink,
  credentials: Credentials,
  now: Date,
): boolean {
  const words = wordsOf(link)
  const signature = text.slice(words.length + 1)
  return now < link.expiresAt && isSigned(config, signedText(words, credentials), signature)
}

const wordsOf = ({ userId, kind, expiresAt }: AccountLink): string =>
  `${userId}.${kind}.${Math.floor(expiresAt.getTime() / 1000)}`

const signedText = (words: string, { email, passwordHash }: Credentials): string =>
  `account ${words} ${email} ${passwordHash ?? ''}`
