// What the values of settings look like. Each throws an Error whose message completes the sentence "NAME …".

const MINUTE = 60_000
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: MINUTE,
  h: 60 * MINUTE,
  d: 24 * 60 * MINUTE,
}

/** "30s", "4h", "7d" → milliseconds. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text.trim()) ?? []
  const factor = UNITS[unit ?? '']
  if (!amount || !factor) throw new Error('must be a duration such as 30s, 4h or 7d')
  return Number(amount) * factor
}

export function parseInteger(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new Error(`must be a whole number from ${least} to ${most}`)
  }
}

export function parseList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}

export function parseUrl(...protocols: string[]) {
  return (text: string): string => {
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text
    throw new Error(`must be an address starting with ${protocols.map((p) => `${p}//`).join(' or ')}`)
  }
}

export function parseChoice<const T extends string>(...choices: T[]) {
  return (text: string): T => {
    const found = choices.find((choice) => choice === text)
    if (found !== undefined) return found
    throw new Error(`must be one of ${choices.join(', ')}`)
  }
}

export function parseAmounts(value: string): Readonly<Record<string, number>> {
  const amounts = parseList(value).map((part) => /^([a-z.-]+)=(\d{1,15})$/.exec(part))
  if (amounts.some((amount) => amount === null))
    throw new Error('must be amounts such as tickets.person=50,guests.network=200')
  return Object.fromEntries(amounts.map((amount) => [amount?.[1], Number(amount?.[2])]))
}

/** @returns the addresses, each with its protocol */
export function parseNodes(value: string): string[] {
  const nodes = parseList(value).map((node) => (node.includes('://') ? node : `redis://${node}`))
  if (nodes.length > 0 && nodes.every(isNode)) return nodes
  throw new Error('must be addresses such as 10.0.0.1:6379,10.0.0.2:6379')
}

function isNode(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, port, pathname } = new URL(address)
  return ['redis:', 'rediss:'].includes(protocol) && hostname !== '' && port !== '' && pathname.length <= 1
}

export function parseContact(value: string): string {
  if (/^mailto:[^\s@]+@[^\s@]+$|^https:\/\/\S+$/.test(value)) return value
  throw new Error('must be mailto: and an e-mail address, or an https: address')
}

export function parseSender(value: string): string {
  if (/^[^<>]*<[^\s<>@]+@[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+$/.test(value)) return value
  throw new Error('must be an e-mail address, or a name and <address>')
}

export function parsePrefix(value: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(value)) return value
  throw new Error('must consist of letters, digits, - and _')
}

/** A random one of 32 hexadecimal digits has fewer once in ten million. */
const LEAST_VARIETY = 8

export function parseSecrets(value: string): string[] {
  const secrets = parseList(value)
  // A shorter HMAC key than its 256-bit digest is the weakest part of the signature (RFC 7518, 3.2).
  if (secrets.length === 0 || secrets.some((secret) => secret.length < 32))
    throw new Error('must hold secrets of at least 32 characters')
  if (secrets.some((secret) => new Set(secret).size < LEAST_VARIETY))
    throw new Error(
      `must hold secrets that nobody guesses, of at least ${LEAST_VARIETY} different characters each; ` +
        'npx bellhop generate-secret makes one',
    )
  return secrets
}

export interface Setting<T> {
  doc: string
  /** As it would be written in the environment; undefined: no value unless given. */
  fallback: string | undefined
  /** Throws an Error whose message completes the sentence "NAME …". */
  parse: (text: string) => T
}

export const setting = <T>(
  doc: string,
  fallback: string,
  parse: (text: string) => T,
): Setting<T> & { fallback: string } => ({
  doc,
  fallback,
  parse,
})
export const optional = <T>(doc: string, parse: (text: string) => T): Setting<T | undefined> => ({
  doc,
  fallback: undefined,
  parse,
})
export const required = <T>(doc: string, parse: (text: string) => T): Setting<T> => ({
  doc,
  fallback: undefined,
  parse,
})

export const text = (value: string): string => value
export const port = parseInteger(0, 65_535)
export const flag = (value: string): boolean => parseChoice('on', 'off')(value) === 'on'
